/** net/core/dev_addr_lists.c: link addresses a device has or listens to. */
import type { net_device } from '../../include/linux/netdevice';
import { MAX_ADDR_LEN, NETDEV_HW_ADDR_T_LAN, NETDEV_HW_ADDR_T_MULTICAST, NETDEV_HW_ADDR_T_UNICAST, netdev_hw_addr, netdev_hw_addr_list, netif_addr_lock_bh, netif_addr_unlock_bh } from '../../include/linux/netdevice';
import { INIT_LIST_HEAD, list_add_tail_rcu, list_del_rcu, list_first_entry } from '../../include/linux/list';
import { __dev_set_rx_mode } from './dev';
import { EEXIST, EINVAL, ENOENT, ENOMEM } from '../../include/uapi/asm-generic/errno';

/** 0 when the first `len` bytes are equal. */
function memcmp(a: Uint8Array, b: Uint8Array, len: number): number {
  for (let i = 0; i < len; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

export function __hw_addr_create_ex(list: netdev_hw_addr_list, addr: Uint8Array, addr_len: number, addr_type: number, global: boolean, sync: boolean): number {
  let ha: netdev_hw_addr;

  ha = new netdev_hw_addr();
  if (!ha)
    return -ENOMEM;
  ha.addr.set(addr.subarray(0, addr_len));
  ha.type = addr_type;
  ha.refcount = 1;
  ha.global_use = global;
  ha.synced = sync ? 1 : 0;
  ha.sync_cnt = 0;
  list_add_tail_rcu(ha.list, list.list);
  list.count++;

  return 0;
}

export function __hw_addr_add_ex(list: netdev_hw_addr_list, addr: Uint8Array, addr_len: number, addr_type: number, global: boolean, sync: boolean): number {
  let ha: netdev_hw_addr;

  if (addr_len > MAX_ADDR_LEN)
    return -EINVAL;

  for (let p = list.list.next; p !== list.list; p = p.next) {
    ha = p.owner;
    if (!memcmp(ha.addr, addr, addr_len) && ha.type === addr_type) {
      if (global) {
        if (ha.global_use)
          return 0;
        else
          ha.global_use = true;
      }
      if (sync) {
        if (ha.synced)
          return -EEXIST;
        else
          ha.synced = 1;
      }
      ha.refcount++;
      return 0;
    }
  }

  return __hw_addr_create_ex(list, addr, addr_len, addr_type, global, sync);
}

export function __hw_addr_add(list: netdev_hw_addr_list, addr: Uint8Array, addr_len: number, addr_type: number): number {
  return __hw_addr_add_ex(list, addr, addr_len, addr_type, false, false);
}

export function __hw_addr_del_entry(list: netdev_hw_addr_list, ha: netdev_hw_addr, global: boolean, sync: boolean): number {
  if (global && !ha.global_use)
    return -ENOENT;

  if (sync && !ha.synced)
    return -ENOENT;

  if (global)
    ha.global_use = false;

  if (sync)
    ha.synced = 0;

  if (--ha.refcount)
    return 0;
  list_del_rcu(ha.list);
  list.count--;
  return 0;
}

export function __hw_addr_del_ex(list: netdev_hw_addr_list, addr: Uint8Array, addr_len: number, addr_type: number, global: boolean, sync: boolean): number {
  let ha: netdev_hw_addr;

  for (let p = list.list.next; p !== list.list; p = p.next) {
    ha = p.owner;
    if (!memcmp(ha.addr, addr, addr_len) && (ha.type === addr_type || !addr_type))
      return __hw_addr_del_entry(list, ha, global, sync);
  }
  return -ENOENT;
}

export function __hw_addr_del(list: netdev_hw_addr_list, addr: Uint8Array, addr_len: number, addr_type: number): number {
  return __hw_addr_del_ex(list, addr, addr_len, addr_type, false, false);
}

export function __hw_addr_flush(list: netdev_hw_addr_list): void {
  for (let p = list.list.next; p !== list.list; p = p.next)
    list_del_rcu(p);
  list.count = 0;
}

export function __hw_addr_init(list: netdev_hw_addr_list): void {
  INIT_LIST_HEAD(list.list);
  list.count = 0;
}

export function dev_addr_flush(dev: net_device): void {
  __hw_addr_flush(dev.dev_addrs);
  dev.dev_addr = null;
}

/** Gives the device its first address, all zeroes; dev->dev_addr are its bytes. */
export function dev_addr_init(dev: net_device): number {
  const addr = new Uint8Array(MAX_ADDR_LEN);
  let ha: netdev_hw_addr;
  let err: number;

  __hw_addr_init(dev.dev_addrs);
  err = __hw_addr_add(dev.dev_addrs, addr, MAX_ADDR_LEN, NETDEV_HW_ADDR_T_LAN);
  if (!err) {
    ha = list_first_entry(dev.dev_addrs.list);
    dev.dev_addr = ha.addr;
  }
  return err;
}

export function dev_uc_add(dev: net_device, addr: Uint8Array): number {
  let err: number;

  netif_addr_lock_bh(dev);
  err = __hw_addr_add(dev.uc, addr, dev.addr_len, NETDEV_HW_ADDR_T_UNICAST);
  if (!err)
    __dev_set_rx_mode(dev);
  netif_addr_unlock_bh(dev);
  return err;
}

export function dev_uc_del(dev: net_device, addr: Uint8Array): number {
  let err: number;

  netif_addr_lock_bh(dev);
  err = __hw_addr_del(dev.uc, addr, dev.addr_len, NETDEV_HW_ADDR_T_UNICAST);
  if (!err)
    __dev_set_rx_mode(dev);
  netif_addr_unlock_bh(dev);
  return err;
}

export function dev_uc_flush(dev: net_device): void {
  netif_addr_lock_bh(dev);
  __hw_addr_flush(dev.uc);
  netif_addr_unlock_bh(dev);
}

export function dev_uc_init(dev: net_device): void {
  __hw_addr_init(dev.uc);
}

export function __dev_mc_add(dev: net_device, addr: Uint8Array, global: boolean): number {
  let err: number;

  netif_addr_lock_bh(dev);
  err = __hw_addr_add_ex(dev.mc, addr, dev.addr_len, NETDEV_HW_ADDR_T_MULTICAST, global, false);
  if (!err)
    __dev_set_rx_mode(dev);
  netif_addr_unlock_bh(dev);
  return err;
}

/** Listens to a multicast address (counted). */
export function dev_mc_add(dev: net_device, addr: Uint8Array): number {
  return __dev_mc_add(dev, addr, false);
}

export function dev_mc_add_global(dev: net_device, addr: Uint8Array): number {
  return __dev_mc_add(dev, addr, true);
}

export function __dev_mc_del(dev: net_device, addr: Uint8Array, global: boolean): number {
  let err: number;

  netif_addr_lock_bh(dev);
  err = __hw_addr_del_ex(dev.mc, addr, dev.addr_len, NETDEV_HW_ADDR_T_MULTICAST, global, false);
  if (!err)
    __dev_set_rx_mode(dev);
  netif_addr_unlock_bh(dev);
  return err;
}

export function dev_mc_del(dev: net_device, addr: Uint8Array): number {
  return __dev_mc_del(dev, addr, false);
}

export function dev_mc_del_global(dev: net_device, addr: Uint8Array): number {
  return __dev_mc_del(dev, addr, true);
}

export function dev_mc_flush(dev: net_device): void {
  netif_addr_lock_bh(dev);
  __hw_addr_flush(dev.mc);
  netif_addr_unlock_bh(dev);
}

export function dev_mc_init(dev: net_device): void {
  __hw_addr_init(dev.mc);
}
