/** Signatures (signature.ts) to structs and members, against the whole tree. */
import { Flag, Kind, MemberFlag } from './facts';
import type { Def, Lookup } from './lookup';
import { near } from './rank';

/** A member of a struct, found. */
export interface MemberRef {
  /** Signature of the struct that holds it. */
  readonly struct: string;
  readonly name: string;
  readonly type: string;
  readonly flags: number;
  readonly path: string;
  readonly pos: number;
}

const MAX_DEPTH = 14;
const MAX_KEPT = 30_000;
const NO_MEMBERS: readonly MemberRef[] = [];

/** Types of expressions, as far as calls through pointers need them: structs, members, typedefs, what functions return. */
export class Types {
  private readonly kept = new Map<string, string | null>();
  private readonly ownMembers = new Map<string, Map<string, readonly MemberRef[]>>();
  private membersKept = 0;
  private generation = -1;

  constructor(private readonly lookup: Lookup) {}

  /** The struct (as a signature) that a signature reaches in `path`; null when that cannot be told. */
  struct(signature: string, path: string, depth = 0): string | null {
    if (signature === '' || signature === '?' || depth > MAX_DEPTH) return null;
    if (isTag(signature)) return signature;
    this.forget();
    const key = `${signature}\n${path}`;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    this.kept.set(key, null); // a cycle ends here
    const found = this.resolve(signature, path, depth);
    this.kept.set(key, found);
    return found;
  }

  private resolve(signature: string, path: string, depth: number): string | null {
    const cut = rootEnd(signature);
    let struct = this.root(signature.slice(0, cut), path, depth + 1);
    for (let at = cut; struct !== null && at < signature.length;) {
      let end = signature.indexOf('.', at + 1);
      if (end < 0) end = signature.length;
      struct = this.step(struct, signature.slice(at + 1, end), path, depth);
      at = end;
    }
    return struct;
  }

  private step(struct: string, member: string, path: string, depth: number): string | null {
    if (member.startsWith('#')) {
      const m = this.memberAt(struct, Number(member.slice(1)), path);
      return m === null ? null : this.struct(m.type, m.path, depth + 1);
    }
    const m = this.member(struct, member, path, depth + 1);
    return m === null || m.type === '' ? null : this.struct(m.type, m.path, depth + 1);
  }

  private root(root: string, path: string, depth: number): string | null {
    switch (root[0]) {
      case '@': return this.typedef(root, path, depth);
      case '$': return this.variable(root, path, depth);
      case '(': return this.result(root, path, depth);
      case '%': return null;
      default: return root;
    }
  }

  private typedef(root: string, path: string, depth: number): string | null {
    const defs = this.lookup.named(root.slice(1)).filter((d) => d.kind === Kind.TYPEDEF);
    const def = near(defs, path);
    if (def === null) return null;
    return def.type === root ? root : this.struct(def.type, def.path, depth + 1);
  }

  private variable(root: string, path: string, depth: number): string | null {
    if (root.endsWith('::')) return root;
    const defs = this.lookup.named(root.slice(1));
    const variables = defs.filter((d) => (d.kind === Kind.VARIABLE || d.kind === Kind.EXTERN) && (d.path === path || (d.flags & Flag.STATIC) === 0 || d.path.endsWith('.h')));
    const variable = near(variables.filter((d) => d.type !== ''), path);
    if (variable !== null) return variable.type.startsWith('$') ? variable.type : this.struct(variable.type, variable.path, depth + 1);
    const macro = near(defs.filter((d) => d.kind === Kind.MACRO && d.type !== ''), path);
    return macro === null || macro.type === root ? null : this.struct(macro.type, macro.path, depth + 1);
  }

  /** What a function or function-like macro gives. */
  private result(root: string, path: string, depth: number): string | null {
    const inner = root.slice(1, -1);
    const space = inner.indexOf(' ');
    const name = space < 0 ? inner : inner.slice(0, space);
    const argument = space < 0 ? '?' : inner.slice(space + 1);
    const defs = this.lookup.named(name);
    const f = near(defs.filter((d) => (d.kind === Kind.FUNCTION || d.kind === Kind.PROTOTYPE) && d.type !== ''), path);
    if (f !== null) return this.struct(f.type, f.path, depth + 1);
    for (const m of [near(defs.filter((d) => d.kind === Kind.MACRO && d.type !== '' && d.type !== root), path)]) {
      if (m === null) continue;
      const type = m.type.includes('%0') ? (argument === '?' ? '?' : m.type.replaceAll('%0', argument)) : m.type;
      return type.length > 400 ? null : this.struct(type, path, depth + 1);
    }
    return null;
  }

  /** The member `name` of a struct, through macros that stand for a longer path (`sk_prot`). */
  member(struct: string, name: string, path: string, depth = 0): MemberRef | null {
    const own = this.ownMember(struct, name, path);
    if (own !== null || depth > MAX_DEPTH) return own;
    const alias = near(this.lookup.named(name).filter((d) => d.kind === Kind.MACRO && (d.flags & Flag.FUNCTION_LIKE) === 0 && d.type.startsWith('$')), path);
    if (alias === null || alias.type === `$${name}`) return null;
    const parts = alias.type.slice(1).split('.');
    let holder: string | null = struct;
    for (const part of parts.slice(0, -1)) {
      const m: MemberRef | null = this.member(holder, part, path, depth + 1);
      holder = m === null ? null : this.struct(m.type, m.path, depth + 1);
      if (holder === null) return null;
    }
    return this.member(holder, parts[parts.length - 1], path, depth + 1);
  }

