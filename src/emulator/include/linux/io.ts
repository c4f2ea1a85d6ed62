/** include/linux/io.h: device registers behind a mapped window. */

/** What a device offers: 32-bit registers at byte offsets. */
export interface iomem {
  read(offset: number): number;
  write(offset: number, value: number): void;
}

/** An address inside a window (void __iomem *). */
export class iomem_ptr { readonly base: iomem; readonly offset: number; constructor(base: iomem, offset: number) { this.base = base; this.offset = offset; } }

export function readl(addr: iomem_ptr): number { return addr.base.read(addr.offset) >>> 0; }
export function writel(value: number, addr: iomem_ptr): void { addr.base.write(addr.offset, value >>> 0); }
