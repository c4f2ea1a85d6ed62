/** include/linux/pci.h: one function on the bus, its registers, its MSI-X vectors, its driver. */
import type { Gen, Host } from '../ports';
import { current } from '../ports';
import { device } from './device';
import type { iomem } from './io';
import { iomem_ptr } from './io';
import { ENOSPC } from '../uapi/asm-generic/errno';

export const PCI_VENDOR_ID_INTEL = 0x8086;
export const PCI_EXP_DEVCTL2 = 40;

export class msix_entry { vector = 0; entry = 0; }

/** What the machine plugs in: registers, and lines that raise vectors. */
export interface PciFunction extends iomem {
  readonly vendor: number;
  readonly device: number;
  /** Number of MSI-X vectors; vector v of the function becomes interrupt line `irqs[v]`. */
  readonly vectors: number;
  enable_msix(irqs: number[]): void;
}

export class pci_dev {
  vendor = 0;
  device = 0;
  slot = '';
  irq = 0;
  dev = new device();
  fn: PciFunction = null;
  driver: pci_driver = null;
  driver_data: unknown = null;
  msix_enabled = 0;
  saved_state = 0;
  config: Map<number, number> = new Map();
}

export interface pci_device_id { vendor: number; device: number; driver_data: number }
export interface pci_driver { name: string; id_table: pci_device_id[]; probe(pdev: pci_dev, ent: pci_device_id): Gen<number>; remove?(pdev: pci_dev): Gen<void> }

declare module '../ports' { interface Host { pci_devices: pci_dev[]; next_msix_irq: number } }
/** Line of the first MSI-X vector, as on the recorded guests. */
export function pci_globals(host: Host): void { host.pci_devices = []; host.next_msix_irq = 40; }

/** The machine adds a function to the bus before the host boots. */
export function pci_plug(host: Host, fn: PciFunction, slot: string): pci_dev {
  const pdev = new pci_dev();
  pdev.vendor = fn.vendor;
  pdev.device = fn.device;
  pdev.fn = fn;
  pdev.slot = slot;
  pdev.dev.init_name = slot;
  pdev.dev.owner = pdev;
  host.pci_devices.push(pdev);
  return pdev;
}

/** Registers a driver: probes every function that its table names. */
export function* pci_register_driver(drv: pci_driver): Gen<number> {
  const devices = current.host.pci_devices;
  for (let i = 0; i < devices.length; i++) {
    const pdev = devices[i];
    const ent = drv.id_table.find((id) => id.vendor === pdev.vendor && id.device === pdev.device);
    if (ent && !pdev.driver && (yield* local_pci_probe(drv, pdev, ent)) === 0) pdev.driver = drv;
  }
  return 0;
}
function* local_pci_probe(drv: pci_driver, pdev: pci_dev, ent: pci_device_id): Gen<number> { return yield* drv.probe(pdev, ent); }

export function pci_get_drvdata(pdev: pci_dev): any { return pdev.driver_data; }
export function pci_set_drvdata(pdev: pci_dev, data: unknown): void { pdev.driver_data = data; }
export function pci_name(pdev: pci_dev): string { return pdev.slot; }
export function pci_enable_device_mem(_pdev: pci_dev): number { return 0; }
export function pci_disable_device(_pdev: pci_dev): void { /* stays on the bus */ }
export function pci_request_selected_regions(_pdev: pci_dev, _bars: number, _name: string): number { return 0; }
export function pci_release_selected_regions(_pdev: pci_dev, _bars: number): void { /* not counted */ }
export function pci_set_master(_pdev: pci_dev): void { /* always may */ }
export function pci_save_state(pdev: pci_dev): number { pdev.saved_state = 1; return 0; }
export function pci_ioremap_bar(pdev: pci_dev): iomem_ptr { return new iomem_ptr(pdev.fn, 0); }
export function pci_channel_offline(_pdev: pci_dev): boolean { return false; }
export function pci_vfs_assigned(_pdev: pci_dev): number { return 0; }
export function pcie_capability_read_word(pdev: pci_dev, pos: number, val: { v: number }): number { val.v = pdev.config.get(pos) ?? 0; return 0; }
export function pcie_capability_write_word(pdev: pci_dev, pos: number, val: number): number { pdev.config.set(pos, val); return 0; }

/** Gives every entry an interrupt line. 0, or negative when the function has fewer vectors. */
export function pci_enable_msix(pdev: pci_dev, entries: msix_entry[], nvec: number): number {
  if (nvec > pdev.fn.vectors) return -ENOSPC;
  const irqs: number[] = [];
  for (let i = 0; i < nvec; i++) irqs[entries[i].entry] = entries[i].vector = current.host.next_msix_irq++;
  pdev.fn.enable_msix(irqs);
  pdev.msix_enabled = 1;
  return 0;
}
export function pci_disable_msix(pdev: pci_dev): void { pdev.fn.enable_msix([]); pdev.msix_enabled = 0; }
export function pci_enable_msi(_pdev: pci_dev): number { return -ENOSPC; }
export function pci_disable_msi(_pdev: pci_dev): void { /* never enabled */ }
