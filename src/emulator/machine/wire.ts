/**
 * Cables: full-duplex links between network ports, with rate, delay and faults. Every frame that enters is shown to `tap`,
 * with what became of it, for packet captures; the cable itself keeps none.
 */
import type { MachinePort } from '../include/ports';

/** A frame between devices: bytes without preamble and checksum sequence; `packet` names it in the trace. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly packet: number;
}

/** A device's side of a cable. */
export interface NetPort {
  readonly name: string;
  /** The port is powered and has negotiated: the link is up when all ends are. */
  readonly ready: boolean;
  /** A frame has arrived completely, now. */
  receive(frame: Frame): void;
  /** The link went up or down, now. */
  linkChanged(up: boolean): void;
}

/** What a cable does. Probabilities are 0 to 1 per frame and direction. */
export interface WireOptions {
  /** Bits per second. */
  readonly rate: number;
  /** Propagation, ns. */
  readonly delay: number;
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  /** How much later a reordered frame arrives, ns. */
  readonly reorderDelay: number;
  /** Frames to lose: "a:3" is the third frame that end 0 sends ("b": end 1, ...), counted from 1. */
  readonly drop: readonly string[];
}

export const DEFAULT_WIRE: WireOptions = { rate: 1e9, delay: 500, loss: 0, duplicate: 0, reorder: 0, reorderDelay: 200_000, drop: [] };

export type FrameFate = 'arrived' | 'lost' | 'reordered' | 'duplicated';

/** One frame that entered a cable. `time` is when its last bit left the sender, ns. */
export interface CarriedFrame {
  readonly time: number;
  /** Names of the sending port and of the receiving ones, comma-separated. */
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
  readonly packet: number;
  readonly fate: FrameFate;
}

/** Bytes that a frame of `length` occupies on the wire: padding, checksum sequence, preamble, gap. */
export function wireBytes(length: number): number { return Math.max(length, 60) + 4 + 8 + 12; }

/** A cable between two ports: it takes time, and loses, doubles or reorders frames as its options say. More than two ends make it a hub. */
export class Wire {
  /** Hears of every frame that enters; null when nobody captures. */
  tap: ((frame: CarriedFrame) => void) | null = null;
  readonly options: WireOptions;
  private readonly ends: NetPort[] = [];
  private readonly sent: number[] = [];
  /** Who hears each end, and their names. */
  private readonly others: { readonly to: readonly NetPort[]; readonly names: string }[] = [];
  private readonly machine: MachinePort;
  private isUp = false;

  constructor(machine: MachinePort, options: Partial<WireOptions>) {
    this.machine = machine;
    this.options = { ...DEFAULT_WIRE, ...options };
  }

  /** Plugs a port in; a third and further end hear everything, as on a hub. */
  attach(port: NetPort): void {
    this.ends.push(port);
    this.sent.push(0);
    this.ends.forEach((end, i) => {
      const to = this.ends.filter((other) => other !== end);
      this.others[i] = { to, names: to.map((other) => other.name).join(',') };
    });
  }

  get up(): boolean { return this.isUp; }

  /** Nanoseconds that a frame of `length` bytes takes to be sent. */
  serialisation(length: number): number { return Math.round((wireBytes(length) * 8e9) / this.options.rate); }

  /** A port's readiness may have changed: the ends learn of the link when it did. */
  update(): void {
    const up = this.ends.length > 1 && this.ends.every((end) => end.ready);
    if (up === this.isUp) return;
    this.isUp = up;
    for (const end of this.ends) end.linkChanged(up);
  }

  /** The last bit of `frame` left `from` at `time` (now). */
  carry(from: NetPort, frame: Frame, time: number): void {
    const end = this.ends.indexOf(from), { to, names } = this.others[end];
    const fate = !this.isUp || this.machine.doomed.delete(frame.packet) ? 'lost' : this.fate(end);
    if (this.tap !== null) this.tap({ time, from: from.name, to: names, bytes: frame.bytes, packet: frame.packet, fate });
    this.machine.packet_event(fate === 'lost' ? 'drop' : 'wire', frame.packet, from.name);
    if (fate === 'lost') return;
    const arrival = time + this.options.delay + (fate === 'reordered' ? this.options.reorderDelay : 0);
    for (const port of to) {
      this.machine.at(arrival, () => port.receive(frame));
      if (fate === 'duplicated') this.machine.at(arrival + this.serialisation(frame.bytes.length), () => port.receive(frame));
    }
  }

  private fate(end: number): FrameFate {
    const o = this.options, ordinal = ++this.sent[end];
    if (o.drop.length !== 0 && o.drop.includes(`${String.fromCharCode(97 + end)}:${ordinal}`)) return 'lost';
    if (o.loss > 0 && this.chance(o.loss)) return 'lost';
    if (o.reorder > 0 && this.chance(o.reorder)) return 'reordered';
    if (o.duplicate > 0 && this.chance(o.duplicate)) return 'duplicated';
    return 'arrived';
  }

  private chance(probability: number): boolean { return (this.machine.random() >>> 0) / 0x100000000 < probability; }
}
