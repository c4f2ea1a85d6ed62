// The emulator reaches nothing outside and keeps no state of its own; the mirror's functions look as the kernel's do.
import ts from 'typescript';
import { lineOf } from './model.mjs';
import { MIRRORED, PURE, isTest, layerOf } from './table.mjs';

/** Names that lead to time, chance, timers, the process or I/O. */
const OUTSIDE = new Set(['Date', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame', 'performance', 'process', 'console',
  'require', 'fetch', 'globalThis', 'XMLHttpRequest', 'WebSocket', 'crypto', 'Atomics', 'SharedArrayBuffer', 'eval', 'WeakRef', 'FinalizationRegistry']);

const MUTATORS = new Set(['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'set', 'add', 'delete', 'clear', 'copyWithin']);

/** The one module variable: `current` in include/ports.ts. */
const ALLOWED_STATE = 'current';

const emulated = ({ sources }) => sources.filter((source) => PURE.has(layerOf(source.file)?.name) && !isTest(source.file));
// ports.ts and probe.ts stand beside the mirrored folders: they are ours, not the kernel's
const mirrored = ({ sources }) => sources.filter(({ file }) => MIRRORED.has(layerOf(file)?.name) && !isTest(file) && !/^src\/emulator\/include\/[^/]+$/.test(file));

/** Visits every node of a source; `look` gives a complaint or nothing. */
function complaints(source, look) {
  const found = [];
  const visit = (node) => {
    const message = look(node, source);
    if (message) found.push({ file: source.file, line: lineOf(source.ast, node), message });
    ts.forEachChild(node, visit);
  };
  visit(source.ast);
  return found;
}

/** No Date, Math.random, timers, process, I/O, promises. */
export function pureRule(project) {
  return emulated(project).flatMap((source) => {
    const declared = declaredNames(source.ast);
    return complaints(source, (node) => impurity(node, declared));
  });
}

function impurity(node, declared) {
  if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'Math' && node.name.text === 'random') return 'Math.random in the emulator: take chance from the scenario\'s seed';
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword) return 'async code in the emulator: a run is a pure function';
  if (!ts.isIdentifier(node) || !OUTSIDE.has(node.text) || declared.has(node.text) || !isReference(node)) return '';
  return `'${node.text}' in the emulator: no time, chance, timers, process or I/O here`;
}

// A member, a key or a type of that name is no reference to the global.
function isReference(node) {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent) || ts.isMethodDeclaration(parent) || ts.isEnumMember(parent)) && parent.name === node) return false;
  return !ts.isTypeReferenceNode(parent) && !ts.isQualifiedName(parent);
}

/** Names that the file declares or imports itself, anywhere. */
function declaredNames(ast) {
  const names = new Set();
  const visit = (node) => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isFunctionDeclaration(node) || ts.isImportSpecifier(node) || ts.isClassDeclaration(node)) && node.name) addBound(node.name, names);
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return names;
}

function addBound(name, into) {
  if (ts.isIdentifier(name)) { into.add(name.text); return; }
  for (const element of name.elements) if (!ts.isOmittedExpression(element)) addBound(element.name, into);
}

/** No module-level mutable state other than `current` in include/ports.ts: neither declared nor written to. */
export function stateRule(project) {
  return emulated(project).flatMap((source) => [...declaredState(source), ...writtenState(source)]);
}

function declaredState({ file, ast }) {
  const found = [];
  for (const statement of ast.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const mutable = !(statement.declarationList.flags & ts.NodeFlags.Const);
    for (const declaration of statement.declarationList.declarations) {
      const name = declaration.name.getText(ast);
      if (file === 'src/emulator/include/ports.ts' && name === ALLOWED_STATE) continue;
      const why = mutable ? 'is not const' : containerKind(declaration.initializer);
      if (why) found.push({ file, line: lineOf(ast, declaration), message: `module-level state '${name}' ${why}: make it a field of the host or of the CPU` });
    }
  }
  return found;
}

