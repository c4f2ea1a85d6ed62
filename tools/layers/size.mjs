// Sizes, documentation and dependencies.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { folders, lineOf } from './model.mjs';
import { DEPENDENCIES, MIRRORED, SHIPPABLE, isTest, layerOf } from './table.mjs';

const LIMITS = { file: { warn: 450, fail: 800 }, function: { warn: 40, fail: 120 } };

const sized = ({ sources, scripts }) => [...sources, ...scripts].filter(({ file }) => !MIRRORED.has(layerOf(file)?.name));

function oversize(kind, lines, what) {
  const { warn, fail } = LIMITS[kind];
  if (lines <= warn) return null;
  return lines > fail ? { message: `${what} has ${lines} lines (limit ${fail})` } : { message: `${what} has ${lines} lines (aim for ${warn})`, warning: true };
}

/** Files of at most 450 lines (800 fails), outside the mirror. */
export function fileSizeRule(project) {
  return sized(project).flatMap(({ file, lines }) => {
    const verdict = oversize('file', lines, 'the file');
    return verdict ? [{ file, line: 1, ...verdict }] : [];
  });
}

/** Functions of at most 40 lines (120 fails), outside the mirror and the tests. */
export function functionSizeRule(project) {
  return sized(project).filter(({ file }) => !isTest(file)).flatMap(({ file, ast }) => {
    const found = [];
    const visit = (node) => {
      if (ts.isFunctionLike(node) && node.body) {
        const start = lineOf(ast, node);
        const lines = ast.getLineAndCharacterOfPosition(node.end).line + 2 - start;
        const verdict = oversize('function', lines, `function ${node.name?.getText(ast) ?? '(unnamed)'}`);
        if (verdict) found.push({ file, line: start, ...verdict });
      }
      ts.forEachChild(node, visit);
    };
    visit(ast);
    return found;
  });
}

/** Exported functions and classes say what they do (a warning: counted, not fatal). The mirror's are the kernel's. */
export function docstringRule({ sources }) {
  return sources.filter(({ file }) => !isTest(file) && !MIRRORED.has(layerOf(file)?.name)).flatMap(({ file, ast }) => ast.statements
    .filter((s) => (ts.isFunctionDeclaration(s) || ts.isClassDeclaration(s)) && s.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword))
    .filter((s) => ts.getJSDocCommentsAndTags(s).length === 0)
    .map((s) => ({ file, line: lineOf(ast, s), message: `exported '${s.name?.text ?? 'default'}' has no docstring`, warning: true })));
}

/** Every folder under src/ is named in ARCHITECTURE.md (inside the mirror, whose folders are the kernel's, the first level). */
export function docsRule({ root }) {
  const file = 'ARCHITECTURE.md';
  const text = existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), 'utf8') : '';
  const inMirror = /^src\/emulator\/(include|lib|fs|arch|kernel|net|drivers)\//;
  return folders(root, 'src').filter((folder) => !inMirror.test(folder)).filter((folder) => !named(text, folder))
    .map((folder) => ({ file, line: 1, message: text ? `does not name ${folder}` : `is missing, and should name ${folder}` }));
}

// `src/emulator/{lib,fs,net}` names src/emulator/lib, src/emulator/fs and src/emulator/net.
function named(text, folder) {
  const escaped = folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (new RegExp(`${escaped}(?![\\w-])`).test(text)) return true;
  const parent = path.posix.dirname(folder);
  return [...text.matchAll(/(src[\w/-]*)\/\{([^}]*)\}/g)].some(([, base, names]) => base === parent && names.split(',').map((n) => n.trim()).includes(path.posix.basename(folder)));
}

/** Only looked-at dependencies, with the licence they had then; what is shipped goes with GPL-2.0-only. */
export function dependencyRule({ root }) {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const direct = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const found = direct.flatMap((name) => {
    if (!(name in DEPENDENCIES)) return [{ file: 'package.json', line: 1, message: `dependency '${name}' is not on the allow-list (tools/layers/table.mjs)` }];
    const licence = lock.packages[`node_modules/${name}`]?.license;
    return licence === DEPENDENCIES[name] ? [] : [{ file: 'package-lock.json', line: 1, message: `'${name}' has licence ${licence}, the allow-list says ${DEPENDENCIES[name]}` }];
  });
  const shipped = Object.entries(lock.packages).filter(([name, entry]) => name && !entry.dev && !SHIPPABLE.has(entry.license));
  return [...found, ...shipped.map(([name, entry]) => ({ file: 'package-lock.json', line: 1, message: `${name} would be shipped under ${entry.license ?? 'an unknown licence'}` }))];
}

/** Nothing half done and no machine's paths in what is committed. */
export function leftoverRule({ sources, scripts }) {
  const marks = [/\bTO[D]O\b/, /\bFIX[M]E\b/, /not implemente[d]/i, /\/wor[k]\//, /\/op[t]\/(kernel|team)/];
  return [...sources, ...scripts].flatMap(({ file, ast }) => ast.text.split('\n').flatMap((text, index) => {
    const mark = marks.find((pattern) => pattern.test(text));
    return mark ? [{ file, line: index + 1, message: `leftover: ${text.trim().slice(0, 80)}` }] : [];
  }));
}
