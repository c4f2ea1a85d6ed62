/** net/ipv4/fib_semantics.c: next hops and what routes mean. */
import { current, type Host } from '../../include/ports';
import { BUG_ON, WARN_ON } from '../../include/asm-generic/bug';
import { EACCES, EAGAIN, EHOSTUNREACH, EINVAL, EMSGSIZE, ENETDOWN, ENOBUFS, ENODEV } from '../../include/uapi/asm-generic/errno';
import { atomic_inc, atomic_read } from '../../include/linux/atomic';
import { ERR_PTR } from '../../include/linux/err';
import { GFP_KERNEL } from '../../include/linux/gfp';
import { IFF_UP } from '../../include/linux/if';
import { inet_select_addr, inetdev_by_index, type in_device } from '../../include/linux/inetdevice';
import { hlist_add_head, hlist_del, hlist_head, type hlist_node, type list_head } from '../../include/linux/list';
import { __dev_get_by_index, dev_get_by_index, dev_hold, dev_put, type net_device } from '../../include/linux/netdevice';
import { call_rcu, rcu_dereference_protected, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import {
  RTAX_ADVMSS, RTAX_MAX, RTAX_MTU, RTA_DST, RTA_GATEWAY, RTA_OIF, RTA_PREFSRC, RTA_PRIORITY, RTA_TABLE, RTNH_F_DEAD, RTNH_F_ONLINK, RTNH_F_PERVASIVE, RTNLGRP_IPV4_ROUTE, RTN_ANYCAST, RTN_BROADCAST,
  RTN_LOCAL, RTN_MAX, RTN_MULTICAST, RTN_UNICAST, RT_SCOPE_HOST, RT_SCOPE_LINK, RT_SCOPE_NOWHERE, RT_TABLE_COMPAT, rtnl_notify, rtnl_set_sk_err,
} from '../../include/linux/rtnetlink';
import { kfree_skb, type sk_buff } from '../../include/linux/skbuff';
import { AF_INET } from '../../include/linux/socket';
import { spin_lock, spin_lock_bh, spin_unlock, spin_unlock_bh, spinlock_t } from '../../include/linux/spinlock';
import { dst_free } from '../../include/net/dst';
import { flowi4 } from '../../include/net/flow';
import { FIB_RES_DEV, FIB_RES_OIF, FNHE_HASH_SIZE, fib_info, fib_info_put, fib_lookup, fib_nh, fib_result, type fib_config, type fib_nh_exception, type nl_info } from '../../include/net/ip_fib';
import { NUD_NONE, NUD_REACHABLE, NUD_VALID, neigh_lookup, neigh_release, type neighbour } from '../../include/net/neighbour';
import { hold_net, net_eq, release_net, type net } from '../../include/net/net_namespace';
import { NLMSG_ALIGN, nla_put_be32, nla_put_u32, nla_total_size, nlmsg_cancel, nlmsg_end, nlmsg_data, nlmsg_new, nlmsg_put, struct_view, type nlmsghdr } from '../../include/net/netlink';
import type { rtable } from '../../include/net/route';
import { rtnetlink_put_metrics } from '../core/rtnetlink';
import { inet_addr_type } from './fib_frontend';
import { fib_alias_accessed, fib_result_assign, type fib_alias, type fib_prop } from './fib_lookup';

const DEVINDEX_HASHBITS = 8;
const DEVINDEX_HASHSIZE = 256;

declare module '../../include/ports' {
  interface Host {
    fib_info_lock: spinlock_t;
    fib_info_hash: hlist_head<fib_info>[];
    fib_info_laddrhash: hlist_head<fib_info>[];
    fib_info_hash_size: number;
    fib_info_cnt: number;
    fib_info_devhash: hlist_head<fib_nh>[];
  }
}
export function fib_semantics_globals(host: Host): void {
  host.fib_info_lock = new spinlock_t();
  host.fib_info_hash = null;
  host.fib_info_laddrhash = null;
  host.fib_info_hash_size = 0;
  host.fib_info_cnt = 0;
  host.fib_info_devhash = Array.from({ length: DEVINDEX_HASHSIZE }, () => new hlist_head<fib_nh>());
}

/** By route type; scopes: 255 nowhere, 0 universe, 254 host, 253 link. */
export const fib_props: readonly fib_prop[] = [
  { error: 0, scope: 255 },
  { error: 0, scope: 0 },
  { error: 0, scope: 254 },
  { error: 0, scope: 253 },
  { error: 0, scope: 253 },
  { error: 0, scope: 0 },
  { error: -EINVAL, scope: 0 },
  { error: -EHOSTUNREACH, scope: 0 },
  { error: -EACCES, scope: 0 },
  { error: -EAGAIN, scope: 0 },
  { error: -EINVAL, scope: 255 },
  { error: -EINVAL, scope: 255 },
];

function rt_fibinfo_free(rtp: rtable): void {
  const rt = rcu_dereference_protected(rtp, 1);
  if (!rt)
    return;
  dst_free(rt.dst);
}

function free_nh_exceptions(nh: fib_nh): void {
  const hash = nh.nh_exceptions;
  let i: number;
  for (i = 0; i < FNHE_HASH_SIZE; i++) {
    let fnhe: fib_nh_exception;
    fnhe = hash[i] ? rcu_dereference_protected(hash[i].chain, 1) : null;
    while (fnhe) {
      let next: fib_nh_exception;
      next = rcu_dereference_protected(fnhe.fnhe_next, 1);
      rt_fibinfo_free(fnhe.fnhe_rth);
      fnhe = next;
    }
  }
}

function rt_fibinfo_free_cpus(rtp: rtable[]): void {
  let cpu: number;
  if (!rtp)
    return;
  for (cpu = 0; cpu < rtp.length; cpu++) {
    let rt: rtable;
    rt = rcu_dereference_protected(rtp[cpu], 1);
    if (rt)
      dst_free(rt.dst);
  }
  free_percpu(rtp);
}
function free_percpu(_rtp: rtable[]): void { /* garbage collected */ }

function free_fib_info_rcu(head: fib_info): void {
  const fi = head;
  for (let nhsel = 0; nhsel < 1; nhsel++) {
    const nexthop_nh = fi.fib_nh[nhsel];
    if (nexthop_nh.nh_dev)
      dev_put(nexthop_nh.nh_dev);
    if (nexthop_nh.nh_exceptions)
      free_nh_exceptions(nexthop_nh);
    rt_fibinfo_free_cpus(nexthop_nh.nh_pcpu_rth_output);
    rt_fibinfo_free(nexthop_nh.nh_rth_input);
  }
  release_net(fi.fib_net);
  if (fi.fib_metrics !== current.host.dst_default_metrics)
    kfree(fi.fib_metrics);
  kfree(fi);
}
function kfree(_p: unknown): void { /* garbage collected */ }

export function free_fib_info(fi: fib_info): void {
  if (fi.fib_dead === 0) {
    current.machine.log('Freeing alive fib_info');
    return;
  }
  current.host.fib_info_cnt--;
  call_rcu(fi, free_fib_info_rcu);
}

export function fib_release_info(fi: fib_info): void {
  spin_lock_bh(current.host.fib_info_lock);
  if (fi && --fi.fib_treeref === 0) {
    hlist_del(fi.fib_hash);
    if (fi.fib_prefsrc)
      hlist_del(fi.fib_lhash);
    for (let nhsel = 0; nhsel < 1; nhsel++) {
      const nexthop_nh = fi.fib_nh[nhsel];
      if (!nexthop_nh.nh_dev)
        continue;
      hlist_del(nexthop_nh.nh_hash);
    }
    fi.fib_dead = 1;
    fib_info_put(fi);
  }
  spin_unlock_bh(current.host.fib_info_lock);
}

function nh_comp(fi: fib_info, ofi: fib_info): number {
  let onh = 0;
  for (let nhsel = 0; nhsel < 1; nhsel++) {
    const nh = fi.fib_nh[nhsel], other = ofi.fib_nh[onh];
    if (nh.nh_oif !== other.nh_oif || nh.nh_gw !== other.nh_gw || nh.nh_scope !== other.nh_scope || ((nh.nh_flags ^ other.nh_flags) & ~RTNH_F_DEAD))
      return -1;
    onh++;
  }
  return 0;
}

function fib_devindex_hashfn(val: number): number {
  const mask = DEVINDEX_HASHSIZE - 1;
  return (val ^ (val >>> DEVINDEX_HASHBITS) ^ (val >>> (DEVINDEX_HASHBITS * 2))) & mask;
}

function fib_info_hashfn(fi: fib_info): number {
  const mask = (current.host.fib_info_hash_size - 1);
  let val = fi.fib_nhs;
  val ^= (fi.fib_protocol << 8) | fi.fib_scope;
  val ^= fi.fib_prefsrc;
  val ^= fi.fib_priority;
  for (let nhsel = 0; nhsel < 1; nhsel++) {
    const nh = fi.fib_nh[nhsel];
    val ^= fib_devindex_hashfn(nh.nh_oif);
  }
  return (val ^ (val >>> 7) ^ (val >>> 12)) & mask;
}

function memcmp(a: number[], b: number[]): number {
  for (let i = 0; i < RTAX_MAX; i++) if (a[i] !== b[i]) return 1;
  return 0;
}
function fib_find_info(nfi: fib_info): fib_info {
  let head: hlist_head<fib_info>;
  let fi: fib_info;
  let hash: number;
  hash = fib_info_hashfn(nfi);
  head = current.host.fib_info_hash[hash];
  for (let p = head.first; p !== null; p = p.next) {
    fi = p.owner;
    if (!net_eq(fi.fib_net, nfi.fib_net))
      continue;
    if (fi.fib_nhs !== nfi.fib_nhs)
      continue;
    if (nfi.fib_protocol === fi.fib_protocol && nfi.fib_scope === fi.fib_scope && nfi.fib_prefsrc === fi.fib_prefsrc && nfi.fib_priority === fi.fib_priority && nfi.fib_type === fi.fib_type && memcmp(nfi.fib_metrics, fi.fib_metrics) === 0 && ((nfi.fib_flags ^ fi.fib_flags) & ~RTNH_F_DEAD) === 0 && (nfi.fib_nhs === 0 || nh_comp(fi, nfi) === 0))
      return fi;
  }
  return null;
}

/** 0 when `gw` on `dev` is the gateway of a route. */
export function ip_fib_check_default(gw: number, dev: net_device): number {
  let head: hlist_head<fib_nh>;
  let nh: fib_nh;
  let hash: number;
  spin_lock(current.host.fib_info_lock);
  hash = fib_devindex_hashfn(dev.ifindex);
  head = current.host.fib_info_devhash[hash];
  for (let p = head.first; p !== null; p = p.next) {
    nh = p.owner;
    if (nh.nh_dev === dev && nh.nh_gw === gw && !(nh.nh_flags & RTNH_F_DEAD)) {
      spin_unlock(current.host.fib_info_lock);
      return 0;
    }
  }
  spin_unlock(current.host.fib_info_lock);
  return -1;
}

const sizeof_rtmsg = 12;
function fib_nlmsg_size(fi: fib_info): number {
  let payload = NLMSG_ALIGN(sizeof_rtmsg) + nla_total_size(4) + nla_total_size(4) + nla_total_size(4) + nla_total_size(4);
  payload += nla_total_size((RTAX_MAX * nla_total_size(4)));
  if (fi.fib_nhs) {
    let nhsize = nla_total_size(8);
    nhsize += 2 * nla_total_size(4);
    payload += nla_total_size(fi.fib_nhs * nhsize);
  }
  return payload;
}

/** Tells listeners of a route that came or went. */
export function rtmsg_fib(event: number, key: number, fa: fib_alias, dst_len: number, tb_id: number, info: nl_info, nlm_flags: number): void {
  let skb: sk_buff;
  const seq = info.nlh ? info.nlh.nlmsg_seq : 0;
  let err = -ENOBUFS;
  errout: {
    skb = nlmsg_new(fib_nlmsg_size(fa.fa_info), GFP_KERNEL);
    if (skb === null)
      break errout;
    err = fib_dump_info(skb, info.portid, seq, event, tb_id, fa.fa_type, key, dst_len, fa.fa_tos, fa.fa_info, nlm_flags);
    if (err < 0) {
      WARN_ON(err === -EMSGSIZE);
      kfree_skb(skb);
      break errout;
    }
    rtnl_notify(skb, info.nl_net, info.portid, RTNLGRP_IPV4_ROUTE, info.nlh, GFP_KERNEL);
    return;
  }
  if (err < 0)
    rtnl_set_sk_err(info.nl_net, RTNLGRP_IPV4_ROUTE, err);
}

/** The first route of the list that `tos` and `prio` would come before or match. */
export function fib_find_alias(fah: list_head<fib_alias>, tos: number, prio: number): fib_alias {
  if (fah) {
    let fa: fib_alias;
    for (let p = fah.next; p !== fah; p = p.next) {
      fa = p.owner;
      if (fa.fa_tos > tos)
        continue;
      if (fa.fa_info.fib_priority >= prio || fa.fa_tos < tos)
        return fa;
    }
  }
  return null;
}

export function fib_detect_death(fi: fib_info, order: number, last_resort: { v: fib_info }, last_idx: { v: number }, dflt: number): number {
  let n: neighbour;
  let state = NUD_NONE;
  n = neigh_lookup(current.host.arp_tbl, fi.fib_nh[0].nh_gw, fi.fib_dev);
  if (n) {
    state = n.nud_state;
    neigh_release(n);
  }
  if (state === NUD_REACHABLE)
    return 0;
  if ((state & NUD_VALID) && order !== dflt)
    return 0;
  if ((state & NUD_VALID) || (last_idx.v < 0 && order > dflt)) {
    last_resort.v = fi;
    last_idx.v = order;
  }
  return 1;
}

export function fib_nh_match(cfg: fib_config, fi: fib_info): number {
  if (cfg.fc_priority && cfg.fc_priority !== fi.fib_priority)
    return 1;
  if (cfg.fc_oif || cfg.fc_gw) {
    if ((!cfg.fc_oif || cfg.fc_oif === fi.fib_nh[0].nh_oif) && (!cfg.fc_gw || cfg.fc_gw === fi.fib_nh[0].nh_gw))
      return 0;
    return 1;
  }
  return 0;
}

/** Checks a next hop and finds its device and scope. */
function fib_check_nh(cfg: fib_config, _fi: fib_info, nh: fib_nh): number {
  let err: number;
  let net: net;
  let dev: net_device;
  net = cfg.fc_nlinfo.nl_net;
  out: {
    if (nh.nh_gw) {
      const res = new fib_result();
      if (nh.nh_flags & RTNH_F_ONLINK) {
        if (cfg.fc_scope >= RT_SCOPE_LINK)
          return -EINVAL;
        if (inet_addr_type(net, nh.nh_gw) !== RTN_UNICAST)
          return -EINVAL;
        dev = __dev_get_by_index(net, nh.nh_oif);
        if (!dev)
          return -ENODEV;
        if (!(dev.flags & IFF_UP))
          return -ENETDOWN;
        nh.nh_dev = dev;
        dev_hold(dev);
        nh.nh_scope = RT_SCOPE_LINK;
        return 0;
      }
      rcu_read_lock();
      {
        const fl4 = new flowi4();
        fl4.daddr = nh.nh_gw;
        fl4.flowi4_scope = cfg.fc_scope + 1;
        fl4.flowi4_oif = nh.nh_oif;
        if (fl4.flowi4_scope < RT_SCOPE_LINK)
          fl4.flowi4_scope = RT_SCOPE_LINK;
        err = fib_lookup(net, fl4, res);
        if (err) {
          rcu_read_unlock();
          return err;
        }
      }
      err = -EINVAL;
      if (res.type !== RTN_UNICAST && res.type !== RTN_LOCAL)
        break out;
      nh.nh_scope = res.scope;
      nh.nh_oif = FIB_RES_OIF(res);
      nh.nh_dev = dev = FIB_RES_DEV(res);
      if (!dev)
        break out;
      dev_hold(dev);
      err = (dev.flags & IFF_UP) ? 0 : -ENETDOWN;
    } else {
      let in_dev: in_device;
      if (nh.nh_flags & (RTNH_F_PERVASIVE | RTNH_F_ONLINK))
        return -EINVAL;
      rcu_read_lock();
      err = -ENODEV;
      in_dev = inetdev_by_index(net, nh.nh_oif);
      if (in_dev === null)
        break out;
      err = -ENETDOWN;
      if (!(in_dev.dev.flags & IFF_UP))
        break out;
      nh.nh_dev = in_dev.dev;
      dev_hold(nh.nh_dev);
      nh.nh_scope = RT_SCOPE_HOST;
      err = 0;
    }
  }
  rcu_read_unlock();
  return err;
}

function fib_laddr_hashfn(val: number): number {
  const mask = (current.host.fib_info_hash_size - 1);
  return (val ^ (val >>> 7) ^ (val >>> 14)) & mask;
}

function fib_info_hash_alloc(size: number): hlist_head<fib_info>[] {
  return Array.from({ length: size }, () => new hlist_head<fib_info>());
}
function fib_info_hash_free(_hash: hlist_head<fib_info>[], _size: number): void { /* garbage collected */ }

function fib_info_hash_move(new_info_hash: hlist_head<fib_info>[], new_laddrhash: hlist_head<fib_info>[], new_size: number): void {
  const host = current.host;
  let old_info_hash: hlist_head<fib_info>[], old_laddrhash: hlist_head<fib_info>[];
  const old_size = host.fib_info_hash_size;
  let i: number;
  spin_lock_bh(host.fib_info_lock);
  old_info_hash = host.fib_info_hash;
  old_laddrhash = host.fib_info_laddrhash;
  host.fib_info_hash_size = new_size;
  for (i = 0; i < old_size; i++) {
    const head = host.fib_info_hash[i];
    let n: hlist_node<fib_info>;
    let fi: fib_info;
    for (let p = head.first; p !== null; p = n) {
      let dest: hlist_head<fib_info>;
      let new_hash: number;
      n = p.next;
      fi = p.owner;
      hlist_del(fi.fib_hash);
      new_hash = fib_info_hashfn(fi);
      dest = new_info_hash[new_hash];
      hlist_add_head(fi.fib_hash, dest);
    }
  }
  host.fib_info_hash = new_info_hash;
  for (i = 0; i < old_size; i++) {
    const lhead = host.fib_info_laddrhash[i];
    let n: hlist_node<fib_info>;
    let fi: fib_info;
    for (let p = lhead.first; p !== null; p = n) {
      let ldest: hlist_head<fib_info>;
      let new_hash: number;
      n = p.next;
      fi = p.owner;
      hlist_del(fi.fib_lhash);
      new_hash = fib_laddr_hashfn(fi.fib_prefsrc);
      ldest = new_laddrhash[new_hash];
      hlist_add_head(fi.fib_lhash, ldest);
    }
  }
  host.fib_info_laddrhash = new_laddrhash;
  spin_unlock_bh(host.fib_info_lock);
  fib_info_hash_free(old_info_hash, old_size);
  fib_info_hash_free(old_laddrhash, old_size);
}

export function fib_info_update_nh_saddr(net: net, nh: fib_nh): number {
  nh.nh_saddr = inet_select_addr(nh.nh_dev, nh.nh_gw, nh.nh_parent.fib_scope);
  nh.nh_saddr_genid = atomic_read(net.ipv4.dev_addr_genid);
  return nh.nh_saddr;
}

function alloc_percpu(): rtable[] { return new Array<rtable>(current.host.cpus.length).fill(null); }

/** The shared description of a route: a new one, or an equal one that exists. Returns it or an error pointer. */
export function fib_create_info(cfg: fib_config): fib_info {
  const host = current.host;
  let err: number;
  let fi: fib_info = null;
  let ofi: fib_info;
  const nhs = 1;
  const net = cfg.fc_nlinfo.nl_net;
  failure: {
    err_inval: {
      if (cfg.fc_type > RTN_MAX)
        break err_inval;
      if (fib_props[cfg.fc_type].scope > cfg.fc_scope)
        break err_inval;
      err = -ENOBUFS;
      if (host.fib_info_cnt >= host.fib_info_hash_size) {
        let new_size = host.fib_info_hash_size << 1;
        let new_info_hash: hlist_head<fib_info>[];
        let new_laddrhash: hlist_head<fib_info>[];
        if (!new_size)
          new_size = 16;
        new_info_hash = fib_info_hash_alloc(new_size);
        new_laddrhash = fib_info_hash_alloc(new_size);
        if (!new_info_hash || !new_laddrhash) {
          fib_info_hash_free(new_info_hash, new_size);
          fib_info_hash_free(new_laddrhash, new_size);
        } else
          fib_info_hash_move(new_info_hash, new_laddrhash, new_size);
        if (!host.fib_info_hash_size)
          break failure;
      }
      fi = new fib_info();
      for (let i = 0; i < nhs; i++) fi.fib_nh.push(new fib_nh());
      if (fi === null)
        break failure;
      host.fib_info_cnt++;
      if (cfg.fc_mx) {
        fi.fib_metrics = new Array<number>(RTAX_MAX).fill(0);
        if (!fi.fib_metrics)
          break failure;
      } else
        fi.fib_metrics = host.dst_default_metrics;
      fi.fib_net = hold_net(net);
      fi.fib_protocol = cfg.fc_protocol;
      fi.fib_scope = cfg.fc_scope;
      fi.fib_flags = cfg.fc_flags;
      fi.fib_priority = cfg.fc_priority;
      fi.fib_prefsrc = cfg.fc_prefsrc;
      fi.fib_type = cfg.fc_type;
      fi.fib_nhs = nhs;
      for (let nhsel = 0; nhsel < 1; nhsel++) {
        const nexthop_nh = fi.fib_nh[nhsel];
        nexthop_nh.nh_parent = fi;
        nexthop_nh.nh_pcpu_rth_output = alloc_percpu();
        if (!nexthop_nh.nh_pcpu_rth_output)
          break failure;
      }
      if (cfg.fc_mx) {
        for (let type = 0; type < cfg.fc_mx.length; type++) {
          if (type && cfg.fc_mx[type] !== undefined) {
            let val: number;
            if (type > RTAX_MAX)
              break err_inval;
            val = cfg.fc_mx[type];
            if (type === RTAX_ADVMSS && val > 65535 - 40)
              val = 65535 - 40;
            if (type === RTAX_MTU && val > 65535 - 15)
              val = 65535 - 15;
            fi.fib_metrics[type - 1] = val;
          }
        }
      }
      if (cfg.fc_mp) {
        break err_inval;
      } else {
        const nh = fi.fib_nh[0];
        nh.nh_oif = cfg.fc_oif;
        nh.nh_gw = cfg.fc_gw;
        nh.nh_flags = cfg.fc_flags;
      }
      link_it: {
        if (fib_props[cfg.fc_type].error) {
          if (cfg.fc_gw || cfg.fc_oif || cfg.fc_mp)
            break err_inval;
          break link_it;
        } else {
          switch (cfg.fc_type) {
          case RTN_UNICAST:
          case RTN_LOCAL:
          case RTN_BROADCAST:
          case RTN_ANYCAST:
          case RTN_MULTICAST:
            break;
          default:
            break err_inval;
          }
        }
        if (cfg.fc_scope > RT_SCOPE_HOST)
          break err_inval;
        if (cfg.fc_scope === RT_SCOPE_HOST) {
          const nh = fi.fib_nh[0];
          if (nhs !== 1 || nh.nh_gw)
            break err_inval;
          nh.nh_scope = RT_SCOPE_NOWHERE;
          nh.nh_dev = dev_get_by_index(net, fi.fib_nh[0].nh_oif);
          err = -ENODEV;
          if (nh.nh_dev === null)
            break failure;
        } else {
          for (let nhsel = 0; nhsel < 1; nhsel++) {
            const nexthop_nh = fi.fib_nh[nhsel];
            err = fib_check_nh(cfg, fi, nexthop_nh);
            if (err !== 0)
              break failure;
          }
        }
        if (fi.fib_prefsrc) {
          if (cfg.fc_type !== RTN_LOCAL || !cfg.fc_dst || fi.fib_prefsrc !== cfg.fc_dst)
            if (inet_addr_type(net, fi.fib_prefsrc) !== RTN_LOCAL)
              break err_inval;
        }
        for (let nhsel = 0; nhsel < 1; nhsel++) {
          const nexthop_nh = fi.fib_nh[nhsel];
          fib_info_update_nh_saddr(net, nexthop_nh);
        }
      }
      ofi = fib_find_info(fi);
      if (ofi) {
        fi.fib_dead = 1;
        free_fib_info(fi);
        ofi.fib_treeref++;
        return ofi;
      }
      fi.fib_treeref++;
      atomic_inc(fi.fib_clntref);
      spin_lock_bh(host.fib_info_lock);
      hlist_add_head(fi.fib_hash, host.fib_info_hash[fib_info_hashfn(fi)]);
      if (fi.fib_prefsrc) {
        let head: hlist_head<fib_info>;
        head = host.fib_info_laddrhash[fib_laddr_hashfn(fi.fib_prefsrc)];
        hlist_add_head(fi.fib_lhash, head);
      }
      for (let nhsel = 0; nhsel < 1; nhsel++) {
        const nexthop_nh = fi.fib_nh[nhsel];
        let head: hlist_head<fib_nh>;
        let hash: number;
        if (!nexthop_nh.nh_dev)
          continue;
        hash = fib_devindex_hashfn(nexthop_nh.nh_dev.ifindex);
        head = host.fib_info_devhash[hash];
        hlist_add_head(nexthop_nh.nh_hash, head);
      }
      spin_unlock_bh(host.fib_info_lock);
      return fi;
    }
    err = -EINVAL;
  }
  if (fi) {
    fi.fib_dead = 1;
    free_fib_info(fi);
  }
  return ERR_PTR(err);
}

const rtmsg = struct_view({ rtm_family: [0, 1], rtm_dst_len: [1, 1], rtm_src_len: [2, 1], rtm_tos: [3, 1], rtm_table: [4, 1], rtm_protocol: [5, 1], rtm_scope: [6, 1], rtm_type: [7, 1], rtm_flags: [8, 4] });
export function fib_dump_info(skb: sk_buff, portid: number, seq: number, event: number, tb_id: number, type: number, dst: number, dst_len: number, tos: number, fi: fib_info, flags: number): number {
  let nlh: nlmsghdr;
  let rtm: ReturnType<typeof rtmsg>;
  nlh = nlmsg_put(skb, portid, seq, event, sizeof_rtmsg, flags);
  if (nlh === null)
    return -EMSGSIZE;
  rtm = rtmsg(skb.head, nlmsg_data(nlh));
  rtm.rtm_family = AF_INET;
  rtm.rtm_dst_len = dst_len;
  rtm.rtm_src_len = 0;
  rtm.rtm_tos = tos;
  if (tb_id < 256)
    rtm.rtm_table = tb_id;
  else
    rtm.rtm_table = RT_TABLE_COMPAT;
  nla_put_failure: {
    if (nla_put_u32(skb, RTA_TABLE, tb_id))
      break nla_put_failure;
    rtm.rtm_type = type;
    rtm.rtm_flags = fi.fib_flags;
    rtm.rtm_scope = fi.fib_scope;
    rtm.rtm_protocol = fi.fib_protocol;
    if (dst_len && nla_put_be32(skb, RTA_DST, dst))
      break nla_put_failure;
    if (fi.fib_priority && nla_put_u32(skb, RTA_PRIORITY, fi.fib_priority))
      break nla_put_failure;
    if (rtnetlink_put_metrics(skb, fi.fib_metrics) < 0)
      break nla_put_failure;
    if (fi.fib_prefsrc && nla_put_be32(skb, RTA_PREFSRC, fi.fib_prefsrc))
      break nla_put_failure;
    if (fi.fib_nhs === 1) {
      if (fi.fib_nh[0].nh_gw && nla_put_be32(skb, RTA_GATEWAY, fi.fib_nh[0].nh_gw))
        break nla_put_failure;
      if (fi.fib_nh[0].nh_oif && nla_put_u32(skb, RTA_OIF, fi.fib_nh[0].nh_oif))
        break nla_put_failure;
    }
    return nlmsg_end(skb, nlh);
  }
  nlmsg_cancel(skb, nlh);
  return -EMSGSIZE;
}

/** The address `local` is gone: routes that prefer it as source are dead. Returns how many. */
export function fib_sync_down_addr(net: net, local: number): number {
  let ret = 0;
  const hash = fib_laddr_hashfn(local);
  const head = current.host.fib_info_laddrhash ? current.host.fib_info_laddrhash[hash] : null;
  let fi: fib_info;
  if (current.host.fib_info_laddrhash === null || local === 0)
    return 0;
  for (let p = head.first; p !== null; p = p.next) {
    fi = p.owner;
    if (!net_eq(fi.fib_net, net))
      continue;
    if (fi.fib_prefsrc === local) {
      fi.fib_flags |= RTNH_F_DEAD;
      ret++;
    }
  }
  return ret;
}

/** The device is down: routes over it are dead. Returns how many. */
export function fib_sync_down_dev(dev: net_device, force: number): number {
  let ret = 0;
  let scope = RT_SCOPE_NOWHERE;
  let prev_fi: fib_info = null;
  const hash = fib_devindex_hashfn(dev.ifindex);
  const head = current.host.fib_info_devhash[hash];
  let nh: fib_nh;
  if (force)
    scope = -1;
  for (let p = head.first; p !== null; p = p.next) {
    nh = p.owner;
    const fi = nh.nh_parent;
    let dead: number;
    BUG_ON(!fi.fib_nhs);
    if (nh.nh_dev !== dev || fi === prev_fi)
      continue;
    prev_fi = fi;
    dead = 0;
    for (let nhsel = 0; nhsel < 1; nhsel++) {
      const nexthop_nh = fi.fib_nh[nhsel];
      if (nexthop_nh.nh_flags & RTNH_F_DEAD)
        dead++;
      else if (nexthop_nh.nh_dev === dev && nexthop_nh.nh_scope !== scope) {
        nexthop_nh.nh_flags |= RTNH_F_DEAD;
        dead++;
      }
    }
    if (dead === fi.fib_nhs) {
      fi.fib_flags |= RTNH_F_DEAD;
      ret++;
    }
  }
  return ret;
}

/** Chooses among several default routes the one whose gateway seems to live. */
export function fib_select_default(res: fib_result): void {
  let fi: fib_info = null;
  const last_resort: { v: fib_info } = { v: null };
  const fa_head: list_head<fib_alias> = res.fa_head;
  const tb = res.table;
  let order = -1;
  const last_idx = { v: -1 };
  let fa: fib_alias;
  for (let p = fa_head.next; p !== fa_head; p = p.next) {
    fa = p.owner;
    const next_fi = fa.fa_info;
    if (next_fi.fib_scope !== res.scope || fa.fa_type !== RTN_UNICAST)
      continue;
    if (next_fi.fib_priority > res.fi.fib_priority)
      break;
    if (!next_fi.fib_nh[0].nh_gw || next_fi.fib_nh[0].nh_scope !== RT_SCOPE_LINK)
      continue;
    fib_alias_accessed(fa);
    if (fi === null) {
      if (next_fi !== res.fi)
        break;
    } else if (!fib_detect_death(fi, order, last_resort, last_idx, tb.tb_default)) {
      fib_result_assign(res, fi);
      tb.tb_default = order;
      return;
    }
    fi = next_fi;
    order++;
  }
  if (order <= 0 || fi === null) {
    tb.tb_default = -1;
    return;
  }
  if (!fib_detect_death(fi, order, last_resort, last_idx, tb.tb_default)) {
    fib_result_assign(res, fi);
    tb.tb_default = order;
    return;
  }
  if (last_idx.v >= 0)
    fib_result_assign(res, last_resort.v);
  tb.tb_default = last_idx.v;
}
