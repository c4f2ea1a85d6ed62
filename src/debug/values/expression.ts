/** Watch expressions and conditions: paths as C writes them (`skb->len`, `tp.snd_cwnd`, `frags[0]`), numbers, and C's operators on them. No side effects. */
import { CONSTANTS, className } from './format';
import { queueEntries, read } from './children';
import { fail, ok, type Result } from '../../base/result';

/** Finds a name: a local of the frame, or one of its callers'. Undefined when there is none. */
export type Lookup = (name: string) => unknown;

/** A value with the last field name and the class it was read from, for the way it is shown; and where it is kept, if in a field or an element. */
export interface Evaluated { readonly value: unknown; readonly name: string; readonly owner: string; readonly place?: { readonly object: object; readonly key: string } }

/** Casts between views of one object: here they are the same object. */
const CASTS = new Set(['tcp_sk', 'inet_sk', 'inet_csk', 'udp_sk', 'raw_sk', 'inet_rsk', 'tcp_rsk', 'skb_rtable', 'netdev_priv']);
const TOKEN = /\s*(?:(0[xX][0-9a-fA-F]+|\d+)[uUlL]*|([A-Za-z_]\w*)|(->|&&|\|\||==|!=|<=|>=|<<|>>|[-+*/%&|^!~<>().[\]]))/y;
const PRECEDENCE: readonly (readonly string[])[] = [['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '>', '<=', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%']];

interface Token { readonly kind: 'number' | 'name' | 'mark'; readonly text: string }

class ExpressionError extends Error {}

function tokens(text: string): Token[] {
  const out: Token[] = [];
  for (let at = 0; text.slice(at).trim() !== '';) {
    TOKEN.lastIndex = at;
    const m = TOKEN.exec(text);
    if (!m) throw new ExpressionError(`"${text.slice(at).trim()[0]}" is not understood; use names, ->, ., [n], numbers and C's operators without assignment`);
    out.push(m[1] !== undefined ? { kind: 'number', text: m[1] } : m[2] !== undefined ? { kind: 'name', text: m[2] } : { kind: 'mark', text: m[3] });
    at = TOKEN.lastIndex;
  }
  return out;
}

/** Objects that stand for a number (atomic_t) count as it. */
function asNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null || value === undefined) return 0;
  if (typeof value === 'object' && typeof (value as { counter?: unknown }).counter === 'number') return (value as { counter: number }).counter;
  throw new ExpressionError(`${typeof value === 'object' ? `a ${className(value) || 'struct'}` : `a ${typeof value}`} is no number`);
}

function isTrue(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !('counter' in value) ? true : typeof value === 'function' || typeof value === 'string' ? true : asNumber(value) !== 0;
}

function operate(op: string, a: unknown, b: unknown): unknown {
  if (op === '==' || op === '!=') {
    const objects = (typeof a === 'object' && a !== null && !('counter' in a)) || (typeof b === 'object' && b !== null && !('counter' in b)) || typeof a === 'function' || typeof b === 'function';
    const equal = objects ? (a === 0 ? null : a) === (b === 0 ? null : b) : asNumber(a) === asNumber(b);
    return Number(equal === (op === '=='));
  }
  const x = asNumber(a), y = asNumber(b);
  if ((op === '/' || op === '%') && y === 0) throw new ExpressionError('division by zero');
  switch (op) {
    case '<': return Number(x < y);
    case '>': return Number(x > y);
    case '<=': return Number(x <= y);
    case '>=': return Number(x >= y);
    case '|': return (x | y) >>> 0;
    case '&': return (x & y) >>> 0;
    case '^': return (x ^ y) >>> 0;
    case '<<': return (x << y) >>> 0;
    case '>>': return x >>> y;
    case '+': return x + y;
    case '-': return x - y;
    case '*': return x * y;
    case '/': return Math.trunc(x / y);
    default: return x % y;
  }
}

class Parser {
  private at = 0;
  constructor(private readonly list: readonly Token[], private readonly lookup: Lookup) {}

  run(): Evaluated {
    const value = this.binary(0);
    if (this.at < this.list.length) throw new ExpressionError(`"${this.list[this.at].text}" does not belong here`);
    return value;
  }

