/** Many numbers without an object each: they grow, or stand in lists one behind the other. */

/** Numbers that grow. */
export class Growing {
  data: Int32Array;
  length = 0;

  constructor(capacity: number) {
    this.data = new Int32Array(capacity);
  }

  push(n: number): void {
    if (this.length === this.data.length) { const larger = new Int32Array(2 * this.length); larger.set(this.data); this.data = larger; }
    this.data[this.length++] = n;
  }

  done(): Int32Array {
    return this.data.slice(0, this.length);
  }
}

/** Lists of numbers, one after the other: list k is values[starts[k], starts[k + 1]). */
export interface Lists { readonly starts: Int32Array; readonly values: Int32Array }

export const NO_LISTS: Lists = { starts: new Int32Array(1), values: new Int32Array(0) };

/** Makes lists in two passes over the same pairs: `count` all, then `put` all. */
export class ListMaker {
  private readonly starts: Int32Array;
  private next: Int32Array | null = null;
  private values = new Int32Array(0);

  constructor(lists: number) {
    this.starts = new Int32Array(lists + 1);
  }

  count(list: number): void {
    this.starts[list + 1]++;
  }

  put(list: number, value: number): void {
    if (this.next === null) {
      for (let k = 1; k < this.starts.length; k++) this.starts[k] += this.starts[k - 1];
      this.values = new Int32Array(this.starts[this.starts.length - 1]);
      this.next = this.starts.slice(0, -1);
    }
    this.values[this.next[list]++] = value;
  }

  done(): Lists {
    return { starts: this.next === null ? new Int32Array(this.starts.length) : this.starts, values: this.values };
  }
}

const CHUNK = 1 << 16;

/** Many numbers that are written once, and read from the first on: as `Growing`, without ever being copied. */
export class Chunked {
  private readonly chunks: Int32Array[] = [];
  length = 0;

  push(n: number): void {
    const at = this.length++;
    if (at % CHUNK === 0) this.chunks.push(new Int32Array(CHUNK));
    this.chunks[at >>> 16][at & (CHUNK - 1)] = n;
  }

  at(k: number): number { return this.chunks[k >>> 16][k & (CHUNK - 1)]; }
}

/** Numbers below a bound, and the place of each among those noted: a bit for each number, instead of a word. */
export class Ranks {
  private readonly bits: Int32Array;
  /** Noted numbers before each word of `bits`. */
  private readonly before: Int32Array;

  constructor(bound: number) {
    this.bits = new Int32Array((bound >>> 5) + 1);
    this.before = new Int32Array(this.bits.length + 1);
  }

  /** Notes a number; all before the first question. */
  note(n: number): void { this.bits[n >>> 5] |= 1 << (n & 31); }

  /** No more numbers come; gives how many there are. */
  close(): number {
    for (let w = 0; w < this.bits.length; w++) this.before[w + 1] = this.before[w] + ones(this.bits[w]);
    return this.before[this.bits.length];
  }

  /** The place of a number; -1 when it was not noted. */
  place(n: number): number {
    const word = this.bits[n >>> 5], bit = 1 << (n & 31); // beyond the bound undefined, which has no bits
    return (word & bit) === 0 ? -1 : this.before[n >>> 5] + ones(word & (bit - 1));
  }
}

/** How many bits are set. */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
