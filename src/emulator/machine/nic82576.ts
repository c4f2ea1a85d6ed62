/**
 * The Intel 82576 behind igb's registers: rings, interrupts, link, checksums and segmentation in hardware, RSS.
 * Behaviour is that of the public 82576 datasheet as far as the driver uses it; names of registers are the driver's.
 */
import type { Cpu, DmaAddress, Host, MachineEvent, MachinePort } from '../include/ports';
import { current } from '../include/ports';
import type { PciFunction } from '../include/linux/pci';
import type { e1000_adv_rx_desc, e1000_adv_tx_desc } from '../drivers/net/ethernet/intel/igb/e1000_hw';
import * as R from '../drivers/net/ethernet/intel/igb/e1000_regs';
import * as D from '../drivers/net/ethernet/intel/igb/e1000_defines';
import { Phy } from './phy';
import { type TxContext, segment } from './offload';
import { Toeplitz, parseRx } from './rss';
import type { Frame, NetPort, Wire } from './wire';

/** Times of the device, ns, and how its interrupts repeat. */
export interface NicTiming {
  /** From the tail register's write to the descriptor's arrival. */
  readonly fetch: number;
  /** From a frame's last bit to its bytes and descriptor being in memory. */
  readonly receiveDma: number;
  /** From the packet being in the device's buffer to the descriptor's write-back. */
  readonly writeBack: number;
  /** Reading packet data from memory, ns per 1000 bytes. */
  readonly dmaPerKilobyte: number;
  /** From a cause to its message signalled interrupt. */
  readonly interrupt: number;
  /** Auto-negotiation. */
  readonly negotiation: number;
  /** A vector's message masks the vector until the driver enables it again, as EIAM asks. */
  readonly autoMask: boolean;
}

export const DEFAULT_TIMING: NicTiming = { fetch: 600, receiveDma: 500, writeBack: 200, dmaPerKilobyte: 250, interrupt: 250, negotiation: 500_000_000, autoMask: true };

/**
 * DEFAULT_TIMING for a machine whose steps take `stepCost` ns: a slower machine's devices are as much slower.
 * DEVIATION: a slower machine is the recorded one, whose emulated device leaves EIAM alone: in every recording of more than one frame a second interrupt of a vector
 * comes before its poll, which the datasheet rules out.
 */
export function timingFor(stepCost: number): NicTiming {
  const t = DEFAULT_TIMING, slow = Math.max(1, stepCost / 8);
  return { ...t, autoMask: slow === 1, fetch: t.fetch * slow, receiveDma: t.receiveDma * slow, writeBack: t.writeBack * slow, dmaPerKilobyte: t.dmaPerKilobyte * slow, interrupt: t.interrupt * slow };
}

const REGISTERS = 0x20000 >> 2;
const QUEUES = 16;
const VECTORS = 10;
const NVM_WORDS = 1024;
/** Statistics registers: clear when read. */
const STATS_FIRST = 0x4000, STATS_LAST = 0x4128;
const EICR = 0x1580, EICS = 0x1520, EIMS = 0x1524, EIMC = 0x1528, EIAC = 0x152c, EIAM = 0x1530, EITR0 = 0x1680, ICR = 0x1500, IMS = 0x1508, IMC = 0x150c, ICS = 0x1504;
const IVAR0 = 0x1700, IVAR_MISC = 0x1740, VALID = 0x80, LSC = 0x4;
const SWSM_SMBI = 1;
/** The transmit packet buffer: a packet is read from memory only while less than this waits for the wire. */
const TX_BUFFER = 40 * 1024;

interface TxQueue { head: number; tail: number; enabled: boolean; busy: boolean; context: TxContext | null }
interface RxQueue { head: number; tail: number; enabled: boolean }

/** One 82576 port: the PCI function that the driver programs, and the network port that a cable is plugged into. Register offsets are bytes from BAR 0. */
export class Nic82576 implements PciFunction, NetPort {
  readonly vendor = 0x8086;
  readonly device = 0x10c9;
  readonly vectors = VECTORS;
  /** Packets that the device moved from or to memory by itself, and their bytes. */
  readonly dma = { times: 0, bytes: 0 };
  readonly name: string;
  private readonly regs = new Int32Array(REGISTERS);
  private readonly nvm = new Uint16Array(NVM_WORDS);
  private readonly phy: Phy;
  private readonly tx: TxQueue[] = [];
  private readonly rx: RxQueue[] = [];
  private readonly rss = new Toeplitz();
  private irqs: number[] = [];
  /** Earliest time of the next interrupt, by vector. */
  private readonly allowed = new Float64Array(VECTORS);
  /** The message of a vector that is on its way or held back by throttling. */
  private readonly waiting: (MachineEvent | null)[] = new Array<MachineEvent | null>(VECTORS).fill(null);
  /** When the transmitter is free again. */
  private transmitterFree = 0;
  private wire: Wire = null;