  private peek(text: string): boolean {
    const t = this.list[this.at];
    return t !== undefined && t.kind === 'mark' && t.text === text;
  }

  private take(text: string): boolean {
    if (!this.peek(text)) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new ExpressionError(`"${text}" is missing`);
  }

  private binary(level: number): Evaluated {
    if (level === PRECEDENCE.length) return this.unary();
    let left = this.binary(level + 1);
    for (let op = PRECEDENCE[level].find((x) => this.peek(x)); op !== undefined; op = PRECEDENCE[level].find((x) => this.peek(x))) {
      this.at++;
      const right = this.binary(level + 1);
      const value = op === '||' ? Number(isTrue(left.value) || isTrue(right.value)) : op === '&&' ? Number(isTrue(left.value) && isTrue(right.value)) : operate(op, left.value, right.value);
      left = { value, name: '', owner: '' };
    }
    return left;
  }

  private unary(): Evaluated {
    if (this.take('!')) return { value: Number(!isTrue(this.unary().value)), name: '', owner: '' };
    if (this.take('-')) return { value: -asNumber(this.unary().value), name: '', owner: '' };
    if (this.take('~')) return { value: ~asNumber(this.unary().value) >>> 0, name: '', owner: '' };
    if (this.take('*') || this.take('&')) return this.unary();
    return this.postfix(this.primary());
  }

  private primary(): Evaluated {
    const t = this.list[this.at++];
    if (t === undefined) throw new ExpressionError('something is missing at the end');
    if (t.kind === 'number') return { value: Number(t.text), name: '', owner: '' };
    if (t.kind === 'mark') {
      if (t.text !== '(') throw new ExpressionError(`"${t.text}" does not belong here`);
      const inner = this.binary(0);
      this.expect(')');
      return inner;
    }
    if (CASTS.has(t.text) && this.take('(')) {
      const inner = this.binary(0);
      this.expect(')');
      return inner;
    }
    const value = this.lookup(t.text);
    if (value === undefined && t.text in CONSTANTS) return { value: CONSTANTS[t.text], name: '', owner: '' };
    if (value === undefined) throw new ExpressionError(`no "${t.text}" here`);
    return { value, name: t.text, owner: '' };
  }

  private postfix(from: Evaluated): Evaluated {
    let result = from;
    for (;;) {
      if (this.take('->') || this.take('.')) result = this.member(result);
      else if (this.take('[')) result = this.element(result);
      else return result;
    }
  }

  private member({ value, name }: Evaluated): Evaluated {
    const t = this.list[this.at++];
    if (t?.kind !== 'name') throw new ExpressionError('a field name is missing');
    if (value === null || value === undefined) throw new ExpressionError(`${name || 'it'} is NULL`);
    if (typeof value !== 'object' || !(t.text in value)) throw new ExpressionError(`${className(value) ? `struct ${className(value)}` : name || 'it'} has no field ${t.text}`);
    return { value: read(value, t.text), name: t.text, owner: className(value), place: { object: value, key: t.text } };
  }

  private element({ value, name }: Evaluated): Evaluated {
    const index = asNumber(this.binary(0).value);
    this.expect(']');
    if (typeof value !== 'object' || value === null) throw new ExpressionError(`${name || 'it'} is no array`);
    const list = Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>) : 'qlen' in value ? queueEntries(value as Record<string, unknown>) : null;
    if (!list) throw new ExpressionError(`${name || 'it'} is no array`);
    if (!Number.isInteger(index) || index < 0 || index >= list.length) throw new ExpressionError(`${name || 'it'} has ${list.length} items, ${index} is not among them`);
    return { value: list[index], name, owner: '', ...(list === value ? { place: { object: value, key: String(index) } } : {}) };
  }
}

/** Evaluates an expression; what cannot be read is a problem in words. */
export function evaluateExpression(text: string, lookup: Lookup): Result<Evaluated> {
  try {
    return ok(new Parser(tokens(text), lookup).run());
  } catch (error) {
    if (error instanceof ExpressionError) return fail('bad-expression', error.message);
    throw error;
  }
}
