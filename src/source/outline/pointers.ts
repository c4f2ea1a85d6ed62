/**
 * What the outline needs of a real tree to answer "what can this pointer call": through which struct each member call goes, and which
 * functions are put into those members, where. Run when the outline is made (tools/make-outline.mjs), never by the extension.
 */
import { Kind, posLine } from '../index/facts';
import { KernelIndex } from '../index/kernel-index';
import { Query } from '../index/query';

/** A member call at a line goes through `struct`. */
export interface Receiver { readonly path: string; readonly line: number; readonly member: string; readonly struct: string }
/** At this line `value`, a function, is put into (struct, member): assigned, initialised, or handed over to what does so. */
export interface Store { readonly path: string; readonly line: number; readonly struct: string; readonly member: string; readonly value: string }

/** Where the outline's files are and what they include. */
const UNDER = ['net', 'include', 'kernel', 'fs', 'lib', 'drivers/net', 'arch/x86/kernel', 'arch/x86/include'];

/** Reads the tree at `root` and answers for the files in `paths`. Anonymous structs, variables and parameters are left out. */
export async function pointersOf(root: string, paths: readonly string[]): Promise<{ receivers: Receiver[]; stores: Store[] }> {
  const index = new KernelIndex(root), wanted = new Set(paths);
  await index.open({ under: UNDER, threads: { script: '', count: 0 } });
  const query = new Query(index), receivers: Receiver[] = [], stores = new Map<string, Store>(), slots = new Set<string>();
  for (const path of paths) {
    for (const def of query.lookup.inFile(path)) {
      if (def.kind !== Kind.FUNCTION) continue;
      for (const { site, slot } of query.pointerSites(def)) {
        if (slot === null || slot.member === '' || !/^[A-Za-z_]\w*$/.test(slot.struct)) continue;
        receivers.push({ path, line: site.line, member: slot.member, struct: slot.struct });
        const key = `${slot.struct}\n${slot.member}`;
        if (slots.has(key)) continue;
        slots.add(key);
        for (const c of query.slots.candidates(slot)) {
          if (!wanted.has(c.path) || !/[a-z]/.test(c.name)) continue;
          const store = { path: c.path, line: posLine(c.pos), struct: slot.struct, member: slot.member, value: c.name };
          stores.set(Object.values(store).join('\n'), store);
        }
      }
    }
  }
  return { receivers, stores: [...stores.values()] };
}
