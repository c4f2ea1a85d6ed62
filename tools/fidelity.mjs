// node tools/fidelity.mjs [--check]: writes docs/fidelity.md: every knowing difference from the kernel (marked DEVIATION: where it is) and how much of which
// kernel file is mirrored. From the sources, src/emulator/anchors.tsv and the built-in outline; --check only says whether the page is as it should be.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import ts from 'typescript';
import { walk } from './layers/model.mjs';

export const PAGE = 'docs/fidelity.md';
const MARK = 'DEVIATION';

/** Comments of a file that hold the mark, as plain text, // rows that follow each other joined: [{text, start, end}]. */
function marked(text) {
  const found = [];
  for (const m of text.matchAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*/g)) {
    if (!m[0].includes(MARK)) continue;
    const plain = m[0].replace(/^\/\*+|\*+\/$/g, '').replace(/^[ \t]*(\/\/|\*)[ \t]?/gm, '').replace(/\s+/g, ' ').trim();
    found.push({ text: plain, start: m.index, end: m.index + m[0].length });
  }
  return found;
}

/** The sentences of a comment that tell what differs: the one with the mark, and what follows a mark that stands at its beginning. */
export function reasons(comment) {
  const sentences = comment.match(/[^.!?]+(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*\s*/g) ?? [];
  const out = [];
  for (let i = 0; i < sentences.length; i++) {
    if (!sentences[i].includes(MARK)) continue;
    let said = sentences[i];
    if (/^\W*DEVIATION:/.test(said)) while (i + 1 < sentences.length && !sentences[i + 1].includes(MARK)) said += sentences[++i];
    const told = said.replace(/\(DEVIATION\)/, '').replace(/^\W*DEVIATION:\s*/, '').replace(/DEVIATION:\s*/, '').replace(/:\s*DEVIATION\b/, '').replace(/\s+/g, ' ').replace(/\s+([.,;:)])/g, '$1').trim();
    out.push(`${/^(?!struct )[a-z]+[ ,]/.test(told) ? told[0].toUpperCase() : told[0]}${told.slice(1)}${/[.!?)]$/.test(told) ? '' : '.'}`);
  }
  return out;
}

/** Name of the innermost declaration that a comment stands in or before; empty for a file's head. */
function owner(ast, at) {
  let name = '';
  const visit = (node) => {
    if (at < node.getFullStart() || at >= node.getEnd()) return;
    const named = ts.isVariableStatement(node) ? node.declarationList.declarations[0] : node;
    if (named.name && ts.isIdentifier(named.name) && !ts.isParameter(node)) name = ts.isClassElement(node) || ts.isTypeElement(node) ? `${name ? `${name}.` : ''}${named.name.text}` : named.name.text;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(ast, visit);
  return name;
}

/** Every difference: [{file, where, text}], in order. */
function deviations(root) {
  return walk(root, 'src', (name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort().flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    if (!text.includes(MARK)) return [];
    const ast = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    // A comment that a file begins with is about the file, unless a declaration follows it.
    const isHead = (comment) => comment.start === 0 && !/^\s*(export )?(class|interface|function)/.test(text.slice(comment.end));
    return marked(text).flatMap((comment) => {
        return reasons(comment.text).map((reason) => ({ file, where: isHead(comment) ? '' : owner(ast, comment.start), text: reason }));
    });
  });
}

/** Functions of the outline's files: Map of path to count. */
function outlineCounts(root) {
  const { files } = JSON.parse(brotliDecompressSync(readFileSync(path.join(root, 'media/outline-3.10.108.json.br'))).toString());
  return new Map(files.map((f) => [f.path, f.functions.length / 4]));
}

/** Mirrored functions by kernel file. */
function mirrored(root) {
  const counts = new Map();
  for (const row of readFileSync(path.join(root, 'src/emulator/anchors.tsv'), 'utf8').split('\n').slice(1)) {
    const [file, , , kind] = row.split('\t');
    if (kind === 'entry') counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  return counts;
}

const escaped = (text) => text.replace(/\|/g, '\\|').replace(/</g, '&lt;');

/** The whole page. */
export function fidelityPage(root) {
  const differences = deviations(root), all = outlineCounts(root), done = mirrored(root), files = [...done.keys()].sort();
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const rows = files.map((file) => `| ${file} | ${done.get(file)} | ${all.get(file) ?? ''} |`);
  const groups = Map.groupBy?.(differences, (d) => d.file) ?? differences.reduce((m, d) => m.set(d.file, [...(m.get(d.file) ?? []), d]), new Map());
  return `# How true the emulator is

Made by \`node tools/fidelity.mjs\` (\`npm run align\` does it too); a test holds it against the sources. How well runs agree with the recorded kernel is measured by \`npm test -- conformance\`.

## Known differences from Linux 3.10.108

${differences.length} places. Each is marked \`${MARK}:\` in the source. What is left out altogether stands in ARCHITECTURE.md.

${[...groups].map(([file, list]) => `- **${file.replace(/^src\/(emulator\/)?/, '')}**\n${list.map((d) => `  - ${d.where ? `\`${d.where}\`: ` : ''}${escaped(d.text)}`).join('\n')}`).join('\n')}

## Kernel files that are mirrored

${files.length} files, ${sum([...done.values()])} functions with the kernel's name, place and order of calls; of the ${files.filter((f) => f.endsWith('.c')).length} C files among them, ${sum(files.filter((f) => f.endsWith('.c')).map((f) => done.get(f)))} of ${sum(files.filter((f) => f.endsWith('.c')).map((f) => all.get(f) ?? 0))}.
A function that is not mirrored is not needed by anything that scenarios can do, or belongs to what ARCHITECTURE.md lists as not modelled.

| kernel file | mirrored functions | functions in the file |
|---|---|---|
${rows.join('\n')}
`;
}

function main() {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'), file = path.join(root, PAGE), page = fidelityPage(root);
  if (!process.argv.includes('--check')) { writeFileSync(file, page); return 0; }
  if (existsSync(file) && readFileSync(file, 'utf8') === page) return 0;
  console.error(`${PAGE} is stale: run node tools/fidelity.mjs and commit it`);
  return 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(main());
