/** Calls through pointers whose candidates are yet to be found: four numbers each, and each slot once. */
import { Chunked } from './lists';
import type { Segment } from './segment';
import type { Slot } from './slots';

/** A list of such calls. */
export class OpenSites {
  private readonly slots: Slot[] = [];
  private readonly slotNumbers = new Map<string, number>();
  private readonly segments: Segment[] = [];
  /** slot, segment, file, owner, from: five of each site. */
  private readonly words = new Chunked();

  get count(): number {
    return this.words.length / 5;
  }

  /** Notes a call through `slot` in row `owner` of a file; `from` says where (call-edges.ts). */
  add(segment: Segment, file: number, owner: number, slot: Slot, from: number): void {
    const key = `${slot.member}\n${slot.struct}`;
    let n = this.slotNumbers.get(key);
    if (n === undefined) this.slotNumbers.set(key, n = this.slots.push(slot) - 1);
    if (this.segments[this.segments.length - 1] !== segment) this.segments.push(segment);
    this.words.push(n);
    this.words.push(this.segments.length - 1);
    this.words.push(file);
    this.words.push(owner);
    this.words.push(from);
  }

  slotOf(site: number): Slot { return this.slots[this.words.at(5 * site)]; }
  segmentOf(site: number): Segment { return this.segments[this.words.at(5 * site + 1)]; }
  fileOf(site: number): number { return this.words.at(5 * site + 2); }
  ownerOf(site: number): number { return this.words.at(5 * site + 3); }
  fromOf(site: number): number { return this.words.at(5 * site + 4); }

  /** The sites slot by slot, by member: what is stored into members of one name is found out together. */
  bySlot(): Int32Array {
    const place = new Int32Array(this.slots.length), next = new Int32Array(this.slots.length + 1), order = new Int32Array(this.count);
    [...this.slotNumbers.keys()].sort().forEach((key, k) => { place[this.slotNumbers.get(key) as number] = k; });
    for (let site = 0; site < order.length; site++) next[place[this.words.at(5 * site)] + 1]++;
    for (let k = 1; k < next.length; k++) next[k] += next[k - 1];
    for (let site = 0; site < order.length; site++) order[next[place[this.words.at(5 * site)]]++] = site;
    return order;
  }
}
