/**
 * The scanner: one pass over a file's bytes, no preprocessing, no syntax tree. Finds definitions, calls, calls through pointers,
 * initialised tables, stored functions, members. Never fails: what it does not understand it skips.
 */
import { walkBody, bodySignature } from './body';
import { type Context, isPlain, type Probed, Locals, LocalType, partner, place, text } from './context';
import { declarator, parameters, recordAggregate, type Specifiers, specifiers, syscallParameters, typeSignature } from './decl';
import { FactSink, FlowKind, Flag, Kind, packInfo, packPos, Rows } from './facts';
import { FARM_MACROS } from './farms';
import { initialiser } from './init';
import { MACRO_RESULT } from './signature';
import { type LexEvents, Lexer, T } from './tokens';
import { reserveStrings, StringTable } from './strings';
import { WARM_UP } from './warmup';
import { hashName, W } from './words';

/** Macros that define a variable: place of the name among the arguments, place of the type (-1: `fixed`). */
const VARIABLE_MACROS: Record<string, { name: number; type: number; fixed?: string; member?: string; value?: number; also?: readonly [string, number] }> = Object.create(null);
for (const m of ['DEFINE_PER_CPU', 'DEFINE_PER_CPU_SHARED_ALIGNED', 'DEFINE_PER_CPU_ALIGNED', 'DEFINE_PER_CPU_PAGE_ALIGNED', 'DEFINE_PER_CPU_READ_MOSTLY', 'DEFINE_PER_CPU_FIRST', 'DEFINE_EARLY_PER_CPU', 'DECLARE_PER_CPU', 'DECLARE_PER_CPU_SHARED_ALIGNED', 'DECLARE_PER_CPU_ALIGNED', 'DECLARE_PER_CPU_READ_MOSTLY']) VARIABLE_MACROS[m] = { name: 1, type: 0 };
for (const [m, fixed] of [['DEFINE_SPINLOCK', 'spinlock'], ['DEFINE_RAW_SPINLOCK', 'raw_spinlock'], ['DEFINE_RWLOCK', '@rwlock_t'], ['DEFINE_MUTEX', 'mutex'], ['DEFINE_SEMAPHORE', 'semaphore'], ['DECLARE_RWSEM', 'rw_semaphore'], ['LIST_HEAD', 'list_head'], ['HLIST_HEAD', 'hlist_head'],
  ['DECLARE_WAIT_QUEUE_HEAD', '__wait_queue_head'], ['DECLARE_COMPLETION', 'completion'], ['DEFINE_IDA', 'ida'], ['DEFINE_IDR', 'idr'], ['DECLARE_BITMAP', ''], ['ATOMIC_NOTIFIER_HEAD', 'atomic_notifier_head'], ['BLOCKING_NOTIFIER_HEAD', 'blocking_notifier_head'],
  ['RAW_NOTIFIER_HEAD', 'raw_notifier_head'], ['DEFINE_SEQLOCK', '@seqlock_t'], ['DEFINE_STATIC_KEY_FALSE', 'static_key_false'], ['DEFINE_STATIC_KEY_TRUE', 'static_key_true'], ['LLIST_HEAD', 'llist_head'], ['DEFINE_STATIC_SRCU', 'srcu_struct'], ['DEFINE_SRCU', 'srcu_struct']]) VARIABLE_MACROS[m] = { name: 0, type: -1, fixed };
for (const m of ['DECLARE_WORK', 'DECLARE_DELAYED_WORK', 'DECLARE_DEFERRABLE_WORK', 'DECLARE_DEFERRED_WORK']) VARIABLE_MACROS[m] = { name: 0, type: -1, fixed: 'work_struct', member: 'func', value: 1 };
for (const m of ['DEFINE_TIMER', 'DEFINE_TIMER_DEFERRABLE']) VARIABLE_MACROS[m] = { name: 0, type: -1, fixed: 'timer_list', member: 'function', value: 1 };
for (const m of ['DECLARE_TASKLET', 'DECLARE_TASKLET_DISABLED', 'DECLARE_TASKLET_OLD']) VARIABLE_MACROS[m] = { name: 0, type: -1, fixed: 'tasklet_struct', member: 'func', value: 1 };
for (const [m, type] of [['DEVICE_ATTR', 'device_attribute'], ['DRIVER_ATTR', 'driver_attribute'], ['BUS_ATTR', 'bus_attribute'], ['CLASS_ATTR', 'class_attribute']]) VARIABLE_MACROS[m] = { name: 0, type: -1, fixed: type, member: 'show', value: 2, also: ['store', 3] };