  /** `affinity` gives the CPU that a vector's interrupts go to. */
  constructor(private readonly machine: MachinePort, private readonly host: Host, name: string, private readonly mac: Uint8Array, private readonly affinity: (vector: number) => Cpu, private readonly timing: NicTiming) {
    this.name = name;
    for (let q = 0; q < QUEUES; q++) {
      this.tx.push({ head: 0, tail: 0, enabled: false, busy: false, context: null });
      this.rx.push({ head: 0, tail: 0, enabled: false });
    }
    this.phy = new Phy(machine, timing.negotiation, () => this.wire?.update());
    this.loadNvm();
    this.reset();
  }

  /** A cable is plugged in. */
  get cabled(): boolean { return this.wire !== null; }
  plug(wire: Wire): void { this.wire = wire; wire.attach(this); }
  enable_msix(irqs: number[]): void { this.irqs = irqs; }
  get ready(): boolean { return this.phy.negotiated; }

  linkChanged(up: boolean): void {
    this.phy.setLink(up);
    const status = R.E1000_STATUS >> 2;
    if (up) this.regs[status] |= D.E1000_STATUS_LU; else this.regs[status] &= ~D.E1000_STATUS_LU;
    this.cause(LSC);
  }

  private loadNvm(): void {
    for (let i = 0; i < 3; i++) this.nvm[i] = this.mac[2 * i] | (this.mac[2 * i + 1] << 8);
    this.nvm[0x0f] = 0x3000;
    let sum = 0;
    for (let i = 0; i < 0x3f; i++) sum += this.nvm[i];
    this.nvm[0x3f] = (0xbaba - sum) & 0xffff;
  }

  private reset(): void {
    const r = this.regs, m = this.mac, status = r[R.E1000_STATUS >> 2] & D.E1000_STATUS_LU;
    r.fill(0);
    this.rss.forget();
    r[R.E1000_STATUS >> 2] = 0x80080 | D.E1000_STATUS_FD | D.E1000_STATUS_SPEED_1000 | status;
    r[R.E1000_EECD >> 2] = D.E1000_EECD_AUTO_RD | D.E1000_EECD_PRES | (4 << D.E1000_EECD_SIZE_EX_SHIFT);
    r[R.E1000_EEMNGCTL >> 2] = D.E1000_NVM_CFG_DONE_PORT_0;
    r[R.E1000_RXPBS >> 2] = 0x40;
    r[R.E1000_RAL(0) >> 2] = m[0] | (m[1] << 8) | (m[2] << 16) | (m[3] << 24);
    r[R.E1000_RAH(0) >> 2] = m[4] | (m[5] << 8) | D.E1000_RAH_AV;
    for (const q of this.tx) { q.head = q.tail = 0; q.enabled = false; q.context = null; }
    for (const q of this.rx) { q.head = q.tail = 0; q.enabled = false; }
    for (const waiting of this.waiting) if (waiting !== null) waiting.cancelled = true;
    this.waiting.fill(null);
  }

  read(offset: number): number {
    const r = this.regs, i = offset >> 2, v = r[i];
    if (offset >= STATS_FIRST && offset <= STATS_LAST) { r[i] = 0; return v; }
    switch (offset) {
      case ICR: r[i] = 0; return v;
      case R.E1000_SWSM: r[i] |= SWSM_SMBI; return v;
      case R.E1000_SYSTIML: return Math.floor(this.now() % 0x100000000) | 0;
      case R.E1000_SYSTIMH: return Math.floor(this.now() / 0x100000000) | 0;
      default: return v;
    }
  }