  private ownMember(struct: string, name: string, path: string): MemberRef | null {
    this.forget();
    let ofStruct = this.ownMembers.get(struct);
    if (ofStruct === undefined) this.ownMembers.set(struct, ofStruct = new Map());
    let found = ofStruct.get(name);
    if (found === undefined) {
      const { strings } = this.lookup.index, structId = strings.find(struct), nameId = strings.find(name);
      const list: MemberRef[] = [];
      if (structId >= 0 && nameId >= 0) {
        this.lookup.each('membersByName', nameId, (segment, file, row) => {
          const d = segment.data.tables.members, at = 5 * row;
          list.push({ struct, name, type: strings.name(d[at + 3]), flags: d[at + 4], path: segment.data.files[file].path, pos: d[at + 1] });
        }, 2, structId);
      }
      ofStruct.set(name, found = list.length > 0 ? list : NO_MEMBERS);
      this.membersKept++;
    }
    return near(found, path);
  }

  /** Lets go of what belongs to an earlier state of the index, or is too much. */
  private forget(): void {
    if (this.generation === this.lookup.index.generation && this.kept.size <= MAX_KEPT && this.membersKept <= MAX_KEPT) return;
    this.kept.clear();
    this.ownMembers.clear();
    this.membersKept = 0;
    this.generation = this.lookup.index.generation;
  }

  /** All members with this name, of any struct. */
  membersNamed(name: string): MemberRef[] {
    const { strings } = this.lookup.index;
    const found: MemberRef[] = [];
    for (const r of this.lookup.rows('membersByName', strings.find(name))) {
      found.push({ struct: strings.name(r.data[r.at + 2]), name, type: strings.name(r.data[r.at + 3]), flags: r.data[r.at + 4], path: r.segment.data.files[r.file].path, pos: r.data[r.at + 1] });
    }
    return found;
  }

  /** The function pointers that are members of this type (`@typedef`). */
  callableOfType(type: string): MemberRef[] {
    const { strings } = this.lookup.index;
    const found: MemberRef[] = [];
    if (!type.startsWith('@') || !this.isFunctionType(type.slice(1))) return found;
    for (const r of this.lookup.rows('membersByType', strings.find(type))) {
      found.push({ struct: strings.name(r.data[r.at + 2]), name: strings.name(r.data[r.at]), type, flags: r.data[r.at + 4], path: r.segment.data.files[r.file].path, pos: r.data[r.at + 1] });
    }
    return found;
  }

  /** The members of a struct in order (of the definition nearest to `path`). */
  members(struct: string, path: string): MemberRef[] {
    const { strings } = this.lookup.index;
    const found: MemberRef[] = [];
    for (const r of this.lookup.rows('membersByStruct', strings.find(struct))) {
      found.push({ struct, name: strings.name(r.data[r.at]), type: strings.name(r.data[r.at + 3]), flags: r.data[r.at + 4], path: r.segment.data.files[r.file].path, pos: r.data[r.at + 1] });
    }
    const first = near(found, path);
    return first === null ? [] : found.filter((m) => m.path === first.path);
  }

  /** The member at a position of a struct, as a list without designators counts them. */
  memberAt(struct: string, position: number, path: string): MemberRef | null {
    return this.members(struct, path)[position] ?? null;
  }

  /** Can a call go through this member? */
  isCallable(m: MemberRef): boolean {
    if ((m.flags & MemberFlag.FUNCTION_POINTER) !== 0) return true;
    if (!m.type.startsWith('@')) return false;
    return this.isFunctionType(m.type.slice(1));
  }

  /** Is the typedef one of a function or a pointer to one? */
  isFunctionType(name: string, depth = 0): boolean {
    const defs: Def[] = this.lookup.named(name).filter((d) => d.kind === Kind.TYPEDEF);
    return defs.some((d) => (d.flags & Flag.FUNCTION_LIKE) !== 0 || (depth < 3 && d.type.startsWith('@') && d.type !== `@${name}` && this.isFunctionType(d.type.slice(1), depth + 1)));
  }
}

/** Does a signature name a struct, and nothing else? */
function isTag(signature: string): boolean {
  const c = signature.charCodeAt(0);
  return c !== 64 && c !== 36 && c !== 40 && c !== 37 && !signature.includes('.'); // @ $ ( %
}

/** Where the root of a signature ends. */
function rootEnd(signature: string): number {
  if (signature[0] !== '(') {
    const dot = signature.indexOf('.');
    return dot < 0 ? signature.length : dot;
  }
  let depth = 0;
  for (let i = 0; i < signature.length; i++) {
    if (signature[i] === '(') depth++;
    else if (signature[i] === ')' && --depth === 0) return i + 1;
  }
  return signature.length;
}
