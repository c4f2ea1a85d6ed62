/**
 * drivers/net/ethernet/intel/igb/e1000_regs.h: offsets of the 82576's registers from its BAR 0, in bytes, and the accessors. Chapter 8 of the 82576
 * datasheet (Programming Interface) describes each under the name it has here. A function gives the offset of one register of an array; the rings of
 * queues 0 to 3 are written at their older addresses, where the 82575 has them too, the further ones 0x40 bytes apart.
 */
import type { e1000_hw } from './e1000_hw';

/** Writes a register: 32 bits at byte offset `reg`. */
export function wr32(hw: e1000_hw, reg: number, value: number): void { hw.hw_addr.base.write(reg, value >>> 0); }
/** Reads a register; a signed 32-bit number, as the driver only tests bits. Counters clear themselves by it. */
export function rd32(hw: e1000_hw, reg: number): number { return hw.hw_addr.base.read(reg) | 0; }
/** Flushes posted writes by reading STATUS. */
export function wrfl(hw: e1000_hw): void { rd32(hw, E1000_STATUS); }
/** Writes entry `offset` (in words of 32 bits) of the register array at `reg`. */
export function array_wr32(hw: e1000_hw, reg: number, offset: number, value: number): void { hw.hw_addr.base.write(reg + (offset << 2), value >>> 0); }
/** Reads entry `offset` (in words of 32 bits) of the register array at `reg`. */
export function array_rd32(hw: e1000_hw, reg: number, offset: number): number { return hw.hw_addr.base.read(reg + (offset << 2)) | 0; }

