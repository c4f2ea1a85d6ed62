// What a mirror file computes while it is loaded: in an import cycle another file of the cycle may not have run yet, and its constants are undefined without any error.
import ts from 'typescript';
import { components } from './imports.mjs';
import { lineOf } from './model.mjs';
import { MIRRORED, isTest, layerOf } from './table.mjs';

/**
 * No top-level constant, class head or enum of a mirror file is computed from a constant or class of a file in the same import cycle.
 * Function declarations are there from the start; files outside the cycle have run before.
 */
export function loadRule({ sources }) {
  const mirror = sources.filter((source) => MIRRORED.has(layerOf(source.file)?.name) && !isTest(source.file));
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const group = new Map();
  for (const [number, files] of components(mirror, byFile).entries()) for (const file of files) group.set(file, number);
  return mirror.flatMap((source) => usedAtLoad(source).flatMap(({ name, node }) => {
    const from = origin(source.file, name, byFile);
    if (!from || from.isFunction || from.file === source.file || group.get(from.file) !== group.get(source.file)) return [];
    return [{ file: source.file, line: lineOf(source.ast, node), message: `computed from '${name}' of ${from.file} while loading: both are in one import cycle, so it may be undefined; make it a function, or move '${name}' to a file that imports nothing` }];
  }));
}

/** Imported names that a file needs when it is evaluated, each once per statement. */
function usedAtLoad(source) {
  const imported = importedNames(source.ast), found = [];
  const visit = (node, seen) => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isFunctionLike(node) && !(ts.isConstructorDeclaration(node))) return;
    if (ts.isConstructorDeclaration(node)) return;
    if (ts.isPropertyDeclaration(node) && !node.modifiers?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword)) return;
    if (ts.isPropertyAccessExpression(node)) { visit(node.expression, seen); return; }
    if (ts.isPropertyAssignment(node)) { visit(node.initializer, seen); return; }
    if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) return;
    if (ts.isIdentifier(node) && imported.has(node.text) && !seen.has(node.text)) { seen.add(node.text); found.push({ name: node.text, node }); }
    ts.forEachChild(node, (child) => visit(child, seen));
  };
  for (const statement of source.ast.statements) {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) || ts.isFunctionDeclaration(statement) || ts.isModuleDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) continue;
    visit(statement, new Set());
  }
  return found;
}

/** Local names of value imports. */
function importedNames(ast) {
  const names = new Set();
  for (const statement of ast.statements) {
    if (!ts.isImportDeclaration(statement) || !statement.importClause || statement.importClause.isTypeOnly) continue;
    const bindings = statement.importClause.namedBindings;
    if (bindings && ts.isNamedImports(bindings)) for (const e of bindings.elements) if (!e.isTypeOnly) names.add(e.name.text);
  }
  return names;
}

/** Where the name that `file` imports as `name` is declared, through re-exports: {file, isFunction}; null outside the checkout. */
function origin(file, name, byFile) {
  const source = byFile.get(file);
  for (const statement of source?.ast.statements ?? []) {
    if (!ts.isImportDeclaration(statement) || !statement.importClause?.namedBindings || !ts.isNamedImports(statement.importClause.namedBindings)) continue;
    const element = statement.importClause.namedBindings.elements.find((e) => e.name.text === name);
    if (element) return declared(targetOf(source, statement), (element.propertyName ?? element.name).text, byFile, new Set());
  }
  return null;
}

function targetOf(source, statement) {
  return source.imports.find((item) => item.specifier === statement.moduleSpecifier.text)?.target;
}

function declared(file, name, byFile, seen) {
  const source = byFile.get(file);
  if (!source || seen.has(file)) return null;
  seen.add(file);
  for (const statement of source.ast.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name) return { file, isFunction: true };
    if ((ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) && statement.name?.text === name) return { file, isFunction: false };
    if (ts.isVariableStatement(statement) && statement.declarationList.declarations.some((d) => ts.isIdentifier(d.name) && d.name.text === name)) return { file, isFunction: false };
  }
  for (const statement of source.ast.statements) {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier || statement.isTypeOnly) continue;
    const element = statement.exportClause && ts.isNamedExports(statement.exportClause) ? statement.exportClause.elements.find((e) => e.name.text === name) : null;
    if (statement.exportClause && !element) continue;
    const found = declared(targetOf(source, statement), element ? (element.propertyName ?? element.name).text : name, byFile, seen);
    if (found) return found;
  }
  return null;
}