  write(offset: number, value: number): void {
    const r = this.regs, i = offset >> 2;
    switch (offset) {
      case EIMS: r[i] |= value; this.unmasked(value); return;
      case EIMC: r[EIMS >> 2] &= ~value; return;
      case EICS: this.extended(value); return;
      case IMS: r[i] |= value; return;
      case IMC: r[IMS >> 2] &= ~value; return;
      case ICS: this.cause(value); return;
      case R.E1000_STATUS: return;
      case R.E1000_CTRL:
        if (value & D.E1000_CTRL_RST) { this.reset(); value &= ~D.E1000_CTRL_RST; }
        if (value & D.E1000_CTRL_PHY_RST) this.phy.reset();
        r[i] = value;
        return;
      case R.E1000_MDIC: r[i] = this.phy.mdic(value); return;
      case R.E1000_EERD: r[i] = (this.nvm[(value >>> D.E1000_NVM_RW_ADDR_SHIFT) & (NVM_WORDS - 1)] << D.E1000_NVM_RW_REG_DATA) | D.E1000_NVM_RW_REG_DONE; return;
      default:
        r[i] = value;
        if (offset >= R.E1000_RSSRK(0) && offset < R.E1000_RSSRK(10)) this.rss.forget();
        if (offset >= 0x2800) this.queueRegister(offset, value);
    }
  }

  /** Tail, head and control registers of queues 0 to 3 (0x100 apart) and of all (0x40 apart, from 0xc000 and 0xe000). */
  private queueRegister(offset: number, value: number): void {
    let queue: number, reg: number, tx: boolean;
    if (offset >= 0xe000 && offset < 0xe400) { queue = (offset - 0xe000) >> 6; reg = offset & 0x3f; tx = true; }
    else if (offset >= 0xc000 && offset < 0xc400) { queue = (offset - 0xc000) >> 6; reg = offset & 0x3f; tx = false; }
    else if (offset >= 0x3800 && offset < 0x3c00) { queue = (offset - 0x3800) >> 8; reg = offset & 0xff; tx = true; }
    else if (offset >= 0x2800 && offset < 0x2c00) { queue = (offset - 0x2800) >> 8; reg = offset & 0xff; tx = false; }
    else return;
    if (tx) this.txRegister(this.tx[queue], queue, reg, value); else this.rxRegister(this.rx[queue], reg, value);
  }

  private txRegister(q: TxQueue, queue: number, reg: number, value: number): void {
    if (reg === 0x10) q.head = value;
    else if (reg === 0x28) q.enabled = (value & D.E1000_TXDCTL_QUEUE_ENABLE) !== 0;
    else if (reg === 0x18) {
      q.tail = value;
      if (q.enabled && !q.busy && q.head !== q.tail && (this.regs[R.E1000_TCTL >> 2] & D.E1000_TCTL_EN)) {
        q.busy = true;
        this.machine.at(this.now() + this.timing.fetch, () => this.fetch(q, queue));
      }
    }
  }

  private rxRegister(q: RxQueue, reg: number, value: number): void {
    if (reg === 0x10) q.head = value;
    else if (reg === 0x28) q.enabled = (value & D.E1000_RXDCTL_QUEUE_ENABLE) !== 0;
    else if (reg === 0x18) q.tail = value;
  }

  private now(): number { return current.cpu.clock; }
  private ring<T>(reg: number): T[] { return this.host.coherent.get(this.regs[reg >> 2] >>> 0) as T[]; }

  /** The next packet of a transmit queue: its descriptors are read, its frames go to the transmitter, then the write-back. */
  private fetch(q: TxQueue, queue: number): void {
    const ring = this.ring<e1000_adv_tx_desc>(R.E1000_TDBAL(queue));
    if (!q.enabled || !ring || q.head === q.tail) { q.busy = false; return; }
    const pieces: Uint8Array[] = [];
    let first: e1000_adv_tx_desc = null, last: e1000_adv_tx_desc = null, length = 0;
    while (q.head !== q.tail && last === null) {
      const desc = ring[q.head];
      q.head = q.head + 1 === ring.length ? 0 : q.head + 1;
      const command = desc.cmd_type_len;
      if (((command & 0x00f00000) >>> 0) === D.E1000_ADVTXD_DTYP_CTXT) { q.context = contextOf(desc); continue; }
      if (first === null) first = desc;
      const size = command & 0xffff, at = desc.buffer_addr;
      pieces.push(at.data.subarray(at.offset, at.offset + size));
      length += size;
      if (command & D.E1000_TXD_CMD_EOP) last = desc;
    }
    this.regs[R.E1000_TDH(queue) >> 2] = q.head;
    if (last === null) { q.busy = false; return; }
    this.transmit(q, queue, first, last, join(pieces, length));
  }