export const E1000_ALGNERRC = 0x4004;
export const E1000_B2OGPRC = 0x4158;
export const E1000_B2OSPC = 0x8fe0;
export const E1000_BPRC = 0x4078;
export const E1000_BPTC = 0x40f4;
export const E1000_CBRMPC = 0x40fc;
export const E1000_CBTMPC = 0x402c;
export const E1000_CEXTERR = 0x403c;
export const E1000_COLC = 0x4028;
export const E1000_CRCERRS = 0x4000;
export const E1000_CTRL = 0;
export const E1000_CTRL_EXT = 0x18;
export const E1000_DC = 0x4030;
export const E1000_DMACR = 0x2508;
export const E1000_DMCTXTH = 0x3550;
export const E1000_DTXCTL = 0x3590;
export const E1000_DTXSWC = 0x3500;
export const E1000_ECOL = 0x4018;
export const E1000_EECD = 0x10;
export const E1000_EEMNGCTL = 0x1010;
export const E1000_EERD = 0x14;
export const E1000_EEWR = 0x102c;
export const E1000_EIAC = 0x152c;
export const E1000_EIAM = 0x1530;
export const E1000_EICS = 0x1520;
export const E1000_EIMC = 0x1528;
export const E1000_EIMS = 0x1524;
export const E1000_FACTPS = 0x5b30;
export const E1000_FCAH = 0x2c;
export const E1000_FCAL = 0x28;
export const E1000_FCRTH = 0x2168;
export const E1000_FCRTL = 0x2160;
export const E1000_FCRUC = 0x4058;
export const E1000_FCT = 0x30;
export const E1000_FCTTV = 0x170;
export const E1000_FWSM = 0x5b54;
export const E1000_GCR = 0x5b00;
export const E1000_GORCH = 0x408c;
export const E1000_GORCL = 0x4088;
export const E1000_GOTCH = 0x4094;
export const E1000_GOTCL = 0x4090;
export const E1000_GPIE = 0x1514;
export const E1000_GPRC = 0x4074;
export const E1000_GPTC = 0x4080;
export const E1000_HGORCH = 0x412c;
export const E1000_HGORCL = 0x4128;
export const E1000_HGOTCH = 0x4134;
export const E1000_HGOTCL = 0x4130;
export const E1000_HGPTC = 0x4118;
export const E1000_HTCBDPC = 0x4124;
export const E1000_HTDPMC = 0x403c;
export const E1000_IAC = 0x4100;
export const E1000_IAM = 0xe0;
export const E1000_ICR = 0xc0;
export const E1000_ICRXATC = 0x4108;
export const E1000_ICRXDMTC = 0x4120;
export const E1000_ICRXOC = 0x4124;
export const E1000_ICRXPTC = 0x4104;
export const E1000_ICS = 0xc8;
export const E1000_ICTXATC = 0x4110;
export const E1000_ICTXPTC = 0x410c;
export const E1000_ICTXQEC = 0x4118;
export const E1000_ICTXQMTC = 0x411c;
export const E1000_IMC = 0xd8;
export const E1000_IMS = 0xd0;
export const E1000_IVAR0 = 0x1700;
export const E1000_IVAR_MISC = 0x1740;
export const E1000_LATECOL = 0x4020;
export const E1000_LEDCTL = 0xe00;
export const E1000_LENERRS = 0x4138;
export const E1000_MANC = 0x5820;
export const E1000_MBVFIMR = 0xc84;
export const E1000_MCC = 0x401c;
export const E1000_MDIC = 0x20;
export const E1000_MGTPDC = 0x40b8;
export const E1000_MGTPRC = 0x40b4;
export const E1000_MGTPTC = 0x40bc;
export const E1000_MPC = 0x4010;
export const E1000_MPRC = 0x407c;
export const E1000_MPTC = 0x40f0;
export const E1000_MRQC = 0x5818;
export const E1000_MTA = 0x5200;
export const E1000_O2BGPTC = 0x8fe4;
export const E1000_O2BSPC = 0x415c;
export const E1000_PBA = 0x1000;
export const E1000_PCIEMISC = 0x5bb8;
export const E1000_PRC1023 = 0x406c;
export const E1000_PRC127 = 0x4060;
export const E1000_PRC1522 = 0x4070;
export const E1000_PRC255 = 0x4064;
export const E1000_PRC511 = 0x4068;
export const E1000_PRC64 = 0x405c;
export const E1000_PTC1023 = 0x40e8;
export const E1000_PTC127 = 0x40dc;
export const E1000_PTC1522 = 0x40ec;
export const E1000_PTC255 = 0x40e0;
export const E1000_PTC511 = 0x40e4;
export const E1000_PTC64 = 0x40d8;
export const E1000_QDE = 0x2408;
export const E1000_RCTL = 0x100;
export const E1000_RFC = 0x40a8;
export const E1000_RJC = 0x40b0;
export const E1000_RLEC = 0x4040;
export const E1000_RLPML = 0x5004;
export const E1000_RNBC = 0x40a0;
export const E1000_ROC = 0x40ac;
export const E1000_RPLOLR = 0x5af0;
export const E1000_RPTHC = 0x4104;
export const E1000_RUC = 0x40a4;
export const E1000_RXCSUM = 0x5000;
export const E1000_RXERRC = 0x400c;
export const E1000_RXPBS = 0x2404;
export const E1000_RXSTMPH = 0xb628;
export const E1000_SCC = 0x4014;
export const E1000_SCVPC = 0x4228;
export const E1000_SEC = 0x4038;
export const E1000_STATUS = 8;
export const E1000_SWSM = 0x5b50;
export const E1000_SW_FW_SYNC = 0x5b5c;
export const E1000_SYMERRS = 0x4008;
export const E1000_SYSTIMH = 0xb604;
export const E1000_SYSTIML = 0xb600;
export const E1000_TCTL = 0x400;
export const E1000_THSTAT = 0x8110;
export const E1000_TIMINCA = 0xb608;
export const E1000_TNCRS = 0x4034;
export const E1000_TORH = 0x40c4;
export const E1000_TORL = 0x40c0;
export const E1000_TOTH = 0x40cc;
export const E1000_TOTL = 0x40c8;
export const E1000_TPR = 0x40d0;
export const E1000_TPT = 0x40d4;
export const E1000_TSAUXC = 0xb640;
export const E1000_TSCTC = 0x40f8;
export const E1000_TSCTFC = 0x40fc;
export const E1000_TSICR = 0xb66c;
export const E1000_TSYNCRXCTL = 0xb620;
export const E1000_UTA = 0xa000;
export const E1000_VET = 0x38;
export const E1000_VFRE = 0xc8c;
export const E1000_VFTA = 0x5600;
export const E1000_VFTE = 0xc90;
export const E1000_VT_CTL = 0x581c;
export const E1000_WUC = 0x5800;
export const E1000_WVBR = 0x3554;
export const E1000_XOFFRXC = 0x4050;
export const E1000_XOFFTXC = 0x4054;
export const E1000_XONRXC = 0x4048;
export const E1000_XONTXC = 0x404c;
/** Interrupt throttle of vector n: the least time between two interrupts, in its bits 2 to 14. */
export function E1000_EITR(n: number): number { return 0x1680 + n * 4; }
/** 82575 only: which causes raise vector n. */
export function E1000_MSIXBM(n: number): number { return 0x1600 + n * 4; }
/** Receive address n, upper 16 bits, with its valid bit and pool. Entries 16 to 23 stand apart. */
export function E1000_RAH(n: number): number { return n < 16 ? 0x5404 + n * 8 : 0x5464 + n * 8; }
/** Receive address n, lower 32 bits in network order. */
export function E1000_RAL(n: number): number { return n < 16 ? 0x5400 + n * 8 : 0x5460 + n * 8; }
/** Receive ring n: upper 32 bits of its address. */
export function E1000_RDBAH(n: number): number { return n < 4 ? 0x2804 + n * 0x100 : 0xc004 + n * 0x40; }
/** Receive ring n: lower 32 bits of its address. */
export function E1000_RDBAL(n: number): number { return n < 4 ? 0x2800 + n * 0x100 : 0xc000 + n * 0x40; }
/** Receive ring n: head, the descriptor that the device fills next. */
export function E1000_RDH(n: number): number { return n < 4 ? 0x2810 + n * 0x100 : 0xc010 + n * 0x40; }
/** Receive ring n: length in bytes, 16 a descriptor. */
export function E1000_RDLEN(n: number): number { return n < 4 ? 0x2808 + n * 0x100 : 0xc008 + n * 0x40; }
/** Receive ring n: tail, the first descriptor that the device must not use; writing it hands over what is before. */
export function E1000_RDT(n: number): number { return n < 4 ? 0x2818 + n * 0x100 : 0xc018 + n * 0x40; }
/** Redirection table: entries 4n to 4n + 3, a byte each, give the queue for the low seven bits of the RSS hash. */
export function E1000_RETA(n: number): number { return 0x5c00 + n * 4; }
/** Receive queue n: packets dropped for want of a descriptor. */
export function E1000_RQDPC(n: number): number { return 0xc030 + n * 0x40; }
/** RSS key: bytes 4n to 4n + 3 of forty. */
export function E1000_RSSRK(n: number): number { return 0x5c80 + n * 4; }
/** Receive ring n: on or off, and the thresholds for fetching and writing back descriptors. */
export function E1000_RXDCTL(n: number): number { return n < 4 ? 0x2828 + n * 0x100 : 0xc028 + n * 0x40; }
/** Receive ring n: size of its buffers (KiB in the low seven bits), form of its descriptors, drop or wait when it is empty. */
export function E1000_SRRCTL(n: number): number { return n < 4 ? 0x280c + n * 0x100 : 0xc00c + n * 0x40; }
/** Transmit ring n: upper 32 bits of its address. */
export function E1000_TDBAH(n: number): number { return n < 4 ? 0x3804 + n * 0x100 : 0xe004 + n * 0x40; }
/** Transmit ring n: lower 32 bits of its address. */
export function E1000_TDBAL(n: number): number { return n < 4 ? 0x3800 + n * 0x100 : 0xe000 + n * 0x40; }
/** Transmit ring n: head, the descriptor that the device sends next. */
export function E1000_TDH(n: number): number { return n < 4 ? 0x3810 + n * 0x100 : 0xe010 + n * 0x40; }
/** Transmit ring n: length in bytes, 16 a descriptor. */
export function E1000_TDLEN(n: number): number { return n < 4 ? 0x3808 + n * 0x100 : 0xe008 + n * 0x40; }
/** Transmit ring n: tail, behind the last descriptor to send; writing it rings the doorbell. */
export function E1000_TDT(n: number): number { return n < 4 ? 0x3818 + n * 0x100 : 0xe018 + n * 0x40; }
/** Transmit ring n: on or off, and the thresholds for fetching and writing back descriptors. */
export function E1000_TXDCTL(n: number): number { return n < 4 ? 0x3828 + n * 0x100 : 0xe028 + n * 0x40; }
/** What pool n of the virtual machines receives: broadcasts, tagged and oversized frames, RSS. */
export function E1000_VMOLR(n: number): number { return 0x5ad0 + n * 4; }
