// Is every call that the runs made one of the C function? By name, through a pointer, or through a macro or a small function that the mirror passes over.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parser } from '../mirror/parser.mjs';

/** Where macros and small functions that the mirror does not have are defined. */
const PLACES = ['include/linux', 'include/net', 'include/asm-generic', 'include/uapi/linux', 'arch/x86/include/asm', 'kernel', 'kernel/sched', 'kernel/time', 'kernel/irq', 'lib', 'drivers/pci', 'net/core', 'net/ipv4', 'net/netlink'];
/** How many definitions a call may lead through. spin_unlock_bh needs four to reach the softirq. */
const DEPTH = 7;

/** Functions of these folders' C files count too: the mirror has their effect, not their steps. */
const FUNCTIONS = /^(kernel|lib|drivers\/pci|net\/netlink|net\/core$)|^include|^arch/;
/** In place of a name: a call through a pointer. */
const POINTER = '*';

/** Map of a name to the names called in all its definitions, macros and functions. */
function definitions(root, kernel) {
  const { functionsIn } = parser(root), out = new Map();
  const add = (name, calls) => { const set = out.get(name) ?? new Set(); for (const c of calls) set.add(c); out.set(name, set); };
  for (const place of PLACES) {
    const dir = path.join(kernel, place);
    for (const file of existsSync(dir) ? readdirSync(dir).filter((f) => /\.[ch]$/.test(f)) : []) {
      const text = readFileSync(path.join(dir, file), 'latin1');
      for (const [, name, body] of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)((?:\\\n|.)*)/gm)) add(name, (body.match(/\b[A-Za-z_]\w*/g) ?? []).concat(/(->|\.)\s*\w+\s*\)?\s*\(/.test(body) ? [POINTER] : []));
      if (!FUNCTIONS.test(place)) continue;
      const lines = text.split('\n');
      for (const f of functionsIn(text)) {
        const calls = f.sites.filter((s) => s.kind === 'call');
        add(f.name, calls.map((s) => s.text).concat(calls.some((s) => new RegExp(`(->|\\.)\\s*${s.text}\\s*\\)?\\s*\\(`).test(lines[s.tokenLine - 1])) ? [POINTER] : []));
      }
    }
  }
  return out;
}

/** Does `name` lead to `callee` through definitions? */
function leadsTo(all, name, callee) {
  let names = new Set([name]);
  const seen = new Set(names);
  for (let depth = 0; depth < DEPTH; depth++) {
    const next = new Set();
    for (const n of names) for (const called of all.get(n) ?? []) {
      if (called === callee || called === POINTER) return true;
      if (!seen.has(called) && all.has(called)) { seen.add(called); next.add(called); }
    }
    names = next;
  }
  return false;
}

const canonical = (name) => name.replace(/^sys_/, '');

/** Judges all calls: {rows: those that are none of the C function's, counts: how the others are}. */
export function judgeCalls(root, kernel, runs, graphOf) {
  const counts = { direct: 0, pointer: 0, macro: 0 }, rows = [];
  let all = null;
  for (const call of runs.calls) {
    const caller = runs.functions[call.caller], callee = runs.functions[call.callee];
    const graph = caller.path && callee.path ? graphOf(caller.path, caller.name, caller.def) : null;
    if (!graph) continue;
    const site = call.site >= 0 ? runs.sites[call.site] : null, here = site && graph.nodeOf.get(`${site.kind}\t${site.text}\t${site.nth}`);
    if (site && canonical(site.text) === canonical(callee.name)) { counts.direct++; continue; }
    if (here && graph.pointers.has(here.index)) { counts.pointer++; continue; }
    all ??= definitions(root, kernel);
    // A statement's place: its calls, or the loop macro that it is. No place: any of the function.
    const around = here && site.kind !== 'call' ? graph.nodes[here.node].sites.map((i) => graph.sites[i]) : graph.sites;
    const names = site?.kind === 'call' ? [site.text] : around.flatMap((s) => (s.kind === 'call' ? [s.text] : s.macro ? [s.macro] : []));
    if (names.some((n) => n === callee.name || leadsTo(all, n, callee.name))) { counts.macro++; continue; }
    rows.push({ kind: site ? 'not called there' : 'not called', path: caller.path, function: caller.name, from: site?.text ?? '', to: callee.name, passed: [], times: call.times, where: call.where });
  }
  return { rows, counts };
}
