// Reads a mirror file: its kernel functions and, in each, the places that can carry a probe, in source order.
// The shape is that of src/source/parse/sites.ts, so that both sides can be aligned.
import ts from 'typescript';

const SKIP = new Set(['null', 'true', 'false', 'undefined', 'current', 'host', 'NULL']);
/** `new_`, `in_`, `private_`: C's names that are words of TypeScript's. */
const RESERVED = new Set('break case catch class const default delete do else enum export extends false finally for function if implements import in interface let new null package private protected public return static super switch this true try typeof var void while with yield arguments eval'.split(' '));
const plain = (name) => (name.endsWith('_') && RESERVED.has(name.slice(0, -1)) ? name.slice(0, -1) : name);
/** Functions that wire globals up rather than mirror anything. */
export const OURS = /_(globals|percpu)$/;

/** Identifiers of an expression in order, as the C side counts them. */
function words(node) {
  const out = [];
  const walk = (n) => {
    if (ts.isArrowFunction(n) || ts.isFunctionExpression(n) || ts.isTypeNode(n)) return;
    if (ts.isIdentifier(n) && !SKIP.has(n.text)) out.push(plain(n.text));
    ts.forEachChild(n, walk);
  };
  walk(node);
  return out;
}

const isJump = (e) => ts.isCallExpression(e) && ts.isIdentifier(e.expression) && e.expression.text === 'jump';

/**
 * `jump(flag) || condition` stands for a goto into what the condition guards, `!jump(flag) && condition` for one past all of it (include/linux/compiler):
 * the condition is what the C statement has.
 */
export function withoutJump(whole) {
  let e = whole;
  while (ts.isParenthesizedExpression(e)) e = e.expression;
  if (!ts.isBinaryExpression(e)) return whole;
  const { left, right, operatorToken: { kind } } = e;
  const isPassed = kind === ts.SyntaxKind.AmpersandAmpersandToken && ts.isPrefixUnaryExpression(left) && isJump(left.operand);
  return isPassed || (kind === ts.SyntaxKind.BarBarToken && isJump(left)) ? withoutJump(right) : whole;
}

function lastMember(node) {
  while (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node)) node = node.expression;
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'v' || node.name.text === 'counter' ? lastMember(node.expression) : plain(node.name.text);
  if (ts.isElementAccessExpression(node)) return lastMember(node.expression);
  if (ts.isIdentifier(node)) return plain(node.text);
  if (ts.isCallExpression(node)) return lastMember(node.expression);
  return '';
}

const ASSIGN = new Set([ts.SyntaxKind.EqualsToken, ts.SyntaxKind.PlusEqualsToken, ts.SyntaxKind.MinusEqualsToken, ts.SyntaxKind.BarEqualsToken, ts.SyntaxKind.AmpersandEqualsToken, ts.SyntaxKind.CaretEqualsToken,
  ts.SyntaxKind.LessThanLessThanEqualsToken, ts.SyntaxKind.GreaterThanGreaterThanEqualsToken, ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken, ts.SyntaxKind.AsteriskEqualsToken, ts.SyntaxKind.SlashEqualsToken]);
function assignment(e) {
  while (ts.isParenthesizedExpression(e)) e = e.expression;
  if (ts.isBinaryExpression(e) && ASSIGN.has(e.operatorToken.kind)) return e.left;
  if ((ts.isPrefixUnaryExpression(e) || ts.isPostfixUnaryExpression(e)) && (e.operator === ts.SyntaxKind.PlusPlusToken || e.operator === ts.SyntaxKind.MinusMinusToken)) return e.operand;
  return null;
}

class Reader {
  constructor(source) { this.source = source; this.sites = []; }

  add(kind, text, node, parent, branch, extra = {}) {
    this.sites.push({ kind, text, parent, branch, start: node.getStart(this.source), end: node.end, node, ...extra });
    return this.sites.length - 1;
  }

  calls(node, parent, branch) {
    const walk = (n) => {
      if (ts.isArrowFunction(n) || ts.isFunctionExpression(n)) { this.closure(n, parent, branch); return; }
      if (ts.isTypeNode(n)) return;
      if (ts.isCallExpression(n) && n.expression.kind !== ts.SyntaxKind.SuperKeyword && n.expression.kind !== ts.SyntaxKind.ImportKeyword) this.add('call', lastCallee(n.expression), n, parent, branch);
      ts.forEachChild(n, walk);
    };
    walk(node);
  }

  closure(fn, parent, branch) {
    if (ts.isBlock(fn.body)) { this.inner = (this.inner ?? 0) + 1; for (const s of fn.body.statements) this.statement(s, parent, branch); this.inner--; }
    else this.calls(fn.body, parent, branch);
  }

  list(statements, parent, branch) { for (const s of statements) this.statement(s, parent, branch); }

