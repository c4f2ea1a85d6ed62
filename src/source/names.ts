/** From the bare names that recorded traces hold to places in the open tree: where a function is defined, and where it calls another. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Anchor } from '../base/anchor';
import type { AnchorResolver } from './anchor/resolve';
import type { Outline } from './outline/data';
import type { KernelTree } from './tree';

/** A function's place without its line. */
export interface NamedPlace { readonly path: string; readonly def: number }

/** Where functions stand that a recording of the network stack enters and 3.10.108 did not have: the likely folders first, the large ones last. */
const SEARCHED = [['net'], ['kernel', 'lib', 'fs', 'mm'], ['drivers/net/ethernet/intel', 'arch/x86'], ['include'], ['drivers/net', 'drivers/pci', 'drivers/iommu', 'drivers/block', 'security', 'block']] as const;
/** What may begin a definition: words from the first column on, the last of them before a parenthesis. */
const BEGINS = /^(?:[A-Za-z_][\w \t*]*?[ \t*])?([A-Za-z_]\w*)[ \t]*\(/gm;
/** The end of a definition's parameters; a declaration has a semicolon there. */
const OPENS = /\)[ \t\w()]*\n?\{/y;
/** Characters that the parameters of a function may take. */
const LONGEST_HEAD = 2000;

/** Files of a checkout by the functions that they define, read folder by folder as names are asked for. */
class TreeNames {
  private readonly paths = new Map<string, string[]>();
  private readonly seen = new Set<string>();
  private stage = 0;

  constructor(private readonly tree: KernelTree) {}

  /** Files that may define `name`; empty when none of the folders has one. */
  pathsOf(name: string): readonly string[] {
    for (let found = this.paths.get(name); ; found = this.paths.get(name)) {
      if (found) return found;
      if (this.stage === SEARCHED.length) return [];
      for (const folder of SEARCHED[this.stage++]) this.readFolder(folder);
    }
  }

  private readFolder(folder: string): void {
    let entries;
    try {
      entries = readdirSync(this.tree.absolute(folder), { withFileTypes: true });
    } catch {
      // A partial checkout, or a folder that is not ours to read: names in it stay unknown, and the importer counts those.
      return;
    }
    for (const entry of entries) {
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) this.readFolder(file);
      else if (entry.isFile() && /\.[ch]$/.test(entry.name) && !this.seen.has(file)) this.readFile(file);
    }
  }

  private readFile(file: string): void {
    this.seen.add(file);
    const text = this.tree.read(file);
    if (!text.ok) return;
    for (const match of text.value.matchAll(BEGINS)) {
      const name = definedAt(text.value, match.index, match[1], match[0].length);
      if (name === '') continue;
      const paths = this.paths.get(name);
      if (!paths) this.paths.set(name, [file]);
      else if (!paths.includes(file)) paths.push(file);
    }
  }
}

/** The function whose definition begins at `at` with `called` before the parenthesis; '' when it is a declaration or a call. */
function definedAt(text: string, at: number, called: string, length: number): string {
  let depth = 1, end = at + length;
  for (const last = Math.min(text.length, end + LONGEST_HEAD); depth > 0 && end < last; end++) {
    if (text[end] === '(') depth++;
    else if (text[end] === ')') depth--;
    else if (text[end] === ';' || text[end] === '{') return '';
  }
  OPENS.lastIndex = end - 1;
  if (depth > 0 || !OPENS.test(text)) return '';
  const call = /^SYSCALL_DEFINE\d$/.test(called) ? /^\s*(\w+)/.exec(text.slice(at + length, at + length + 100)) : null;
  return call ? `sys_${call[1]}` : called;
}

/** Functions by their bare names, found in the open tree: where the outline has them, else wherever a checkout of another version does. */
export class KernelNames {
  private readonly paths = new Map<string, string[]>();
  private readonly others: TreeNames | null;

  /** `outline` says which files a name may stand in; `resolver` whether it does in the open tree. */
  constructor(outline: Outline, private readonly resolver: AnchorResolver) {
    this.others = resolver.tree.isOutline ? null : new TreeNames(resolver.tree);
    for (const file of outline.files) for (const fn of file.functions) {
      const paths = this.paths.get(fn.name);
      if (!paths) this.paths.set(fn.name, [file.path]);
      else if (!paths.includes(file.path)) paths.push(file.path);
    }
  }

  /** The definition of `name` that a function of the file `caller` would reach: its own file's, its folder's, else the first there is. */
  locate(name: string, caller: string): NamedPlace | null {
    const isThere = (path: string): boolean => this.exact({ path, function: name, def: 1, kind: 'entry', text: '', nth: 1 });
    let found = (this.paths.get(name) ?? []).filter(isThere);
    if (found.length === 0) found = (this.others?.pathsOf(name) ?? []).filter(isThere);
    if (found.length === 0) return null;
    const folder = caller.slice(0, caller.lastIndexOf('/') + 1);
    return { path: found.find((p) => p === caller) ?? found.find((p) => folder !== '' && p.startsWith(folder)) ?? found[0], def: 1 };
  }

  /** The only place in `caller` that calls `callee` by name; null when there is none, or more than one. */
  callSite(caller: { readonly path: string; readonly name: string; readonly def: number }, callee: string): Anchor | null {
    const at = (nth: number): Anchor => ({ path: caller.path, function: caller.name, def: caller.def, kind: 'call', text: callee, nth });
    return this.exact(at(1)) && !this.exact(at(2)) ? at(1) : null;
  }

  private exact(anchor: Anchor): boolean { return this.resolver.resolve(anchor).status === 'exact'; }
}
