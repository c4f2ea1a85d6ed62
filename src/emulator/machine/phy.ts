/** The copper PHY inside the 82576 (IGP03): the management registers that the driver reads, and auto-negotiation. */
import type { MachineEvent, MachinePort } from '../include/ports';
import { current } from '../include/ports';

const CONTROL = 0, STATUS = 1, ID1 = 2, ID2 = 3, ADVERTISE = 4, PARTNER = 5, GIG_CONTROL = 9, GIG_STATUS = 10, PORT_STATUS = 17, PAGE = 31;
const POWER_DOWN = 0x0800, RESTART = 0x0200, ENABLE = 0x1000;
const STATUS_LINK = 0x0004, STATUS_DONE = 0x0020, STATUS_FIXED = 0x7949;
const READY = 0x10000000, OP_READ = 0x08000000;

/** The registers of clause 22 of IEEE 802.3 that the driver reads through MDIC, and a partner that offers 1000BASE-T full duplex. */
export class Phy {
  private readonly regs = new Uint16Array(32);
  private negotiating: MachineEvent | null = null;
  private done = false;

  /** `changed` is called when `negotiated` has changed. `duration`: of auto-negotiation, ns. */
  constructor(private readonly machine: MachinePort, private readonly duration: number, private readonly changed: () => void) { this.defaults(); }

  get negotiated(): boolean { return this.done; }

  private defaults(): void {
    const r = this.regs;
    r.fill(0);
    r[CONTROL] = ENABLE | 0x0140;
    r[STATUS] = STATUS_FIXED;
    r[ID1] = 0x02a8;
    r[ID2] = 0x0391;
    r[ADVERTISE] = 0x0de1;
    r[PARTNER] = 0x4de0;
    r[GIG_CONTROL] = 0x0e00;
    r[GIG_STATUS] = 0x3c00;
  }

  /** A reset through the MAC: the link is lost. */
  reset(): void {
    this.lose();
    this.defaults();
  }

  setLink(up: boolean): void {
    if (up) {
      this.regs[STATUS] |= STATUS_LINK | STATUS_DONE;
      this.regs[PORT_STATUS] = 0xc400;
    } else {
      this.regs[STATUS] &= ~(STATUS_LINK | STATUS_DONE);
      this.regs[PORT_STATUS] = 0;
    }
  }

  /** One management operation; the value that the register MDIC then has. */
  mdic(command: number): number {
    const reg = (command >>> 16) & 0x1f;
    if (command & OP_READ) return (command & 0xffff0000 & ~0x40000000) | READY | this.regs[reg];
    this.write(reg, command & 0xffff);
    return (command & ~0x40000000) | READY;
  }

  private write(reg: number, value: number): void {
    if (reg === CONTROL) {
      this.regs[CONTROL] = value & ~RESTART;
      if (value & POWER_DOWN) this.lose();
      else if (value & RESTART) this.negotiate();
    } else if (reg !== STATUS && reg !== ID1 && reg !== ID2 && reg !== PARTNER && reg !== GIG_STATUS) this.regs[reg] = reg === PAGE ? 0 : value;
  }

  private lose(): void {
    if (this.negotiating !== null) this.negotiating.cancelled = true;
    this.negotiating = null;
    if (!this.done) return;
    this.done = false;
    this.changed();
  }

  private negotiate(): void {
    this.lose();
    this.negotiating = this.machine.at(current.cpu.clock + this.duration, () => {
      this.negotiating = null;
      this.done = true;
      this.changed();
    });
  }
}