const EVENT_MACROS: ReadonlyMap<string, number> = new Map(Object.entries({ TRACE_EVENT: 0, DEFINE_EVENT: 1, DEFINE_EVENT_PRINT: 1, TRACE_EVENT_FN: 0, DECLARE_TRACE: 0, DEFINE_EVENT_CONDITION: 1, TRACE_EVENT_CONDITION: 0, DEFINE_EVENT_FN: 1 }));

const MOST_PLAIN_TOKENS = 24;
/** Longest list of declarations between an old-style head and its body. */
const MOST_OLD_TOKENS = 200;

let warm = false;

/** Scans the sample once per thread. */
function warmUp(): void {
  if (warm) return;
  warm = true;
  const bytes = Buffer.from(`${WARM_UP}\0`, 'latin1');
  const sink = new FactSink(new StringTable(reserveStrings({ names: 4096, bytes: 1 << 16, heads: 256 })), 1 << 16);
  const scanner = new Scanner(sink);
  for (let k = 0; k < 3; k++) { scanner.scan(bytes, bytes.length - 1); sink.reset(); }
}

/** One scanner per thread. */
export class Scanner {
  private readonly lexer = new Lexer();
  private readonly cx: Context;
  private readonly bodyLocals = new Locals();
  /** Is only one place asked for? */
  private probing = false;
  /** Macros that stand for numbers: start, end, hash, line, last line. */
  private readonly plain = new Rows(5, 256);

  private readonly events: LexEvents = { macro: (start, end, hash, line, functionLike, endLine) => this.macro(start, end, hash, line, functionLike, endLine) };

  constructor(readonly facts: FactSink) {
    warmUp();
    this.cx = { facts, source: Buffer.alloc(0), run: this.lexer.main, locals: new Locals(), owner: -1, file: 0, macro: false, probe: -1, probed: null };
  }

  /**
   * Scans source[0, length); source[length] must exist and be 0. The facts become those of the sink's next file. Gives the number of plain macros
   * that were only counted (see farms.ts): none with `whole`, which is for files that an editor shows.
   */
  scan(source: Buffer, length: number, whole = false): number {
    this.begin(source);
    this.lexer.run(source, length, this.events);
    const farmed = !whole && this.plain.count >= FARM_MACROS ? this.plain.count : 0;
    if (farmed === 0) this.plainMacros();
    this.facts.idents(this.lexer.idents.subarray(0, this.lexer.identCount));
    this.topLevel();
    this.facts.closeFile();
    return farmed;
  }

  /** As scan, and tells what the identifier at byte `offset` hangs on; null when none is there. */
  probe(source: Buffer, length: number, offset: number): Probed | null {
    this.begin(source);
    this.probing = true;
    this.lexer.run(source, length, this.events);
    const { main } = this.lexer;
    let low = 0;
    let high = main.count;
    while (low < high) { const mid = (low + high) >> 1; if (main.end[mid] <= offset) low = mid + 1; else high = mid; }
    this.cx.probe = low < main.count && main.start[low] <= offset && main.kind[low] === T.IDENT ? low : -1;
    this.cx.probed = null;
    if (this.cx.probe >= 0) this.topLevel();
    this.facts.closeFile();
    this.cx.probe = -1;
    this.probing = false;
    return this.cx.probed;
  }

  private begin(source: Buffer): void {
    this.cx.source = source;
    this.cx.file = this.facts.files;
    this.cx.owner = ~this.facts.files;
    this.cx.macro = false;
    this.cx.run = this.lexer.main;
    this.plain.count = 0;
  }

  /** Defines the macros that stand for numbers. */
  private plainMacros(): void {
    const { facts, cx } = this;
    const { data, count, width } = this.plain;
    for (let at = 0; at < count * width; at += width) {
      const start = data[at], line = data[at + 3];
      facts.def(facts.strings.internBytes(cx.source, start, data[at + 1], data[at + 2]), packPos(cx.source, start, line), packInfo(Kind.MACRO, 0, 0, data[at + 4] - line), 0);
    }
  }

