/** What the cables carried, kept for captures within a bound: a run may be longer than memory. */
import type { CarriedFrame } from '../emulator/machine/wire';

/** Bytes of frames that are kept from outside all traced windows, and again from inside them. */
export const CAPTURE_LIMIT = 64 * 1024 * 1024;
/** What a kept frame costs beside its bytes. */
const OVERHEAD = 200;

export interface KeptFrame { readonly frame: CarriedFrame; /** When its last bit was sent, ns. */ readonly sent: number; /** One way of the cable, ns. */ readonly delay: number }

export class Capture {
  readonly frames: KeptFrame[] = [];
  /** Frames that came when their part was full. */
  missed = 0;
  private readonly room: [number, number];
  private latest = 0;

  constructor(limit: number = CAPTURE_LIMIT) { this.room = [limit, limit]; }

  /** Keeps a frame if there is room. `traced`: a host's window is open. */
  add(frame: CarriedFrame, delay: number, traced: boolean): void {
    const part = traced ? 1 : 0, cost = frame.bytes.length + OVERHEAD;
    if (this.room[part] < cost) { this.room[part] = 0; this.missed++; return; }
    this.room[part] -= cost;
    // DEVIATION: a CPU whose interrupt was put off (machine.ts) answers by its own clock, a little in the past: a capture's clock does not go back.
    this.latest = Math.max(this.latest, frame.time);
    this.frames.push({ frame, sent: this.latest, delay });
  }
}
