// The index against the facts about 3.10.108: what is the same, and of each difference who is right.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const share = (a, b) => (b === 0 ? 'none' : (a / b).toFixed(4));

/** The facts' name of a called expression as its plain name: `(*up)` is up, `list[i]` is list. */
const plainCallee = (text) => text.split(/->|\./).at(-1).replace(/^\(\*(\w+)\)$/, '$1').replace(/\[.*$/, '').replace(/\)$/, '');

/** Where the facts themselves are wrong: a test of a difference, and what it is called in the report. */
const FAULTS = [
  ['functions', 'COMPAT_SYSCALL_DEFINEn without compat_sys_', (f, mine) => mine.has([f[0], `compat_sys_${f[1]}`, ...f.slice(2)].join('\t'))],
  ['calls', 'owner of COMPAT_SYSCALL_DEFINEn named as another', (f, mine) => mine.has([f[0], `compat_sys_${f[1].replace(/^sys_/, '')}`, plainCallee(f[2]), f[3]].join('\t'))],
  ['calls', 'a plain function taken for a system call (sys_ before its name)', (f, mine) => mine.has([f[0], f[1].replace(/^sys_/, ''), plainCallee(f[2]), f[3]].join('\t'))],
  ['calls', 'SYSCALL_DEFINE0 with its name cut at both ends', (f, mine) => f[1].startsWith('(') && [...'abcdefghijklmnopqrstuvwxyz'].some((c) => mine.has([f[0], `sys_${f[1].slice(1)}${c}`, plainCallee(f[2]), f[3]].join('\t')))],
  ['calls', 'an expression written out in place of the name', (f, mine) => mine.has([f[0], f[1], plainCallee(f[2]), f[3]].join('\t')) || [...f[2].matchAll(/\b\w+\b/g)].some((w) => f[2].includes('?') && mine.has([f[0], f[1], w[0], f[3]].join('\t')))],
  ['calls', 'a cast, a declaration or asm taken for a call', (f) => /^(asm|loff_t|[su](8|16|32|64))$/.test(f[2])],
];

/** Prints one comparison: raw figures, then those that remain when the facts' faults are set aside. */
export function compare(what, facts, mine, { local = new Set(), text = () => '' } = {}) {
  const rows = [...facts].map((f) => f.split('\t'));
  const both = rows.filter((f) => mine.has(f.join('\t'))).length;
  console.log(`${what}: ${facts.size} in the facts, ${mine.size} here; recall ${share(both, facts.size)}, precision ${share(both, mine.size)}`);
  const faults = new Map();
  const explained = new Set();
  const missed = [];
  for (const f of rows) {
    const key = f.join('\t');
    if (mine.has(key)) continue;
    const fault = FAULTS.find(([kind, , test]) => kind === what && test(f, mine))?.[1]
      ?? (what === 'calls' && local.has([f[0], f[1], f[3]].join('\t')) ? 'a local pointer: the facts name the variable, the index what it holds' : what === 'ops tables' && outOfUse(text(f[0]), Number(f[5])) ? 'inside #if 0' : null);
    if (fault === null) missed.push(key);
    else { faults.set(fault, (faults.get(fault) ?? 0) + 1); explained.add(what === 'functions' ? `${f[0]}\t${f[2]}` : `${f[0]}\t${f[3]}`); }
  }
  for (const [fault, count] of faults) console.log(`  facts at fault, ${count}: ${fault}`);
  const extra = [...mine].filter((x) => !facts.has(x));
  const wrong = what === 'ops tables' ? extra.filter((x) => !standsThere(x.split('\t'), text)) : extra.filter((x) => { const f = x.split('\t'); return !explained.has(what === 'functions' ? `${f[0]}\t${f[2]}` : `${f[0]}\t${f[3]}`); });
  if (what === 'ops tables') console.log(`  the index has ${extra.length} more, ${extra.length - wrong.length} of them stand in the source as said`);
  const right = mine.size - wrong.length;
  console.log(`  faults set aside: recall ${share(rows.length - missed.length, rows.length)}, precision ${share(right, mine.size)}`);
  if (process.argv.includes('--list')) { for (const x of missed) console.log(`  - ${x}`); for (const x of wrong.slice(0, 60)) console.log(`  + ${x}`); }
}

/** Is the line between `#if 0` and its end? */
function outOfUse(source, line) {
  const stack = [];
  for (const l of source.split('\n').slice(0, line)) {
    if (/^\s*#\s*if/.test(l)) stack.push(/^\s*#\s*if\s+0\b/.test(l));
    else if (/^\s*#\s*el/.test(l)) stack[stack.length - 1] = false;
    else if (/^\s*#\s*endif/.test(l)) stack.pop();
  }
  return stack.includes(true);
}

/** Does `.member = value` (or a macro that makes the table with this value) stand at the line? */
function standsThere([file, table, , member, value, line], text) {
  const lines = text(file).split('\n');
  const here = `${lines[line - 1]} ${lines[line] ?? ''}`;
  const name = value.replace(/^&/, '');
  return new RegExp(`\\b${member}\\s*[=:]\\s*(\\([^)]*\\)\\s*)?&?\\(?\\s*(\\w+\\()?\\s*${name}\\b`).test(here) || new RegExp(`\\b[A-Z_]+\\(\\s*${table}\\s*,\\s*${name}\\b`).test(here);
}

/** Reads a file of the tree as the index does. */
export function textReader(tree) {
  const kept = new Map();
  return (p) => { if (!kept.has(p)) kept.set(p, readFileSync(path.join(tree, p), 'latin1')); return kept.get(p); };
}