  /** Notes a macro that stands for a number or for nothing; false when it is none. */
  private plainMacro(start: number, end: number, hash: number, line: number, endLine: number): boolean {
    const { kind, count } = this.lexer.body;
    if (count > MOST_PLAIN_TOKENS) return false;
    for (let k = 0; k < count; k++) if (kind[k] === T.IDENT || kind[k] === 123) return false;
    const at = this.plain.add();
    const d = this.plain.data;
    d[at] = start; d[at + 1] = end; d[at + 2] = hash; d[at + 3] = line; d[at + 4] = endLine;
    return true;
  }

  /** A `#define` whose body has just been read. */
  private macro(start: number, end: number, hash: number, line: number, functionLike: boolean, endLine: number): void {
    if (this.probing) return;
    if (!functionLike && this.plainMacro(start, end, hash, line, endLine)) return;
    const { cx, facts } = this;
    const body = this.lexer.body;
    const saved = { locals: cx.locals, owner: cx.owner };
    cx.run = body;
    cx.macro = true;
    cx.locals = this.bodyLocals;
    cx.locals.clear();
    let from = 0;
    if (functionLike && body.count > 0 && body.kind[0] === 40) {
      const close = partner(cx, 0, body.count);
      macroParameters(cx, close);
      from = close + 1;
    }
    const id = facts.strings.internBytes(cx.source, start, end, hash);
    const signature = bodySignature(cx, from, body.count);
    cx.owner = facts.def(id, packPos(cx.source, start, line), packInfo(Kind.MACRO, functionLike ? Flag.FUNCTION_LIKE : 0, 0, endLine - line), signature === '' ? 0 : facts.signature(signature));
    if (body.kind[from] === 123 && body.count > from + 2) initialiser(cx, from, { type: MACRO_RESULT, array: null, owner: cx.owner, enclosing: cx.owner }, (a, b) => walkBody(cx, a, b));
    if (body.count > from + 2) walkBody(cx, from, body.count);
    cx.run = this.lexer.main;
    cx.macro = false;
    cx.locals = saved.locals;
    cx.owner = saved.owner;
  }

  private topLevel(): void {
    const { main } = this.lexer;
    for (let i = 0; i < main.count;) {
      const next = this.statement(i, main.count);
      i = next > i ? next : i + 1;
    }
  }

  /** One statement of file level; gives the token after it. */
  private statement(s: number, end: number): number {
    const { kind, word, match } = this.lexer.main;
    const first = kind[s];
    if (first === 59 || first === 125) return s + 1;
    if (first === T.IDENT && s + 1 < end && kind[s + 1] === 40 && word[s] === 0) {
      const close = this.invocationEnd(s, end);
      if (close > 0) { this.invocation(s); return close + 1; }
    }
    if (first === T.IDENT && word[s] === W.EXTERN && kind[s + 1] === T.STRING) return kind[s + 2] === 123 ? s + 3 : s + 2;
    let equals = -1;
    let paren = -1;
    for (let k = s; k < end; k++) {
      const c = kind[k];
      if (c === 59) {
        const brace = paren > s && equals < 0 ? this.oldStyleBody(paren, k, end) : -1;
        if (brace >= 0) {
          const close = partner(this.cx, brace, end);
          if (this.concerns(s, close)) this.functionAt(s, brace, close, match[paren]);
          return close + 1;
        }
        if (this.concerns(s, k)) this.declaration(s, k, equals);
        return k + 1;
      }
      if (c === 125) return k + 1;
      if (c === 61 && equals < 0) equals = k;
      if (c === 40 || c === 91) { if (paren < 0 && c === 40) paren = k; if (match[k] > 0) k = match[k]; continue; }
      if (c !== 123) continue;
      if (equals < 0 && !this.isAggregate(k)) {
        const close = partner(this.cx, k, end);
        if (this.concerns(s, close)) this.functionAt(s, k, close);
        return close + 1;
      }
      if (match[k] < 0) return k + 1;
      k = match[k];
    }
    this.declaration(s, end, equals);
    return end;
  }

