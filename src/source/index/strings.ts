/**
 * Names as small numbers, shared by several threads: one arena of bytes, one chained hash table, both in shared memory, so that
 * workers intern into the same table and nothing is merged afterwards. Insertion is lock-free (compare-and-set on a chain's head).
 * Memory is reserved generously and touched as needed: untouched pages cost nothing.
 */
import { hashName } from './words';

/** The shared memory of a table; can be posted to a worker. */
export interface StringBuffers {
  /** [count, bytes used, full flag] */
  readonly state: SharedArrayBuffer;
  readonly arena: SharedArrayBuffer;
  /** Start of each entry in the arena: two length bytes, then the name. */
  readonly starts: SharedArrayBuffer;
  readonly hashes: SharedArrayBuffer;
  readonly next: SharedArrayBuffer;
  readonly heads: SharedArrayBuffer;
}

const COUNT = 0;
const USED = 1;
const FULL = 2;
const MAX_NAME = 0xffff;

/** How many entries and bytes to reserve for `sourceBytes` bytes of C. */
export function stringCapacity(sourceBytes: number): { names: number; bytes: number; heads: number } {
  const names = Math.ceil(sourceBytes / 24) + (1 << 16);
  let heads = 1 << 14;
  while (heads < sourceBytes / 256 && heads < 1 << 22) heads <<= 1;
  return { names, bytes: Math.ceil(sourceBytes / 3) + (1 << 20), heads };
}

/** Reserves an empty table. */
export function reserveStrings(capacity: { names: number; bytes: number; heads: number }): StringBuffers {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  const buffers = {
    state: shared(16), arena: shared(capacity.bytes), starts: shared(capacity.names * 4), hashes: shared(capacity.names * 4),
    next: shared(capacity.names * 4), heads: shared(capacity.heads * 4),
  };
  new StringTable(buffers).intern(''); // id 0 is the empty name
  return buffers;
}

/** A view on the shared names; each thread has its own. Ids are never taken back. */
export class StringTable {
  private readonly state: Int32Array;
  private readonly arena: Buffer;
  private readonly starts: Uint32Array;
  private readonly hashes: Int32Array;
  private readonly next: Int32Array;
  private readonly heads: Int32Array;
  private readonly mask: number;
  private readonly decoded = new Map<number, string>();

  constructor(readonly buffers: StringBuffers) {
    this.state = new Int32Array(buffers.state);
    this.arena = Buffer.from(buffers.arena);
    this.starts = new Uint32Array(buffers.starts);
    this.hashes = new Int32Array(buffers.hashes);
    this.next = new Int32Array(buffers.next);
    this.heads = new Int32Array(buffers.heads);
    this.mask = this.heads.length - 1;
  }

  /** How many ids are in use (some may be unused doubles after a race). */
  get count(): number {
    return Atomics.load(this.state, COUNT);
  }

  /** Bytes used in the arena. */
  get usedBytes(): number {
    return Atomics.load(this.state, USED);
  }

  /** Did a name not fit? Then the table must be rebuilt larger. */
  get full(): boolean {
    return Atomics.load(this.state, FULL) !== 0;
  }

  /** The id of the bytes source[start, end) whose FNV-1a hash is `hash`; 0 when the table is full. */
  internBytes(source: Uint8Array, start: number, end: number, hash: number): number {
    if (end - start > MAX_NAME) end = start + MAX_NAME;
    const slot = (hash ^ (hash >>> 15)) & this.mask;
    let head = Atomics.load(this.heads, slot);
    const found = this.walk(head, 0, source, start, end, hash);
    if (found >= 0) return found;
    const length = end - start;
    const at = Atomics.add(this.state, USED, length + 2);
    const id = Atomics.add(this.state, COUNT, 1);
    if (at + length + 2 > this.arena.length || id >= this.starts.length) return this.overflow(length, id);
    const arena = this.arena;
    arena[at] = length & 0xff;
    arena[at + 1] = length >>> 8;
    for (let i = 0; i < length; i++) arena[at + 2 + i] = source[start + i];
    this.starts[id] = at;
    this.hashes[id] = hash;
    for (;;) {
      this.next[id] = head;
      const seen = Atomics.compareExchange(this.heads, slot, head, id + 1);
      if (seen === head) return id;
      const other = this.walk(seen, head, source, start, end, hash);
      if (other >= 0) { this.starts[id] = 0; return other; } // the other thread was first: this id stays unused, as another empty name
      head = seen;
    }
  }