  statement(s, parent, branch) {
    if (ts.isBlock(s)) return this.list(s.statements, parent, branch);
    if (ts.isLabeledStatement(s)) return this.statement(s.statement, parent, branch);
    if (ts.isVariableStatement(s)) return this.declaration(s, parent, branch);
    if (ts.isExpressionStatement(s)) return this.expression(s, parent, branch);
    if (ts.isIfStatement(s)) {
      const condition = withoutJump(s.expression), i = this.add('if', words(condition).join(' '), s, parent, branch, condition === s.expression ? {} : { condition });
      this.calls(condition, i, 'cond');
      this.statement(s.thenStatement, i, 'then');
      if (s.elseStatement) this.statement(s.elseStatement, i, 'else');
      return;
    }
    if (ts.isIterationStatement(s, false)) return this.loop(s, parent, branch);
    if (ts.isSwitchStatement(s)) {
      const i = this.add('switch', words(s.expression).join(' '), s, parent, branch);
      this.calls(s.expression, i, 'cond');
      let labels = [];
      for (const c of s.caseBlock.clauses) {
        labels.push(ts.isCaseClause(c) ? words(c.expression).join(' ') || c.expression.getText(this.source) : 'default');
        if (c.statements.length) { const b = labels.includes('default') ? 'default' : 'case ' + labels.join(' '); this.list(c.statements, i, b); labels = []; }
      }
      return;
    }
    if (ts.isReturnStatement(s)) {
      this.add('return', s.expression ? words(s.expression).join(' ') : '', s, parent, branch, { inner: !!this.inner });
      if (s.expression) this.calls(s.expression, parent, branch);
      return;
    }
    if (ts.isBreakStatement(s) || ts.isContinueStatement(s)) { this.add('goto', s.label ? '' : ts.isBreakStatement(s) ? 'break' : 'continue', s, parent, branch); return; }
    if (ts.isFunctionDeclaration(s) && s.body) { this.inner = (this.inner ?? 0) + 1; this.list(s.body.statements, parent, branch); this.inner--; return; }
    if (ts.isThrowStatement(s)) this.calls(s.expression, parent, branch);
  }

  loop(s, parent, branch) {
    if (ts.isWhileStatement(s) || ts.isDoStatement(s)) {
      const condition = withoutJump(s.expression), i = this.add('loop', '', s, parent, branch, { condition, head: words(condition).join(' ') });
      if (ts.isWhileStatement(s)) this.calls(condition, i, 'cond');
      this.statement(s.statement, i, 'body');
      if (ts.isDoStatement(s)) this.calls(s.expression, i, 'cond');
    } else if (ts.isForStatement(s)) {
      const head = [s.initializer, s.condition, s.incrementor].flatMap((part) => (part ? words(part) : [])).join(' ');
      const i = this.add('loop', '', s, parent, branch, { condition: s.condition ?? null, head });
      for (const [part, name] of [[s.initializer, 'init'], [s.condition, 'cond'], [s.incrementor, 'step']]) if (part) this.calls(part, i, name);
      this.statement(s.statement, i, 'body');
    } else {
      const i = this.add('loop', '', s, parent, branch, { each: true, head: words(s.initializer).concat(words(s.expression)).join(' ') });
      this.calls(s.expression, i, 'cond');
      this.statement(s.statement, i, 'body');
    }
  }

  declaration(s, parent, branch) {
    for (const d of s.declarationList.declarations) {
      if (!d.initializer) continue;
      if (ts.isArrowFunction(d.initializer) || ts.isFunctionExpression(d.initializer)) { this.closure(d.initializer, parent, branch); continue; }
      this.add('decl', '', s, parent, branch, { name: ts.isIdentifier(d.name) ? plain(d.name.text) : '' });
      this.calls(d.initializer, parent, branch);
    }
  }

  expression(s, parent, branch) {
    let e = s.expression;
    while (ts.isParenthesizedExpression(e)) e = e.expression;
    const left = assignment(e);
    if (left) this.add('assign', lastMember(left), s, parent, branch);
    this.calls(e, parent, branch);
  }
}

function lastCallee(e) {
  while (ts.isParenthesizedExpression(e) || ts.isNonNullExpression(e)) e = e.expression;
  if (ts.isPropertyAccessExpression(e)) return plain(e.name.text);
  if (ts.isElementAccessExpression(e)) return lastMember(e);
  return ts.isIdentifier(e) ? plain(e.text) : '';
}

/** The top-level functions of a mirror file with their sites. `hash` changes when the list of sites does. */
export function mirrorFunctions(text, fileName) {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true);
  const out = [];
  for (const s of source.statements) {
    if (!ts.isFunctionDeclaration(s) || !s.body || !s.name || OURS.test(s.name.text)) continue;
    const reader = new Reader(source);
    reader.list(s.body.statements, -1, '');
    out.push({ name: s.name.text, node: s, source, sites: reader.sites, hash: hash(reader.sites) });
  }
  return out;
}

function hash(sites) {
  let h = 0x811c9dc5;
  const mix = (text) => { for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193); };
  for (const s of sites) mix(`${s.kind}|${s.text}|${s.name ?? ''}|${s.parent}|${s.branch};`);
  return (h >>> 0).toString(36);
}