  /** Closing parenthesis of a macro that stands alone at `s`, without a semicolon; 0 when it does not. */
  private invocationEnd(s: number, end: number): number {
    const { kind, word, line, match } = this.lexer.main, close = match[s + 1];
    return close > 0 && close + 1 < end && kind[close + 1] === T.IDENT && (line[close + 1] > line[s] || word[close + 1] !== 0) ? close : 0;
  }

  /** Is the statement in tokens [s, end] to be read? When one place is asked for, only that around it. */
  private concerns(s: number, end: number): boolean {
    return !this.probing || (this.cx.probe >= s && this.cx.probe <= end);
  }

  /** `f(a, b) int a; char *b; {`: the brace, when the names in the parentheses at `open` are declared after it; `semicolon` ends the first of them. Else -1. */
  private oldStyleBody(open: number, semicolon: number, end: number): number {
    const { kind, word, match } = this.lexer.main;
    const close = match[open];
    if (close < open + 2 || close + 2 >= semicolon || kind[open - 1] !== T.IDENT || kind[close + 1] !== T.IDENT) return -1;
    for (let k = open + 1; k < close; k++) if ((k - open) % 2 === 1 ? kind[k] !== T.IDENT || word[k] !== 0 : kind[k] !== 44) return -1;
    for (let k = close + 1; k < end && k < close + MOST_OLD_TOKENS; k++) {
      const c = kind[k];
      if (c === 123) return kind[k - 1] === 59 ? k : -1;
      if (c === 40 || c === 91) { if (match[k] < 0) return -1; k = match[k]; }
      else if (c !== T.IDENT && c !== 42 && c !== 44 && c !== 59) return -1;
    }
    return -1;
  }

  private isAggregate(brace: number): boolean {
    const { kind, word } = this.lexer.main;
    for (let k = brace - 1; k >= 0 && k > brace - 5 && kind[k] === T.IDENT; k--) if (word[k] >= W.STRUCT && word[k] <= W.ENUM) return true;
    return false;
  }

  /** A statement that ends in a body; `headEnd` is the token after which no name is looked for. */
  private functionAt(s: number, brace: number, close: number, headEnd = brace): void {
    const { cx, facts } = this;
    const run = this.lexer.main;
    const head = this.functionName(s, headEnd);
    if (head === null) return;
    const { name, open } = head;
    const w = run.word[name];
    let token = name;
    let prefix = '';
    if (w === W.SYSCALL || w === W.COMPAT_SYSCALL) { token = open + 1; prefix = w === W.SYSCALL ? 'sys_' : 'compat_sys_'; if (run.kind[token] !== T.IDENT) return; }
    const specs = specifiers(cx, s, name);
    cx.locals.clear();
    const paramsClose = partner(cx, open, brace);
    if (prefix !== '') syscallParameters(cx, open, paramsClose);
    else parameters(cx, open, paramsClose);
    const startLine = this.lexer.noteLines.get(s) ?? run.line[s];
    const nameLine = run.line[name];
    const endLine = close < run.count ? run.line[close] : run.line[run.count - 1];
    const flags = (specs.flags & (Flag.STATIC | Flag.INLINE)) | (prefix !== '' ? Flag.SYSCALL : 0);
    const id = prefix !== '' ? facts.strings.intern(prefix + text(cx, token)) : facts.nameOf(run, token);
    const saved = cx.owner;
    cx.owner = facts.def(id, place(cx, prefix !== '' ? token : name), packInfo(Kind.FUNCTION, flags, nameLine - startLine, endLine - nameLine), facts.signature(typeSignature(cx, specs, '')));
    if (cx.probe >= s && cx.probe < brace) walkBody(cx, cx.probe, cx.probe + 1);
    walkBody(cx, brace + 1, Math.min(close, run.count));
    cx.owner = saved;
    cx.locals.clear();
  }

  /** The name before the parameters, in [s, brace). */
  private functionName(s: number, brace: number): { name: number; open: number } | null {
    const { kind, word, match } = this.lexer.main;
    let found: { name: number; open: number } | null = null;
    for (let k = s; k < brace; k++) {
      if (kind[k] !== 40) { if (kind[k] === 91 && match[k] > k) k = match[k]; continue; }
      if (k > s && kind[k - 1] === T.IDENT && (word[k - 1] === 0 || word[k - 1] >= W.SYSCALL)) {
        const bare = kind[k + 1] === 42 && match[k] + 1 < brace && kind[match[k] + 1] === 40; // type (*name(...))(...)
        if (bare) return this.nestedName(k) ?? { name: k - 1, open: k };
        if (found === null || found.name === s) found = { name: k - 1, open: k };
      } else if (kind[k + 1] === 42 && found === null) {
        const nested = this.nestedName(k);
        if (nested !== null) return nested;
      }
      if (match[k] < 0) break;
      k = match[k];
    }
    return found;
  }