  private overflow(length: number, id: number): number {
    Atomics.sub(this.state, USED, length + 2);
    if (id >= this.starts.length) Atomics.sub(this.state, COUNT, 1);
    Atomics.store(this.state, FULL, 1);
    return 0;
  }

  private walk(from: number, until: number, source: Uint8Array, start: number, end: number, hash: number): number {
    const { arena, starts, hashes, next } = this;
    const length = end - start;
    for (let link = from; link !== until && link !== 0; link = next[link - 1]) {
      const id = link - 1;
      if (hashes[id] !== hash) continue;
      const at = starts[id];
      if ((arena[at] | (arena[at + 1] << 8)) !== length) continue;
      let i = 0;
      while (i < length && arena[at + 2 + i] === source[start + i]) i++;
      if (i === length) return id;
    }
    return -1;
  }

  /** The id of a name, added when new. */
  intern(name: string): number {
    const bytes = Buffer.from(name, 'latin1');
    return this.internBytes(bytes, 0, bytes.length, hashName(name));
  }

  /** The id of a name, or -1 when no file has it. */
  find(name: string): number {
    const bytes = Buffer.from(name, 'latin1');
    const hash = hashName(name);
    return this.walk(Atomics.load(this.heads, (hash ^ (hash >>> 15)) & this.mask), 0, bytes, 0, bytes.length, hash);
  }

  /** The name of an id. Decoded names are kept (bounded). */
  name(id: number): string {
    const known = this.decoded.get(id);
    if (known !== undefined) return known;
    const at = this.starts[id];
    const length = this.arena[at] | (this.arena[at + 1] << 8);
    const text = this.arena.toString('latin1', at + 2, at + 2 + length);
    if (this.decoded.size > 100_000) this.decoded.clear();
    this.decoded.set(id, text);
    return text;
  }

  /** Where an id's bytes are: offset into `bytes()`, after the length pair. For scans over all names. */
  startOf(id: number): number {
    return this.starts[id] + 2;
  }

  /** Length in bytes of an id's name. */
  lengthOf(id: number): number {
    const at = this.starts[id];
    return this.arena[at] | (this.arena[at + 1] << 8);
  }

  /** The raw arena. */
  bytes(): Buffer {
    return this.arena;
  }

  /** What the cache holds; the hash table is built again from it. */
  parts(): { arena: Uint8Array; starts: Uint8Array } {
    return { arena: new Uint8Array(this.buffers.arena, 0, this.usedBytes), starts: new Uint8Array(this.buffers.starts, 0, this.count * 4) };
  }

  /** Makes a table that was read back usable: counters and hash chains. False when an entry lies outside the arena. */
  restore(count: number, used: number): boolean {
    const { arena, starts, hashes, next, heads, mask } = this;
    heads.fill(0);
    for (let id = count - 1; id >= 0; id--) { // downwards: the empty name ends up before its unused doubles
      const at = starts[id];
      if (at + 2 > used) return false;
      const end = at + 2 + (arena[at] | (arena[at + 1] << 8));
      if (end > used) return false;
      let h = 0x811c9dc5 | 0;
      for (let i = at + 2; i < end; i++) h = Math.imul(h ^ arena[i], 0x01000193);
      const slot = (h ^ (h >>> 15)) & mask;
      hashes[id] = h;
      next[id] = heads[slot];
      heads[slot] = id + 1;
    }
    Atomics.store(this.state, COUNT, count);
    Atomics.store(this.state, USED, used);
    return true;
  }
}
