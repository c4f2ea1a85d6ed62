/** An index as the SCIP exporter (src/formats/scip.ts) wants to see it. */
import { Flag, Kind } from './facts';
import { type Def, isPrivate, kindName } from './lookup';
import type { Query } from './query';

interface Definition { readonly name: string; readonly kind: string; readonly path: string; readonly line: number; readonly column: number; readonly local: boolean }

/** Definitions and direct calls, file by file. */
export class ScipIndex {
  private readonly callees = new Map<string, Definition | null>();

  constructor(private readonly query: Query) {}

  get root(): string {
    return this.query.index.root;
  }

  paths(): Iterable<string> {
    return this.query.index.paths();
  }

  *definitions(path: string): Iterable<Definition> {
    for (const d of this.query.lookup.inFile(path)) if (d.kind !== Kind.LOCAL && d.kind !== Kind.PROTOTYPE && d.kind !== Kind.EXTERN && (d.flags & Flag.SYSCALL) === 0) yield describe(d);
  }

  *uses(path: string): Iterable<{ target: Definition; line: number; column: number; length: number }> {
    const ref = this.query.index.file(path);
    if (ref === undefined) return;
    const { tables, starts } = ref.segment.data;
    for (let row = starts.calls[ref.file]; row < starts.calls[ref.file + 1]; row++) {
      const name = this.query.index.strings.name(tables.calls[row * 3]);
      const target = this.target(name, path);
      const pos = tables.calls[row * 3 + 1];
      if (target !== null) yield { target, line: pos >>> 12, column: pos & 0xfff, length: name.length };
    }
  }

  private target(name: string, path: string): Definition | null {
    const own = this.query.lookup.named(name).some((d) => d.path === path && d.kind !== Kind.PROTOTYPE);
    const key = own ? `${name}\n${path}` : name;
    let found = this.callees.get(key);
    if (found === undefined) {
      const def = this.query.callee(name, path);
      found = def === null || def.kind === Kind.PROTOTYPE ? null : describe(def);
      if (this.callees.size > 200_000) this.callees.clear();
      this.callees.set(key, found);
    }
    return found;
  }
}

function describe(d: Def): Definition {
  return { name: d.name, kind: kindName(d.kind), path: d.path, line: d.line, column: d.column, local: isPrivate(d) };
}
