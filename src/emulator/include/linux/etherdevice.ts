/** include/linux/etherdevice.h: Ethernet addresses as byte arrays. */
import { ETH_ALEN } from './if_ether';
import { NET_ADDR_RANDOM, type net_device } from './netdevice';
import { get_random_bytes } from './random';
export { eth_type_trans, eth_header, eth_rebuild_header, eth_header_parse, eth_header_cache, eth_header_cache_update, eth_mac_addr, eth_change_mtu, eth_validate_addr, ether_setup, alloc_etherdev_mq, alloc_etherdev_mqs, eth_header_ops } from '../../net/ethernet/eth';

export function is_zero_ether_addr(addr: Uint8Array): boolean {
  return !(addr[0] | addr[1] | addr[2] | addr[3] | addr[4] | addr[5]);
}

export function is_multicast_ether_addr(addr: Uint8Array): boolean {
  return (addr[0] & 0x01) !== 0;
}

export function is_local_ether_addr(addr: Uint8Array): boolean {
  return (addr[0] & 0x02) !== 0;
}

export function is_broadcast_ether_addr(addr: Uint8Array): boolean {
  return (addr[0] & addr[1] & addr[2] & addr[3] & addr[4] & addr[5]) === 0xff;
}

export function is_unicast_ether_addr(addr: Uint8Array): boolean {
  return !is_multicast_ether_addr(addr);
}

export function is_valid_ether_addr(addr: Uint8Array): boolean {
  return !is_multicast_ether_addr(addr) && !is_zero_ether_addr(addr);
}

export function eth_random_addr(addr: Uint8Array): void {
  get_random_bytes(addr.subarray(0, ETH_ALEN));
  addr[0] &= 0xfe;
  addr[0] |= 0x02;
}

export function eth_hw_addr_random(dev: net_device): void {
  dev.addr_assign_type = NET_ADDR_RANDOM;
  eth_random_addr(dev.dev_addr);
}

export function eth_broadcast_addr(addr: Uint8Array): void { addr.fill(0xff, 0, ETH_ALEN); }

/** 0 when equal. */
export function compare_ether_addr(addr1: Uint8Array, addr2: Uint8Array): number {
  return (addr1[0] ^ addr2[0]) | (addr1[1] ^ addr2[1]) | (addr1[2] ^ addr2[2]) | (addr1[3] ^ addr2[3]) | (addr1[4] ^ addr2[4]) | (addr1[5] ^ addr2[5]);
}

export function ether_addr_equal(addr1: Uint8Array, addr2: Uint8Array): boolean {
  return !compare_ether_addr(addr1, addr2);
}

/** The first six bytes of a 64-bit load (the kernel reads eight and drops two). */
export function zap_last_2bytes(value: number): number {
  return value;
}

export function ether_addr_equal_64bits(addr1: Uint8Array, addr2: Uint8Array): boolean {
  const fold = differing(addr1, 0, addr2, 0, 6);

  return zap_last_2bytes(fold) === 0;
}

/** 0 when the two 14-byte headers, at the given offsets, are the same. */
export function compare_ether_header(a: Uint8Array, a_off: number, b: Uint8Array, b_off: number): number {
  let fold: number;
  fold = differing(a, a_off, b, b_off, 8);
  fold |= differing(a, a_off + 6, b, b_off + 6, 8);
  return fold;
}

/** A word of up to eight bytes, compared. */
function differing(a: Uint8Array, a_off: number, b: Uint8Array, b_off: number, len: number): number {
  let bits = 0;
  for (let i = 0; i < len; i++) bits |= a[a_off + i] ^ b[b_off + i];
  return bits;
}