  private transmit(q: TxQueue, queue: number, first: e1000_adv_tx_desc, last: e1000_adv_tx_desc, packet: Uint8Array): void {
    const popts = first.olinfo_status >>> 8, tso = (first.cmd_type_len & D.E1000_ADVTXD_DCMD_TSE) !== 0;
    const frames = segment(packet, q.context, tso, (popts & D.E1000_TXD_POPTS_IXSM) !== 0, (popts & D.E1000_TXD_POPTS_TXSM) !== 0);
    const fetched = this.now() + Math.round((packet.length * this.timing.dmaPerKilobyte) / 1000);
    let time = Math.max(fetched, this.transmitterFree);
    for (const bytes of frames) {
      time += this.wire === null ? 0 : this.wire.serialisation(bytes.length);
      this.send({ bytes, packet: first.packet }, time);
      this.count(bytes.length, true);
    }
    this.transmitterFree = time;
    this.moved(packet.length);
    this.machine.packet_event('dma', first.packet, this.name);
    this.machine.at(fetched + this.timing.writeBack, () => {
      if (last.cmd_type_len & D.E1000_TXD_CMD_RS) {
        last.status |= D.E1000_TXD_STAT_DD;
        this.vectorOf(queue, 8);
      }
      const backlog = this.wire === null ? 0 : this.transmitterFree - this.wire.serialisation(TX_BUFFER);
      if (backlog > this.now()) this.machine.at(backlog, () => this.fetch(q, queue)); else this.fetch(q, queue);
    });
  }

  private send(frame: Frame, time: number): void {
    const padded = frame.bytes.length >= 60 ? frame.bytes : pad(frame.bytes);
    this.machine.at(time, () => this.wire?.carry(this, { bytes: padded, packet: frame.packet }, time));
  }

  private moved(length: number): void { this.dma.times++; this.dma.bytes += length; }

  private count(length: number, out: boolean): void {
    const r = this.regs;
    r[(out ? R.E1000_GPTC : R.E1000_GPRC) >> 2]++;
    r[(out ? R.E1000_TPT : R.E1000_TPR) >> 2]++;
    r[(out ? R.E1000_GOTCL : R.E1000_GORCL) >> 2] += length + 4;
  }

  receive(frame: Frame): void {
    const bytes = frame.bytes;
    if (!(this.regs[R.E1000_RCTL >> 2] & D.E1000_RCTL_EN) || !this.accepts(bytes) || bytes.length + 4 > this.regs[R.E1000_RLPML >> 2]) return;
    const parsed = parseRx(bytes), hash = this.rss.hash(parsed, this.regs);
    const queue = hash === 0 ? 0 : (this.regs[(R.E1000_RETA(0) >> 2) + ((hash & 0x7f) >> 2)] >>> ((hash & 3) * 8)) & 0x7;
    const q = this.rx[queue], ring = this.ring<e1000_adv_rx_desc>(R.E1000_RDBAL(queue));
    const size = (this.regs[R.E1000_SRRCTL(queue) >> 2] & 0x7f) * 1024, needed = Math.ceil(bytes.length / size);
    if (!q.enabled || !ring || (q.tail - q.head + ring.length) % ring.length < needed) {
      this.regs[(q.enabled ? R.E1000_RQDPC(queue) : R.E1000_MPC) >> 2]++;
      this.machine.packet_event('drop', frame.packet, `${this.name}: receive ring empty`);
      return;
    }
    const buffers = [ring[q.head]];
    for (let i = 1; i < needed; i++) buffers.push(ring[(q.head + i) % ring.length]);
    q.head = (q.head + needed) % ring.length;
    this.regs[R.E1000_RDH(queue) >> 2] = q.head;
    this.count(bytes.length, false);
    this.machine.at(this.now() + this.timing.receiveDma, () => this.deposit(buffers, size, frame, hash, parsed.status, queue));
  }

  /** Puts a frame into as many buffers of `size` bytes as it needs; the last one's descriptor ends it. */
  private deposit(buffers: readonly e1000_adv_rx_desc[], size: number, frame: Frame, hash: number, status: number, queue: number): void {
    if (buffers.some((desc) => desc.pkt_addr === null)) return;
    for (const [i, desc] of buffers.entries()) {
      const to: DmaAddress = desc.pkt_addr, part = frame.bytes.subarray(i * size, (i + 1) * size);
      to.data.set(part, to.offset);
      desc.length = part.length;
      desc.rss = hash;
      desc.packet = frame.packet;
      desc.status_error = D.E1000_RXD_STAT_DD | (i === buffers.length - 1 ? D.E1000_RXD_STAT_EOP | status : 0);
    }
    this.moved(frame.bytes.length);
    this.machine.packet_event('dma', frame.packet, this.name);
    this.vectorOf(queue, 0);
  }