// An empty container at module level is there to be filled.
function containerKind(node) {
  if (!node) return '';
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return containerKind(node.expression);
  if (ts.isNewExpression(node)) {
    const name = node.expression.getText();
    const given = node.arguments?.[0];
    if (/^(Map|Set|WeakMap|WeakSet)$/.test(name) && !given) return `is an empty ${name}`;
    if (/Array$/.test(name) && !(given && ts.isArrayLiteralExpression(given))) return `is an empty ${name}`;
  }
  if (ts.isArrayLiteralExpression(node) && node.elements.length === 0) return 'is an empty array';
  if (ts.isObjectLiteralExpression(node) && node.properties.length === 0) return 'is an empty object';
  return '';
}

function writtenState(source) {
  const moduleNames = moduleBindings(source.ast);
  const found = [];
  const visit = (node, scopes) => {
    const inner = ts.isFunctionLike(node) || ts.isBlock(node) || ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isCatchClause(node) ? [...scopes, localNames(node)] : scopes;
    const name = inner.length > 0 ? writtenRoot(node) : '';
    if (name && name !== ALLOWED_STATE && moduleNames.has(name) && !inner.some((scope) => scope.has(name))) {
      found.push({ file: source.file, line: lineOf(source.ast, node), message: `writes to module-level '${name}' at run time: make it a field of the host or of the CPU` });
    }
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source.ast, []);
  return found;
}

function moduleBindings(ast) {
  const names = new Set();
  for (const statement of ast.statements) {
    if (ts.isVariableStatement(statement)) for (const d of statement.declarationList.declarations) addBound(d.name, names);
    if (ts.isImportDeclaration(statement) && statement.importClause?.namedBindings && ts.isNamedImports(statement.importClause.namedBindings)) {
      for (const e of statement.importClause.namedBindings.elements) names.add(e.name.text);
    }
  }
  return names;
}

/** Names that a function or block binds, nested functions left out. */
function localNames(scope) {
  const names = new Set();
  for (const parameter of scope.parameters ?? []) addBound(parameter.name, names);
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) addBound(node.name, names);
    if (!ts.isFunctionLike(node) || node === scope) ts.forEachChild(node, visit);
  };
  visit(scope);
  return names;
}

/** The first name of what a node writes to: `x` of `x.y.z = 1`, `x[0]++`, `delete x.y`, `x.y.push(1)`. */
function writtenRoot(node) {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment) return rootOf(node.left);
  if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)) return rootOf(node.operand);
  if (ts.isDeleteExpression(node)) return rootOf(node.expression);
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && MUTATORS.has(node.expression.name.text)) return rootOf(node.expression.expression);
  return '';
}

function rootOf(node) {
  let at = node;
  while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at) || ts.isParenthesizedExpression(at) || ts.isNonNullExpression(at) || ts.isAsExpression(at)) at = at.expression;
  return ts.isIdentifier(at) ? at.text : '';
}

/** Kernel functions are hoisted declarations: an arrow in an import cycle is undefined when it is called. */
export function hoistRule(project) {
  return mirrored(project).flatMap(({ file, ast }) => ast.statements.filter(ts.isVariableStatement).flatMap((statement) => statement.declarationList.declarations
    .filter((d) => d.initializer && (ts.isArrowFunction(d.initializer) || ts.isFunctionExpression(d.initializer)))
    .map((d) => ({ file, line: lineOf(ast, d), message: `'${d.name.getText(ast)}' must be a function declaration, not a const: mirror files import each other in cycles` }))));
}

/** No try/catch/finally in the mirror (the probe's sentinel must pass), and no optional parameters (C has none). */
export function mirrorRule(project) {
  return mirrored(project).flatMap((source) => complaints(source, (node) => {
    if (ts.isTryStatement(node)) return 'try/catch/finally in the mirror would stop the probe\'s sentinel';
    if (!ts.isParameter(node) || !(ts.isFunctionDeclaration(node.parent) || ts.isMethodDeclaration(node.parent) || ts.isArrowFunction(node.parent))) return '';
    return node.questionToken || node.initializer ? `optional parameter '${node.name.getText()}' in the mirror: kernel functions have none` : '';
  }));
}
