/** Which lines a .config leaves out: `#if` groups over CONFIG_ symbols. What depends on anything else counts as active. */
import { readFileSync, statSync } from 'node:fs';

/** Symbols that are set: y or m. */
export type KernelConfig = ReadonlyMap<string, 'y' | 'm' | string>;

let kept: { file: string; mtime: number; config: KernelConfig } | null = null;

/** Reads ROOT/.config; null when there is none. Read again when it changes. */
export function readConfig(root: string): KernelConfig | null {
  const file = `${root}/.config`;
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return null;
  if (kept !== null && kept.file === file && kept.mtime === stat.mtimeMs) return kept.config;
  const config = new Map<string, string>();
  for (const m of readFileSync(file, 'latin1').matchAll(/^(CONFIG_\w+)=(.*)$/gm)) config.set(m[1], m[2]);
  kept = { file, mtime: stat.mtimeMs, config };
  return config;
}

interface Group { active: boolean | null; taken: boolean; from: number; outer: boolean }

/** Line ranges (from 1, both included) that are left out. */
export function inactiveLines(text: string, config: KernelConfig): Array<{ from: number; to: number }> {
  const ranges: Array<{ from: number; to: number }> = [];
  const groups: Group[] = [];
  const close = (g: Group, line: number): void => { if (g.active === false && g.outer && line - 1 >= g.from) ranges.push({ from: g.from, to: line - 1 }); };
  const live = (): boolean => groups.every((g) => g.active !== false);
  text.split(/\r?\n/).forEach((raw, k) => {
    const m = /^\s*#\s*(ifdef|ifndef|if|elif|else|endif)\b(.*)$/.exec(raw);
    if (m === null) return;
    const line = k + 1;
    const condition = m[2].replace(/\/\*.*?\*\/|\/\/.*$/g, '').trim();
    if (m[1] === 'endif') { const g = groups.pop(); if (g !== undefined) close(g, line); return; }
    if (m[1].startsWith('if')) {
      const outer = live();
      const value = m[1] === 'if' ? evaluate(condition, config) : known(condition, config, m[1] === 'ifndef');
      groups.push({ active: value, taken: value === true, from: line + 1, outer });
      return;
    }
    const g = groups[groups.length - 1];
    if (g === undefined) return;
    close(g, line);
    const value = g.taken ? false : m[1] === 'else' ? (g.active === null ? null : true) : evaluate(condition, config);
    g.active = g.active === null && m[1] === 'else' ? null : value;
    g.taken ||= g.active === true;
    g.from = line + 1;
  });
  return ranges;
}

function known(symbol: string, config: KernelConfig, negate: boolean): boolean | null {
  if (!/^CONFIG_\w+$/.test(symbol)) return null;
  const base = symbol.replace(/_MODULE$/, '');
  const set = symbol.endsWith('_MODULE') ? config.get(base) === 'm' : config.has(symbol) && config.get(symbol) !== 'm';
  return set !== negate;
}

/** Three-valued: null when the condition needs more than the .config. */
function evaluate(text: string, config: KernelConfig): boolean | null {
  const tokens = text.match(/defined|IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE|CONFIG_\w+|&&|\|\||[!()]|\b[01]\b|\S+/g) ?? [];
  let at = 0;
  const or = (): boolean | null => { let v = and(); while (tokens[at] === '||') { at++; const w = and(); v = v === true || w === true ? true : v === null || w === null ? null : false; } return v; };
  const and = (): boolean | null => { let v = unary(); while (tokens[at] === '&&') { at++; const w = unary(); v = v === false || w === false ? false : v === null || w === null ? null : true; } return v; };
  const unary = (): boolean | null => {
    const t = tokens[at++];
    if (t === '!') { const v = unary(); return v === null ? null : !v; }
    if (t === '(') { const v = or(); if (tokens[at] === ')') at++; return v; }
    if (t === '0' || t === '1') return t === '1';
    if (t === 'defined' || t?.startsWith('IS_') === true) return operator(t);
    return null;
  };
  const operator = (name: string): boolean | null => {
    const open = tokens[at] === '(';
    if (open) at++;
    const symbol = tokens[at++] ?? '';
    if (open && tokens[at] === ')') at++;
    if (name === 'defined') return known(symbol, config, false);
    if (!symbol.startsWith('CONFIG_')) return null;
    const value = config.get(symbol);
    return name === 'IS_BUILTIN' ? value === 'y' : name === 'IS_MODULE' ? value === 'm' : value === 'y' || value === 'm';
  };
  const value = or();
  return at < tokens.length ? null : value;
}
