// Reads a checkout's sources into what the rules look at: syntax trees, imports, folders.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

/** Every file under `folder` (relative to `root`) whose name `wanted` accepts; node_modules and output folders are left out. */
export function walk(root, folder, wanted) {
  const start = path.join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : walk(root, name, wanted);
    return wanted(entry.name) ? [name] : [];
  });
}

/** All folders under `folder`, itself left out. */
export function folders(root, folder) {
  const start = path.join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    .flatMap((entry) => [`${folder}/${entry.name}`, ...folders(root, `${folder}/${entry.name}`)]);
}

/** One parsed source file: {file, ast, imports, lines}. */
function readSource(root, file) {
  const text = readFileSync(path.join(root, file), 'utf8');
  const ast = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  return { file, ast, lines: ast.getLineAndCharacterOfPosition(text.length).line + 1, imports: importsOf(root, file, ast) };
}

/** The checkout at `root`: {root, sources (src), scripts (tools, test)}. */
export function readProject(root) {
  const isCode = (name) => /\.(ts|mjs)$/.test(name) && !name.endsWith('.d.ts');
  return {
    root,
    sources: walk(root, 'src', isCode).map((file) => readSource(root, file)),
    scripts: [...walk(root, 'tools', isCode), ...walk(root, 'test', isCode)].map((file) => readSource(root, file)),
  };
}

/** Line of a node, from 1. */
export function lineOf(ast, node) {
  return ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1;
}

/**
 * Imports of a file: {specifier, target, kind, typeOnly, dynamic, line}.
 * `kind` is 'file' (target: path in the checkout), 'node', 'package' (target: package name), 'made' (by the build) or 'unresolved'.
 */
function importsOf(root, file, ast) {
  const used = valueNames(ast);
  const found = [];
  const add = (node, specifier, typeOnly, dynamic) => found.push({ specifier, typeOnly, dynamic, line: lineOf(ast, node), ...resolve(root, file, specifier) });
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier.text, isTypeOnly(node.importClause, used), false);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node, node.moduleSpecifier.text, node.isTypeOnly, false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal.text, true, false);
    else if (isDynamicImport(node)) add(node, node.arguments[0].text, false, true);
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return found;
}

function isDynamicImport(node) {
  if (!ts.isCallExpression(node) || node.arguments.length === 0 || !ts.isStringLiteralLike(node.arguments[0])) return false;
  return node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === 'require');
}

// An import whose names are used as types only leaves nothing in the bundle, with or without the word `type`.
function isTypeOnly(clause, used) {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  const names = [...(clause.name ? [clause.name.text] : [])];
  if (bindings && ts.isNamespaceImport(bindings)) names.push(bindings.name.text);
  if (bindings && ts.isNamedImports(bindings)) names.push(...bindings.elements.filter((e) => !e.isTypeOnly).map((e) => e.name.text));
  return !names.some((name) => used.has(name));
}

/** Identifiers that stand where a value is wanted. */
function valueNames(ast) {
  const names = new Set();
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return names;
}

const BUILTINS = new Set(builtinModules);

function resolve(root, file, specifier) {
  if (specifier.startsWith('.')) {
    const base = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
    const candidates = [base, `${base}.ts`, `${base}/index.ts`, base.replace(/\.js$/, '.ts'), `${base}.mjs`];
    const target = candidates.find((name) => existsSync(path.join(root, name)) && statSync(path.join(root, name)).isFile());
    return target ? { kind: 'file', target } : { kind: 'unresolved', target: base };
  }
  if (specifier.startsWith('skbwalk:')) return { kind: 'made', target: specifier };   // a module that the build makes (tools/bundle.mjs)
  if (specifier.startsWith('node:') || BUILTINS.has(specifier)) return { kind: 'node', target: specifier };
  const parts = specifier.split('/');
  return { kind: 'package', target: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0] };
}
