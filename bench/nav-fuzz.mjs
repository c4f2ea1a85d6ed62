// node bench/nav-fuzz.mjs [SECONDS] [SEED]: garbled pieces of real source through the scanner; any crash, hang or place outside the file fails.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { kernelTree, loadNavigator } from './nav-load.mjs';

const tree = kernelTree();
const seconds = Number(process.argv[2] ?? 600);
let seed = Number(process.argv[3] ?? 1);
const random = (n) => { seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff; return seed % n; };
const PIECES = ['', '{', '}', '(', ')', '[', ']', '"', "'", '/*', '*/', '//', '#if A\n', '#else\n', '#endif\n', '#if 0\n', '\\\n', '\0', ';', ',', '=', '->', '.', '#define X(a) ', '\r\n', 'struct ', 'typedef ', 'enum ', '\xff', '##', '...', 'SYSCALL_DEFINE1(', 'for (', 'return '];
const SLOW_MS = 2000;

const { modules: m } = await loadNavigator();
const { files } = m.walkTree(tree, ['net/core', 'net/ipv4', 'include/linux', 'kernel']);
const strings = new m.StringTable(m.reserveStrings({ names: 1 << 22, bytes: 1 << 27, heads: 1 << 16 }));
const sink = new m.FactSink(strings, 1 << 22);
const scanner = new m.Scanner(sink);
const end = Date.now() + seconds * 1000;
let runs = 0;
for (; Date.now() < end; runs++) {
  const before = seed;
  let text = readFileSync(path.join(tree, files[random(files.length)].path), 'latin1');
  const from = random(Math.max(1, text.length - 4000));
  text = random(3) === 0 ? text.slice(0, random(text.length + 1)) : text.slice(from, from + 4000);
  for (let k = random(12); k >= 0; k--) { const at = random(text.length + 1); text = text.slice(0, at) + PIECES[random(PIECES.length)] + text.slice(at + random(40)); }
  const bytes = Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(16)]);
  const start = performance.now();
  sink.reset();
  scanner.scan(bytes, bytes.length - 16);
  const lines = text.split('\n').length;
  for (const [table, width] of Object.entries({ defs: 4, calls: 3, memberCalls: 5, flows: 7, members: 5 })) {
    const rows = sink.tables[table];
    for (let r = 0; r < rows.count; r++) if (rows.data[r * width + 1] >>> 12 > lines) { console.error(`seed ${before}: ${strings.name(rows.data[r * width])} in ${table} is at line ${rows.data[r * width + 1] >>> 12} of ${lines}`); if (process.env.SHOW) console.error(text); process.exit(1); }
  }
  if (performance.now() - start > SLOW_MS) { console.error(`seed ${before}: ${(performance.now() - start).toFixed(0)} ms`); process.exit(1); }
}
console.log(`${runs} texts, nothing found; last seed ${seed}`);
