/** What the cables carried, kept for captures within a bound: a run may be longer than memory. */
import type { CarriedFrame } from '../emulator/machine/wire';

/** Bytes of frames that are kept from outside all traced windows, and again from inside them. */
export const CAPTURE_LIMIT = 64 * 1024 * 1024;
/** What a kept frame costs beside its bytes. */
const OVERHEAD = 200;

export interface KeptFrame { readonly frame: CarriedFrame; /** When its last bit was sent, ns. */ readonly sent: number; /** One way of the cable, ns. */ readonly delay: number }

/** Frames on their way to a host that are looked at one by one; of more the oldest count as arrived. */
const ON_THE_WAY = 1000;

/**
 * When each frame was sent, as a capture tells it.
 * DEVIATION: a CPU whose interrupt was put off (machine.ts) runs by its own clock, a little in the past, on rings that have come further: in a capture a host's frames keep
 * their order, and none is sent before those that had come to its sender.
 */
class Stamps {
  /** The latest time of each host. */
  private readonly latest = new Map<string, number>();
  /** To each host, frames that it may not have seen yet: when they arrive by the machine's time, and by the capture's. */
  private readonly coming = new Map<string, { arrival: number; stamp: number }[]>();

  /** The machine's devices have come so far. */
  private now = 0;

  /** A device has done something at `time`. */
  reach(time: number): void { this.now = Math.max(this.now, time); }

  private see(host: string, stamp: number): void { this.latest.set(host, Math.max(this.latest.get(host) ?? 0, stamp)); }

  of(frame: CarriedFrame, delay: number): number {
    const from = hostOf(frame.from), waiting = this.coming.get(from) ?? [];
    this.reach(frame.time);
    for (const f of waiting) if (f.arrival <= this.now) this.see(from, f.stamp);
    this.coming.set(from, waiting.filter((f) => f.arrival > this.now));
    this.see(from, frame.time);
    const stamp = this.latest.get(from)!;
    if (frame.fate !== 'lost') for (const port of frame.to.split(',')) this.send(hostOf(port), frame.time + delay, stamp + delay);
    return stamp;
  }

  private send(to: string, arrival: number, stamp: number): void {
    const coming = this.coming.get(to);
    if (!coming) { this.coming.set(to, [{ arrival, stamp }]); return; }
    coming.push({ arrival, stamp });
    if (coming.length > ON_THE_WAY) for (const f of coming.splice(0, ON_THE_WAY / 2)) this.see(to, f.stamp);
  }
}
const hostOf = (port: string): string => port.split('.')[0];

/** The frames of a run's cables, as one capture of them all would show them. */
export class Capture {
  readonly frames: KeptFrame[] = [];
  /** Frames that came when their part was full. */
  missed = 0;
  private readonly room: [number, number];
  readonly stamps = new Stamps();

  constructor(limit: number = CAPTURE_LIMIT) { this.room = [limit, limit]; }

  /** Keeps a frame if there is room. `traced`: a host's window is open. */
  add(frame: CarriedFrame, delay: number, traced: boolean): void {
    const part = traced ? 1 : 0, cost = frame.bytes.length + OVERHEAD, sent = this.stamps.of(frame, delay);
    if (this.room[part] < cost) { this.room[part] = 0; this.missed++; return; }
    this.room[part] -= cost;
    this.frames.push({ frame, sent, delay });
  }

  /** In order of sending. */
  sorted(): KeptFrame[] { return this.frames.sort((a, b) => a.sent - b.sent); }
}