  /** Unicast to one of the receive addresses, broadcast, a multicast group in the table, or promiscuous. */
  private accepts(b: Uint8Array): boolean {
    const r = this.regs, rctl = r[R.E1000_RCTL >> 2];
    if (b[0] & 1) {
      if ((b[0] & b[1] & b[2] & b[3] & b[4] & b[5]) === 0xff) return (rctl & D.E1000_RCTL_BAM) !== 0;
      if (rctl & D.E1000_RCTL_MPE) return true;
      const hash = ((b[4] >> 4) | (b[5] << 4)) & 0xfff;
      return (r[(R.E1000_MTA >> 2) + (hash >> 5)] & (1 << (hash & 31))) !== 0;
    }
    if (rctl & D.E1000_RCTL_UPE) return true;
    const low = b[0] | (b[1] << 8) | (b[2] << 16) | (b[3] << 24), high = b[4] | (b[5] << 8);
    for (let i = 0; i < 24; i++) {
      const rah = r[R.E1000_RAH(i) >> 2];
      if (rah & D.E1000_RAH_AV && (rah & 0xffff) === high && r[R.E1000_RAL(i) >> 2] === low) return true;
    }
    return false;
  }

  /** Raises the vector that the queue is routed to; `half` 0 for receive, 8 for transmit. */
  private vectorOf(queue: number, half: number): void {
    const ivar = this.regs[(IVAR0 >> 2) + (queue & 7)] >>> (((queue & 8) << 1) + half);
    if (ivar & VALID) this.extended(1 << (ivar & 0x1f));
  }

  /** A cause of the "other" vector. */
  private cause(bits: number): void {
    const r = this.regs;
    r[ICR >> 2] |= bits;
    const ivar = r[IVAR_MISC >> 2] >>> 8;
    if ((r[ICR >> 2] & r[IMS >> 2]) && (ivar & VALID)) this.extended(1 << (ivar & 0x1f));
  }

  private extended(bits: number): void {
    this.regs[EICR >> 2] |= bits;
    this.unmasked(bits);
  }

  /** Sends the message of every vector in `bits` that is pending and not masked, after its throttling interval. */
  private unmasked(bits: number): void {
    const r = this.regs, due = r[EICR >> 2] & r[EIMS >> 2] & bits;
    if (due === 0) return;
    const time = this.now() + this.timing.interrupt;
    for (let v = 0; v < VECTORS; v++) {
      if (!(due & (1 << v)) || this.waiting[v] !== null) continue;
      const when = Math.max(time, this.allowed[v]);
      this.waiting[v] = this.machine.at(when, () => this.fire(v));
    }
  }

  private fire(v: number): void {
    const r = this.regs, bit = 1 << v;
    this.waiting[v] = null;
    if (!(r[EICR >> 2] & r[EIMS >> 2] & bit) || v >= this.irqs.length) return;
    if (r[EIAC >> 2] & bit) r[EICR >> 2] &= ~bit;
    if (this.timing.autoMask && (r[EIAM >> 2] & bit)) r[EIMS >> 2] &= ~bit;
    this.allowed[v] = this.now() + ((r[(EITR0 >> 2) + v] & 0x7ffc) >> 2) * 1000;
    const irq = this.irqs[v], cpu = this.affinity(v);
    this.machine.interrupt_at(this.now(), cpu, () => this.machine.entries.irq(irq));
  }
}

function contextOf(desc: e1000_adv_tx_desc): TxContext {
  const lengths = desc.vlan_macip_lens, l4 = desc.mss_l4len_idx, type = desc.type_tucmd_mlhl;
  return {
    maclen: (lengths >>> D.E1000_ADVTXD_MACLEN_SHIFT) & 0x7f, iplen: lengths & 0x1ff, l4len: (l4 >>> D.E1000_ADVTXD_L4LEN_SHIFT) & 0xff,
    mss: l4 >>> D.E1000_ADVTXD_MSS_SHIFT, ipv4: (type & D.E1000_ADVTXD_TUCMD_IPV4) !== 0, tcp: (type & D.E1000_ADVTXD_TUCMD_L4T_TCP) !== 0,
  };
}

function join(pieces: Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) { all.set(piece, at); at += piece.length; }
  return all;
}

function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(60);
  padded.set(bytes);
  return padded;
}