  private nestedName(open: number): { name: number; open: number } | null {
    const { kind, match } = this.lexer.main;
    const close = match[open];
    for (let k = open + 1; k < close; k++) if (kind[k] === 40 && kind[k - 1] === T.IDENT) return { name: k - 1, open: k };
    return null;
  }

  /** A statement that ends in a semicolon at `end`. */
  private declaration(s: number, end: number, equals: number): void {
    const { cx } = this;
    const run = this.lexer.main;
    if (cx.probe >= s && cx.probe < end) { cx.locals.clear(); walkBody(cx, cx.probe, cx.probe + 1); }
    const specs = specifiers(cx, s, end);
    if (specs.body >= 0) this.aggregate(specs, end);
    if (!specs.seen) {
      if (run.kind[specs.next] === T.IDENT && run.kind[specs.next + 1] === 40) this.invocation(specs.next, specs, equals, end);
      return;
    }
    if (specs.type === LocalType.TYPEDEF && run.kind[specs.next] === 40 && run.kind[specs.next + 1] !== 42 && specs.next === specs.typeToken + 1) {
      this.invocation(specs.typeToken, specs, equals, end);
      return;
    }
    const base = typeSignature(cx, specs, this.anonymousName(specs, end));
    for (let k = specs.next; k < end;) {
      const d = declarator(cx, k, end);
      if (d.name < 0) break;
      k = this.declared(specs, d, base, end) + 1;
    }
  }

  private anonymousName(specs: Specifiers, end: number): string {
    if (specs.body < 0 || specs.typeToken >= 0) return '';
    const first = declarator(this.cx, specs.next, end);
    return first.name < 0 ? '' : specs.isTypedef ? `@${text(this.cx, first.name)}` : `$${text(this.cx, first.name)}::`;
  }

  private aggregate(specs: Specifiers, end: number): void {
    recordAggregate(this.cx, specs, this.anonymousName(specs, end), end);
  }

  /** One declarator of file level: a prototype, a typedef or a variable with its value; gives the token of the comma or the end. */
  private declared(specs: Specifiers, d: ReturnType<typeof declarator>, type: string, end: number): number {
    const { cx, facts } = this;
    const run = this.lexer.main;
    const prototype = d.params >= 0 && !d.callable;
    const kind = specs.isTypedef ? Kind.TYPEDEF : prototype ? Kind.PROTOTYPE : specs.isExtern ? Kind.EXTERN : Kind.VARIABLE;
    const flags = (specs.flags & (Flag.STATIC | Flag.INLINE)) | (d.callable || (prototype && kind === Kind.TYPEDEF) ? Flag.FUNCTION_LIKE : 0) | (d.pointer ? Flag.POINTER_TYPE : 0) | (d.array ? Flag.ARRAY : 0);
    let next = d.next;
    const { kind: k } = run;
    while (next < end && k[next] !== 44) next = k[next] === 40 || k[next] === 91 || k[next] === 123 ? partner(cx, next, end) + 1 : next + 1;
    const line = run.line[d.name];
    const lastLine = run.line[Math.max(d.name, Math.min(next, end, run.count) - 1)];
    const row = facts.def(facts.nameOf(run, d.name), place(cx, d.name), packInfo(kind, flags, 0, lastLine - line), facts.signature(type));
    if (d.next < end && k[d.next] === 61 && !specs.isTypedef) this.value(d, type, row, next);
    return next;
  }

