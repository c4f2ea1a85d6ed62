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
