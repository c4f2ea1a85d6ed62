/** From the bare names that recorded traces hold to places in the open tree: where a function is defined, and where it calls another. */
import type { Anchor } from '../base/anchor';
import type { AnchorResolver } from './anchor/resolve';
import type { Outline } from './outline/data';

/** A function's place without its line. */
export interface NamedPlace { readonly path: string; readonly def: number }

/** Functions of the outline by their bare names, found in the open tree. */
export class KernelNames {
  private readonly paths = new Map<string, string[]>();

  /** `outline` says which files a name may stand in; `resolver` whether it does in the open tree. */
  constructor(outline: Outline, private readonly resolver: AnchorResolver) {
    for (const file of outline.files) for (const fn of file.functions) {
      const paths = this.paths.get(fn.name);
      if (!paths) this.paths.set(fn.name, [file.path]);
      else if (!paths.includes(file.path)) paths.push(file.path);
    }
  }

  /** The definition of `name` that a function of the file `caller` would reach: its own file's, its folder's, else the first there is. */
  locate(name: string, caller: string): NamedPlace | null {
    const found = (this.paths.get(name) ?? []).filter((path) => this.exact({ path, function: name, def: 1, kind: 'entry', text: '', nth: 1 }));
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