  /** The initial value of a variable of file level: tokens (d.next, next). */
  private value(d: ReturnType<typeof declarator>, type: string, row: number, next: number): void {
    const { cx, facts } = this;
    const run = this.lexer.main;
    const saved = cx.owner;
    cx.owner = row;
    cx.locals.clear();
    const from = d.next + 1;
    if (run.kind[from] === 123) {
      const target = { type: type === '' ? '?' : type, array: d.array ? `$${text(cx, d.name)}` : null, owner: row, enclosing: -1 };
      initialiser(cx, from, target, (a, b) => walkBody(cx, a, b));
    } else {
      const lone = run.kind[from] === 38 ? from + 1 : from;
      if (next - lone === 1 && isPlain(cx, lone)) facts.flow(0, place(cx, lone), row, facts.signature(`$${text(cx, d.name)}`), facts.nameOf(run, lone), 0, FlowKind.INITIALISER);
      else walkBody(cx, from, next);
    }
    cx.owner = saved;
  }

  /** NAME(arguments) at file level, with or without a semicolon. */
  private invocation(name: number, _specs?: Specifiers, equals = -1, end = 0): void {
    const { cx, facts } = this;
    const run = this.lexer.main;
    cx.locals.clear();
    const close = partner(cx, name + 1, run.count);
    const macro = text(cx, name);
    if (cx.probe >= name && cx.probe <= close) walkBody(cx, cx.probe, cx.probe + 1);
    const event = EVENT_MACROS.get(macro);
    if (event !== undefined) {
      const at = argumentToken(cx, name + 1, close, event);
      if (at >= 0) facts.def(facts.strings.intern(`trace_${text(cx, at)}`), place(cx, at), packInfo(Kind.TRACEPOINT, 0, 0, run.line[Math.min(close, run.count - 1)] - run.line[at]), 0);
      return;
    }
    const variable = VARIABLE_MACROS[macro];
    if (variable !== undefined) this.variableMacro(macro, variable, name + 1, close, equals, end);
    walkBody(cx, name, Math.min(close + 1, run.count));
  }

  private variableMacro(macro: string, v: { name: number; type: number; fixed?: string; member?: string; value?: number; also?: readonly [string, number] }, open: number, close: number, equals: number, end: number): void {
    const { cx, facts } = this;
    const run = this.lexer.main;
    const at = argumentToken(cx, open, close, v.name);
    if (at < 0) return;
    let type = v.fixed ?? '';
    if (v.type >= 0) type = typeSignature(cx, specifiers(cx, open + 1, at - 1), '');
    const kind = macro.startsWith('DECLARE_PER_CPU') ? Kind.EXTERN : Kind.VARIABLE;
    const row = facts.def(facts.nameOf(run, at), place(cx, at), packInfo(kind, 0, 0, 0), facts.signature(type));
    for (const [member, index] of [[v.member, v.value ?? 1], v.also ?? [undefined, 0]] as const) {
      const value = member === undefined ? -1 : argumentToken(cx, open, close, index);
      if (value >= 0) facts.flow(facts.strings.intern(member as string), place(cx, value), row, facts.signature(type), facts.nameOf(run, value), 0, FlowKind.INITIALISER);
    }
    if (equals > close && equals + 1 < end && run.kind[equals + 1] === 123) {
      initialiser(cx, equals + 1, { type: type === '' ? '?' : type, array: null, owner: row, enclosing: -1 }, (a, b) => walkBody(cx, a, b));
    }
  }
}

/** The lone identifier that is argument number `index`, skipping storage; -1 when it is none. */
function argumentToken(cx: Context, open: number, close: number, index: number): number {
  const { kind } = cx.run;
  let at = 0;
  let start = open + 1;
  for (let k = open + 1; k <= close; k++) {
    if (k < close && (kind[k] === 40 || kind[k] === 91 || kind[k] === 123)) { k = partner(cx, k, close); continue; }
    if (k < close && kind[k] !== 44) continue;
    if (at === index) {
      while (start < k && kind[start] === T.IDENT && kind[start + 1] === T.IDENT) start++;
      return start < k && kind[start] === T.IDENT ? start : -1;
    }
    at++;
    start = k + 1;
  }
  return -1;
}

function macroParameters(cx: Context, close: number): void {
  const { kind, hash } = cx.run;
  let index = 0;
  for (let k = 1; k < close; k++) {
    if (kind[k] === T.IDENT) cx.locals.add(hash[k], LocalType.UNTYPED, -1, index++, k);
    else if (kind[k] === T.ELLIPSIS) { cx.locals.add(hashName('__VA_ARGS__'), LocalType.UNTYPED, -1, index, k); index++; }
  }
}

