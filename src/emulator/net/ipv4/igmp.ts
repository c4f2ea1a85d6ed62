/** net/ipv4/igmp.c: membership in multicast groups (IGMP v1 to v3, RFC 1112, 2236, 3376). */
import { type Gen, type Host, current } from '../../include/ports';
import { EADDRINUSE, EADDRNOTAVAIL, EINVAL, ENOBUFS, ENODEV, ESRCH } from '../../include/uapi/asm-generic/errno';
import { atomic_dec, atomic_dec_and_test, atomic_inc, atomic_set, atomic_sub } from '../../include/linux/atomic';
import { IS_ERR } from '../../include/linux/err';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { PACKET_BROADCAST, PACKET_MULTICAST } from '../../include/linux/if_packet';
import {
  IGMPV2_HOST_MEMBERSHIP_REPORT, IGMPV3_ALLOW_NEW_SOURCES, IGMPV3_ALL_MCR, IGMPV3_BLOCK_OLD_SOURCES, IGMPV3_CHANGE_TO_EXCLUDE, IGMPV3_CHANGE_TO_INCLUDE, IGMPV3_HOST_MEMBERSHIP_REPORT, IGMPV3_MODE_IS_EXCLUDE,
  IGMPV3_MODE_IS_INCLUDE, IGMPV3_MRC, IGMP_ALL_HOSTS, IGMP_ALL_ROUTER, IGMP_DVMRP, IGMP_HOST_LEAVE_MESSAGE, IGMP_HOST_MEMBERSHIP_QUERY, IGMP_HOST_MEMBERSHIP_REPORT, IGMP_MTRACE, IGMP_MTRACE_RESP, IGMP_PIM,
  IGMP_TIMER_SCALE, IGMP_TRACE, igmp_hdr, igmphdr, igmpv3_grec, igmpv3_query_hdr, igmpv3_report_hdr, ip_mc_list, ip_mc_socklist, ip_sf_list, put_source, sizeof_igmphdr, sizeof_igmpv3_grec, sizeof_igmpv3_query,
  sizeof_igmpv3_report, type igmpv3_report, type ip_sf_socklist,
} from '../../include/linux/igmp';
import { IPPROTO_IGMP, MCAST_EXCLUDE, MCAST_INCLUDE, ipv4_is_multicast, type ip_mreqn } from '../../include/linux/in';
import {
  IN_DEV_CONF_GET, IPV4_DEVCONF_ALL, IPV4_DEVCONF_FORCE_IGMP_VERSION, __in_dev_get_rcu, __in_dev_get_rtnl, __in_dev_put, __ip_dev_find, in_dev_hold, in_dev_put, inetdev_by_index, type in_device,
} from '../../include/linux/inetdevice';
import { IPOPT_RA, ip_hdr, sizeof_iphdr, type iphdr } from '../../include/linux/ip';
import { HZ, jiffies, time_after_eq, time_before } from '../../include/linux/jiffies';
import { LL_RESERVED_SPACE, MAX_ADDR_LEN, dev_mc_add, dev_mc_del, dev_net, type net_device } from '../../include/linux/netdevice';
import { net_random } from '../../include/linux/random';
import { kfree_rcu, rcu_assign_pointer, rcu_dereference, rcu_read_lock, rcu_read_unlock, rtnl_dereference } from '../../include/linux/rcupdate';
import { ASSERT_RTNL, rtnl_lock, rtnl_unlock } from '../../include/linux/rtnetlink';
import {
  CHECKSUM_COMPLETE, CHECKSUM_NONE, __skb_checksum_complete, alloc_skb, consume_skb, kfree_skb, pskb_may_pull, skb_dst_set, skb_put, skb_reserve, skb_reset_network_header, skb_rtable, skb_tailroom,
  type sk_buff,
} from '../../include/linux/skbuff';
import { spin_lock, spin_lock_bh, spin_lock_init, spin_unlock, spin_unlock_bh } from '../../include/linux/spinlock';
import { add_timer, del_timer, mod_timer, setup_timer } from '../../include/linux/timer';
import { htons, ntohs } from '../../include/linux/types';
import { csum_fold, ip_compute_csum } from '../../include/net/checksum';
import { flowi4 } from '../../include/net/flow';
import { inet_sk } from '../../include/net/inet_sock';
import { IPCB, IP_DF, ip_local_out, ip_select_ident } from '../../include/net/ip';
import type { net } from '../../include/net/net_namespace';
import { ip_route_output, ip_route_output_ports, ip_rt_multicast_event, ip_rt_put, rt_is_output_route, type rtable } from '../../include/net/route';
import { sock_kmalloc, sock_net, type sock } from '../../include/net/sock';
import { arp_mc_map } from './arp';

const IP_MAX_MEMBERSHIPS = 20;
const IP_MAX_MSF = 10;
/* Times in jiffies (HZ = 250). */
const IGMP_V1_Router_Present_Timeout = 400 * 250;
const IGMP_V2_Router_Present_Timeout = 400 * 250;
const IGMP_Unsolicited_Report_Interval = 10 * 250;
const IGMP_Query_Response_Interval = 10 * 250;
const IGMP_Unsolicited_Report_Count = 2;
const IGMP_Initial_Report_Delay = 1;
/** What the kernel's structures take of a socket's option memory. */
const sizeof_ip_mc_socklist = 48;
function IP_SFLSIZE(count: number): number { return 24 + 4 * count; }

export function igmp_globals(host: Host): void {
  host.sysctl_igmp_max_memberships = IP_MAX_MEMBERSHIPS;
  host.sysctl_igmp_max_msf = IP_MAX_MSF;
}

function IGMP_V1_SEEN(in_dev: in_device): boolean {
  return IPV4_DEVCONF_ALL(dev_net(in_dev.dev), IPV4_DEVCONF_FORCE_IGMP_VERSION) === 1 || IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_FORCE_IGMP_VERSION) === 1 || (!!in_dev.mr_v1_seen && time_before(jiffies(), in_dev.mr_v1_seen));
}
function IGMP_V2_SEEN(in_dev: in_device): boolean {
  return IPV4_DEVCONF_ALL(dev_net(in_dev.dev), IPV4_DEVCONF_FORCE_IGMP_VERSION) === 2 || IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_FORCE_IGMP_VERSION) === 2 || (!!in_dev.mr_v2_seen && time_before(jiffies(), in_dev.mr_v2_seen));
}
function kfree(_p: unknown): void { /* garbage collected */ }

function ip_ma_put(im: ip_mc_list): void {
  if (atomic_dec_and_test(im.refcnt)) {
    in_dev_put(im.interface);
    kfree_rcu(im);
  }
}

function igmp_stop_timer(im: ip_mc_list): void {
  spin_lock_bh(im.lock);
  if (del_timer(im.timer))
    atomic_dec(im.refcnt);
  im.tm_running = 0;
  im.reporter = 0;
  im.unsolicit_count = 0;
  spin_unlock_bh(im.lock);
}
function igmp_start_timer(im: ip_mc_list, max_delay: number): void {
  const tv = net_random() % max_delay;
  im.tm_running = 1;
  if (!mod_timer(im.timer, jiffies() + tv + 2))
    atomic_inc(im.refcnt);
}
function igmp_gq_start_timer(in_dev: in_device): void {
  const tv = net_random() % in_dev.mr_maxdelay;
  const exp = jiffies() + tv + 2;
  if (in_dev.mr_gq_running && time_after_eq(exp, in_dev.mr_gq_timer.expires))
    return;
  in_dev.mr_gq_running = 1;
  if (!mod_timer(in_dev.mr_gq_timer, exp))
    in_dev_hold(in_dev);
}
function igmp_ifc_start_timer(in_dev: in_device, delay: number): void {
  const tv = net_random() % delay;
  if (!mod_timer(in_dev.mr_ifc_timer, jiffies() + tv + 2))
    in_dev_hold(in_dev);
}
function igmp_mod_timer(im: ip_mc_list, max_delay: number): void {
  spin_lock_bh(im.lock);
  im.unsolicit_count = 0;
  if (del_timer(im.timer)) {
    if (im.timer.expires - jiffies() < max_delay) {
      add_timer(im.timer);
      im.tm_running = 1;
      spin_unlock_bh(im.lock);
      return;
    }
    atomic_dec(im.refcnt);
  }
  igmp_start_timer(im, max_delay);
  spin_unlock_bh(im.lock);
}

const IGMP_SIZE = 8 + 20 + 4;

/** Does source `psf` belong in a record of `type`? */
function is_in(pmc: ip_mc_list, psf: ip_sf_list, type: number, gdeleted: number, sdeleted: number): boolean {
  switch (type) {
  case IGMPV3_MODE_IS_INCLUDE:
  case IGMPV3_MODE_IS_EXCLUDE:
    if (gdeleted || sdeleted)
      return false;
    if (!(pmc.gsquery && !psf.sf_gsresp)) {
      if (pmc.sfmode === MCAST_INCLUDE)
        return true;
      if (psf.sf_count[MCAST_INCLUDE])
        return type === IGMPV3_MODE_IS_INCLUDE;
      return pmc.sfcount[MCAST_EXCLUDE] === psf.sf_count[MCAST_EXCLUDE];
    }
    return false;
  case IGMPV3_CHANGE_TO_INCLUDE:
    if (gdeleted || sdeleted)
      return false;
    return psf.sf_count[MCAST_INCLUDE] !== 0;
  case IGMPV3_CHANGE_TO_EXCLUDE:
    if (gdeleted || sdeleted)
      return false;
    if (pmc.sfcount[MCAST_EXCLUDE] === 0 || psf.sf_count[MCAST_INCLUDE])
      return false;
    return pmc.sfcount[MCAST_EXCLUDE] === psf.sf_count[MCAST_EXCLUDE];
  case IGMPV3_ALLOW_NEW_SOURCES:
    if (gdeleted || !psf.sf_crcount)
      return false;
    return (pmc.sfmode === MCAST_INCLUDE) !== !!sdeleted;
  case IGMPV3_BLOCK_OLD_SOURCES:
    if (pmc.sfmode === MCAST_INCLUDE)
      return !!gdeleted || (!!psf.sf_crcount && !!sdeleted);
    return !!psf.sf_crcount && !gdeleted && !sdeleted;
  }
  return false;
}
function igmp_scount(pmc: ip_mc_list, type: number, gdeleted: number, sdeleted: number): number {
  let psf: ip_sf_list;
  let scount = 0;
  for (psf = pmc.sources; psf; psf = psf.sf_next) {
    if (!is_in(pmc, psf, type, gdeleted, sdeleted))
      continue;
    scount++;
  }
  return scount;
}

/** The size that a report was allocated for: the first word of the control block, as in the kernel. */
function igmp_skb_size(skb: sk_buff): number { return IPCB(skb).opt.faddr; }

function igmpv3_newpack(dev: net_device, size: number): sk_buff {
  let skb: sk_buff;
  let rt: rtable;
  let pip: iphdr;
  let pig: igmpv3_report;
  const net = dev_net(dev);
  const fl4 = new flowi4();
  const hlen = LL_RESERVED_SPACE(dev);
  const tlen = dev.needed_tailroom;
  while (1) {
    skb = alloc_skb(size + hlen + tlen, GFP_ATOMIC);
    if (skb)
      break;
    size >>= 1;
    if (size < 256)
      return null;
  }
  IPCB(skb).opt.faddr = size;
  rt = ip_route_output_ports(net, fl4, null, IGMPV3_ALL_MCR, 0, 0, 0, IPPROTO_IGMP, 0, dev.ifindex);
  if (IS_ERR(rt)) {
    kfree_skb(skb);
    return null;
  }
  skb_dst_set(skb, rt.dst);
  skb.dev = dev;
  skb_reserve(skb, hlen);
  skb_reset_network_header(skb);
  pip = ip_hdr(skb);
  skb_put(skb, sizeof_iphdr + 4);
  pip.version = 4;
  pip.ihl = (sizeof_iphdr + 4) >> 2;
  pip.tos = 0xc0;
  pip.frag_off = htons(IP_DF);
  pip.ttl = 1;
  pip.daddr = fl4.daddr;
  pip.saddr = fl4.saddr;
  pip.protocol = IPPROTO_IGMP;
  pip.tot_len = 0;
  ip_select_ident(skb, null);
  router_alert(pip);
  skb.transport_header = skb.network_header + sizeof_iphdr + 4;
  skb_put(skb, sizeof_igmpv3_report);
  pig = igmpv3_report_hdr(skb);
  pig.type = IGMPV3_HOST_MEMBERSHIP_REPORT;
  pig.resv1 = 0;
  pig.csum = 0;
  pig.resv2 = 0;
  pig.ngrec = 0;
  return skb;
}
/** Writes the router alert option behind a header. */
function router_alert(iph: iphdr): void {
  const o = iph.off + sizeof_iphdr;
  iph.b[o] = IPOPT_RA; iph.b[o + 1] = 4; iph.b[o + 2] = 0; iph.b[o + 3] = 0;
}

function igmpv3_sendpack(skb: sk_buff): number {
  const pig = igmp_hdr(skb);
  const igmplen = skb.tail - skb.transport_header;
  pig.csum = ip_compute_csum(pig.b, pig.off, igmplen);
  return ip_local_out(skb);
}

function grec_size(pmc: ip_mc_list, type: number, gdel: number, sdel: number): number {
  return sizeof_igmpv3_grec + 4 * igmp_scount(pmc, type, gdel, sdel);
}

function add_grhead(skb: sk_buff, pmc: ip_mc_list, type: number, ppgr: { v: igmpv3_grec }): sk_buff {
  const dev = pmc.interface.dev;
  let pih: igmpv3_report;
  let pgr: igmpv3_grec;
  if (!skb)
    skb = igmpv3_newpack(dev, dev.mtu);
  if (!skb)
    return null;
  pgr = new igmpv3_grec(skb.head, skb_put(skb, sizeof_igmpv3_grec));
  pgr.grec_type = type;
  pgr.grec_auxwords = 0;
  pgr.grec_nsrcs = 0;
  pgr.grec_mca = pmc.multiaddr;
  pih = igmpv3_report_hdr(skb);
  pih.ngrec = htons(ntohs(pih.ngrec) + 1);
  ppgr.v = pgr;
  return skb;
}

function AVAILABLE(skb: sk_buff): number { return skb ? (skb.dev ? igmp_skb_size(skb) - skb.len : skb_tailroom(skb)) : 0; }

/** Adds a group record to the report `skb` (or to a new one); returns the report. */
function add_grec(skb: sk_buff, pmc: ip_mc_list, type: number, gdeleted: number, sdeleted: number): sk_buff {
  const dev = pmc.interface.dev;
  let pih: igmpv3_report;
  const pgr: { v: igmpv3_grec } = { v: null };
  let psf: ip_sf_list, psf_next: ip_sf_list, psf_prev: ip_sf_list, psf_list: ip_sf_list;
  let scount: number, stotal: number, first: number, isquery: boolean, truncate: boolean;
  if (pmc.multiaddr === IGMP_ALL_HOSTS)
    return skb;
  isquery = type === IGMPV3_MODE_IS_INCLUDE || type === IGMPV3_MODE_IS_EXCLUDE;
  truncate = type === IGMPV3_MODE_IS_EXCLUDE || type === IGMPV3_CHANGE_TO_EXCLUDE;
  stotal = scount = 0;
  psf_list = sdeleted ? pmc.tomb : pmc.sources;
  empty_source: {
    if (!psf_list)
      break empty_source;
    pih = skb ? igmpv3_report_hdr(skb) : null;
    if (truncate) {
      if (pih && pih.ngrec && AVAILABLE(skb) < grec_size(pmc, type, gdeleted, sdeleted)) {
        if (skb)
          igmpv3_sendpack(skb);
        skb = igmpv3_newpack(dev, dev.mtu);
      }
    }
    first = 1;
    psf_prev = null;
    for (psf = psf_list; psf; psf = psf_next) {
      let psrc: number;
      psf_next = psf.sf_next;
      if (!is_in(pmc, psf, type, gdeleted, sdeleted)) {
        psf_prev = psf;
        continue;
      }
      if (isquery)
        psf.sf_gsresp = 0;
      if (AVAILABLE(skb) < 4 + first * sizeof_igmpv3_grec) {
        if (truncate && !first)
          break;
        if (pgr.v)
          pgr.v.grec_nsrcs = htons(scount);
        if (skb)
          igmpv3_sendpack(skb);
        skb = igmpv3_newpack(dev, dev.mtu);
        first = 1;
        scount = 0;
      }
      if (first) {
        skb = add_grhead(skb, pmc, type, pgr);
        first = 0;
      }
      if (!skb)
        return null;
      psrc = skb_put(skb, 4);
      put_source(skb.head, psrc, psf.sf_inaddr);
      scount++;
      stotal++;
      if ((type === IGMPV3_ALLOW_NEW_SOURCES || type === IGMPV3_BLOCK_OLD_SOURCES) && psf.sf_crcount) {
        psf.sf_crcount--;
        if ((sdeleted || gdeleted) && psf.sf_crcount === 0) {
          if (psf_prev)
            psf_prev.sf_next = psf.sf_next;
          else if (sdeleted) pmc.tomb = psf.sf_next;
          else pmc.sources = psf.sf_next;
          kfree(psf);
          continue;
        }
      }
      psf_prev = psf;
    }
  }
  if (!stotal) {
    if (type === IGMPV3_ALLOW_NEW_SOURCES || type === IGMPV3_BLOCK_OLD_SOURCES)
      return skb;
    if (pmc.crcount || isquery) {
      if (skb && AVAILABLE(skb) < sizeof_igmpv3_grec) {
        igmpv3_sendpack(skb);
        skb = null;
      }
      skb = add_grhead(skb, pmc, type, pgr);
    }
  }
  if (pgr.v)
    pgr.v.grec_nsrcs = htons(scount);
  if (isquery)
    pmc.gsquery = 0;
  return skb;
}

function igmpv3_send_report(in_dev: in_device, pmc: ip_mc_list): number {
  let skb: sk_buff = null;
  let type: number;
  if (!pmc) {
    rcu_read_lock();
    for (pmc = rcu_dereference(in_dev.mc_list); pmc !== null; pmc = rcu_dereference(pmc.next_rcu)) {
      if (pmc.multiaddr === IGMP_ALL_HOSTS)
        continue;
      spin_lock_bh(pmc.lock);
      if (pmc.sfcount[MCAST_EXCLUDE])
        type = IGMPV3_MODE_IS_EXCLUDE;
      else
        type = IGMPV3_MODE_IS_INCLUDE;
      skb = add_grec(skb, pmc, type, 0, 0);
      spin_unlock_bh(pmc.lock);
    }
    rcu_read_unlock();
  } else {
    spin_lock_bh(pmc.lock);
    if (pmc.sfcount[MCAST_EXCLUDE])
      type = IGMPV3_MODE_IS_EXCLUDE;
    else
      type = IGMPV3_MODE_IS_INCLUDE;
    skb = add_grec(skb, pmc, type, 0, 0);
    spin_unlock_bh(pmc.lock);
  }
  if (!skb)
    return 0;
  return igmpv3_sendpack(skb);
}

/** Drops the sources of a list that need no more retransmission; returns the new list. */
function igmpv3_clear_zeros(ppsf: ip_sf_list): ip_sf_list {
  let psf_prev: ip_sf_list, psf_next: ip_sf_list, psf: ip_sf_list;
  psf_prev = null;
  for (psf = ppsf; psf; psf = psf_next) {
    psf_next = psf.sf_next;
    if (psf.sf_crcount === 0) {
      if (psf_prev)
        psf_prev.sf_next = psf.sf_next;
      else
        ppsf = psf.sf_next;
      kfree(psf);
    } else
      psf_prev = psf;
  }
  return ppsf;
}

function igmpv3_send_cr(in_dev: in_device): void {
  let pmc: ip_mc_list, pmc_prev: ip_mc_list, pmc_next: ip_mc_list;
  let skb: sk_buff = null;
  let type: number, dtype: number;
  rcu_read_lock();
  spin_lock_bh(in_dev.mc_tomb_lock);
  pmc_prev = null;
  for (pmc = in_dev.mc_tomb; pmc; pmc = pmc_next) {
    pmc_next = pmc.next;
    if (pmc.sfmode === MCAST_INCLUDE) {
      type = IGMPV3_BLOCK_OLD_SOURCES;
      dtype = IGMPV3_BLOCK_OLD_SOURCES;
      skb = add_grec(skb, pmc, type, 1, 0);
      skb = add_grec(skb, pmc, dtype, 1, 1);
    }
    if (pmc.crcount) {
      if (pmc.sfmode === MCAST_EXCLUDE) {
        type = IGMPV3_CHANGE_TO_INCLUDE;
        skb = add_grec(skb, pmc, type, 1, 0);
      }
      pmc.crcount--;
      if (pmc.crcount === 0) {
        pmc.tomb = igmpv3_clear_zeros(pmc.tomb);
        pmc.sources = igmpv3_clear_zeros(pmc.sources);
      }
    }
    if (pmc.crcount === 0 && !pmc.tomb && !pmc.sources) {
      if (pmc_prev)
        pmc_prev.next = pmc_next;
      else
        in_dev.mc_tomb = pmc_next;
      in_dev_put(pmc.interface);
      kfree(pmc);
    } else
      pmc_prev = pmc;
  }
  spin_unlock_bh(in_dev.mc_tomb_lock);
  for (pmc = rcu_dereference(in_dev.mc_list); pmc !== null; pmc = rcu_dereference(pmc.next_rcu)) {
    spin_lock_bh(pmc.lock);
    if (pmc.sfcount[MCAST_EXCLUDE]) {
      type = IGMPV3_BLOCK_OLD_SOURCES;
      dtype = IGMPV3_ALLOW_NEW_SOURCES;
    } else {
      type = IGMPV3_ALLOW_NEW_SOURCES;
      dtype = IGMPV3_BLOCK_OLD_SOURCES;
    }
    skb = add_grec(skb, pmc, type, 0, 0);
    skb = add_grec(skb, pmc, dtype, 0, 1);
    if (pmc.crcount) {
      if (pmc.sfmode === MCAST_EXCLUDE)
        type = IGMPV3_CHANGE_TO_EXCLUDE;
      else
        type = IGMPV3_CHANGE_TO_INCLUDE;
      skb = add_grec(skb, pmc, type, 0, 0);
      pmc.crcount--;
    }
    spin_unlock_bh(pmc.lock);
  }
  rcu_read_unlock();
  if (!skb)
    return;
  igmpv3_sendpack(skb);
}

function igmp_send_report(in_dev: in_device, pmc: ip_mc_list, type: number): number {
  let skb: sk_buff;
  let iph: iphdr;
  let ih: igmphdr;
  let rt: rtable;
  const dev = in_dev.dev;
  const net = dev_net(dev);
  const group = pmc ? pmc.multiaddr : 0;
  const fl4 = new flowi4();
  let dst: number;
  let hlen: number, tlen: number;
  if (type === IGMPV3_HOST_MEMBERSHIP_REPORT)
    return igmpv3_send_report(in_dev, pmc);
  else if (type === IGMP_HOST_LEAVE_MESSAGE)
    dst = IGMP_ALL_ROUTER;
  else
    dst = group;
  rt = ip_route_output_ports(net, fl4, null, dst, 0, 0, 0, IPPROTO_IGMP, 0, dev.ifindex);
  if (IS_ERR(rt))
    return -1;
  hlen = LL_RESERVED_SPACE(dev);
  tlen = dev.needed_tailroom;
  skb = alloc_skb(IGMP_SIZE + hlen + tlen, GFP_ATOMIC);
  if (skb === null) {
    ip_rt_put(rt);
    return -1;
  }
  skb_dst_set(skb, rt.dst);
  skb_reserve(skb, hlen);
  skb_reset_network_header(skb);
  iph = ip_hdr(skb);
  skb_put(skb, sizeof_iphdr + 4);
  iph.version = 4;
  iph.ihl = (sizeof_iphdr + 4) >> 2;
  iph.tos = 0xc0;
  iph.frag_off = htons(IP_DF);
  iph.ttl = 1;
  iph.daddr = dst;
  iph.saddr = fl4.saddr;
  iph.protocol = IPPROTO_IGMP;
  ip_select_ident(skb, null);
  router_alert(iph);
  ih = new igmphdr(skb.head, skb_put(skb, sizeof_igmphdr));
  ih.type = type;
  ih.code = 0;
  ih.csum = 0;
  ih.group = group;
  ih.csum = ip_compute_csum(ih.b, ih.off, sizeof_igmphdr);
  return ip_local_out(skb);
}

function igmp_gq_timer_expire(data: in_device): void {
  const in_dev = data;
  in_dev.mr_gq_running = 0;
  igmpv3_send_report(in_dev, null);
  in_dev_put(in_dev);
}
function igmp_ifc_timer_expire(data: in_device): void {
  const in_dev = data;
  igmpv3_send_cr(in_dev);
  if (in_dev.mr_ifc_count) {
    in_dev.mr_ifc_count--;
    igmp_ifc_start_timer(in_dev, IGMP_Unsolicited_Report_Interval);
  }
  in_dev_put(in_dev);
}
function igmp_ifc_event(in_dev: in_device): void {
  if (IGMP_V1_SEEN(in_dev) || IGMP_V2_SEEN(in_dev))
    return;
  in_dev.mr_ifc_count = in_dev.mr_qrv ? in_dev.mr_qrv : IGMP_Unsolicited_Report_Count;
  igmp_ifc_start_timer(in_dev, 1);
}
function igmp_timer_expire(data: ip_mc_list): void {
  const im = data;
  const in_dev = im.interface;
  spin_lock(im.lock);
  im.tm_running = 0;
  if (im.unsolicit_count) {
    im.unsolicit_count--;
    igmp_start_timer(im, IGMP_Unsolicited_Report_Interval);
  }
  im.reporter = 1;
  spin_unlock(im.lock);
  if (IGMP_V1_SEEN(in_dev))
    igmp_send_report(in_dev, im, IGMP_HOST_MEMBERSHIP_REPORT);
  else if (IGMP_V2_SEEN(in_dev))
    igmp_send_report(in_dev, im, IGMPV2_HOST_MEMBERSHIP_REPORT);
  else
    igmp_send_report(in_dev, im, IGMPV3_HOST_MEMBERSHIP_REPORT);
  ip_ma_put(im);
}

function igmp_xmarksources(pmc: ip_mc_list, nsrcs: number, srcs: number[]): number {
  let psf: ip_sf_list;
  let i: number, scount: number;
  scount = 0;
  for (psf = pmc.sources; psf; psf = psf.sf_next) {
    if (scount === nsrcs)
      break;
    for (i = 0; i < nsrcs; i++) {
      if (psf.sf_count[MCAST_INCLUDE] || pmc.sfcount[MCAST_EXCLUDE] !== psf.sf_count[MCAST_EXCLUDE])
        break;
      if (srcs[i] === psf.sf_inaddr) {
        scount++;
        break;
      }
    }
  }
  pmc.gsquery = 0;
  if (scount === nsrcs)
    return 0;
  return 1;
}
function igmp_marksources(pmc: ip_mc_list, nsrcs: number, srcs: number[]): number {
  let psf: ip_sf_list;
  let i: number, scount: number;
  if (pmc.sfmode === MCAST_EXCLUDE)
    return igmp_xmarksources(pmc, nsrcs, srcs);
  scount = 0;
  for (psf = pmc.sources; psf; psf = psf.sf_next) {
    if (scount === nsrcs)
      break;
    for (i = 0; i < nsrcs; i++)
      if (srcs[i] === psf.sf_inaddr) {
        psf.sf_gsresp = 1;
        scount++;
        break;
      }
  }
  if (!scount) {
    pmc.gsquery = 0;
    return 0;
  }
  pmc.gsquery = 1;
  return 1;
}

function igmp_heard_report(in_dev: in_device, group: number): boolean {
  let im: ip_mc_list;
  if (group === IGMP_ALL_HOSTS)
    return false;
  rcu_read_lock();
  for (im = rcu_dereference(in_dev.mc_list); im !== null; im = rcu_dereference(im.next_rcu)) {
    if (im.multiaddr === group) {
      igmp_stop_timer(im);
      break;
    }
  }
  rcu_read_unlock();
  return false;
}

/** True when the query is bad and to be counted as dropped. */
function igmp_heard_query(in_dev: in_device, skb: sk_buff, len: number): boolean {
  const ih = igmp_hdr(skb);
  let ih3 = igmpv3_query_hdr(skb);
  let im: ip_mc_list;
  let group = ih.group;
  let max_delay: number;
  let mark = 0;
  if (len === 8) {
    if (ih.code === 0) {
      max_delay = IGMP_Query_Response_Interval;
      in_dev.mr_v1_seen = jiffies() + IGMP_V1_Router_Present_Timeout;
      group = 0;
    } else {
      max_delay = ih.code * Math.trunc(HZ / IGMP_TIMER_SCALE);
      in_dev.mr_v2_seen = jiffies() + IGMP_V2_Router_Present_Timeout;
    }
    in_dev.mr_ifc_count = 0;
    if (del_timer(in_dev.mr_ifc_timer))
      __in_dev_put(in_dev);
    igmpv3_clear_delrec(in_dev);
  } else if (len < 12) {
    return true;
  } else if (IGMP_V1_SEEN(in_dev)) {
    max_delay = IGMP_Query_Response_Interval;
    group = 0;
  } else if (IGMP_V2_SEEN(in_dev)) {
    max_delay = IGMPV3_MRC(ih3.code) * Math.trunc(HZ / IGMP_TIMER_SCALE);
    if (!max_delay)
      max_delay = 1;
  } else {
    if (!pskb_may_pull(skb, sizeof_igmpv3_query))
      return true;
    ih3 = igmpv3_query_hdr(skb);
    if (ih3.nsrcs) {
      if (!pskb_may_pull(skb, sizeof_igmpv3_query + ntohs(ih3.nsrcs) * 4))
        return true;
      ih3 = igmpv3_query_hdr(skb);
    }
    max_delay = IGMPV3_MRC(ih3.code) * Math.trunc(HZ / IGMP_TIMER_SCALE);
    if (!max_delay)
      max_delay = 1;
    in_dev.mr_maxdelay = max_delay;
    if (ih3.qrv)
      in_dev.mr_qrv = ih3.qrv;
    if (!group) {
      if (ih3.nsrcs)
        return false;
      igmp_gq_start_timer(in_dev);
      return false;
    }
    mark = ih3.nsrcs !== 0 ? 1 : 0;
  }
  rcu_read_lock();
  for (im = rcu_dereference(in_dev.mc_list); im !== null; im = rcu_dereference(im.next_rcu)) {
    let changed: boolean;
    if (group && group !== im.multiaddr)
      continue;
    if (im.multiaddr === IGMP_ALL_HOSTS)
      continue;
    spin_lock_bh(im.lock);
    if (im.tm_running)
      im.gsquery = im.gsquery && mark;
    else
      im.gsquery = mark;
    changed = !im.gsquery || !!igmp_marksources(im, ntohs(ih3.nsrcs), Array.from({ length: ih3.nsrcs }, (_, i) => ih3.src(i)));
    spin_unlock_bh(im.lock);
    if (changed)
      igmp_mod_timer(im, max_delay);
  }
  rcu_read_unlock();
  return false;
}

export function igmp_rcv(skb: sk_buff): number {
  let ih: igmphdr;
  const in_dev = __in_dev_get_rcu(skb.dev);
  const len = skb.len;
  let dropped = true;
  drop: {
    if (in_dev === null)
      break drop;
    if (!pskb_may_pull(skb, sizeof_igmphdr))
      break drop;
    switch (skb.ip_summed) {
    case CHECKSUM_COMPLETE:
      if (!csum_fold(skb.csum))
        break;
    // falls through
    case CHECKSUM_NONE:
      skb.csum = 0;
      if (__skb_checksum_complete(skb))
        break drop;
    }
    ih = igmp_hdr(skb);
    switch (ih.type) {
    case IGMP_HOST_MEMBERSHIP_QUERY:
      dropped = igmp_heard_query(in_dev, skb, len);
      break;
    case IGMP_HOST_MEMBERSHIP_REPORT:
    case IGMPV2_HOST_MEMBERSHIP_REPORT:
      if (rt_is_output_route(skb_rtable(skb)))
        break;
      if (skb.pkt_type === PACKET_MULTICAST || skb.pkt_type === PACKET_BROADCAST)
        dropped = igmp_heard_report(in_dev, ih.group);
      break;
    case IGMP_PIM:
    case IGMPV3_HOST_MEMBERSHIP_REPORT:
    case IGMP_DVMRP:
    case IGMP_TRACE:
    case IGMP_HOST_LEAVE_MESSAGE:
    case IGMP_MTRACE:
    case IGMP_MTRACE_RESP:
      break;
    default:
      break;
    }
  }
  if (dropped)
    kfree_skb(skb);
  else
    consume_skb(skb);
  return 0;
}

function ip_mc_filter_add(in_dev: in_device, addr: number): void {
  const buf = new Uint8Array(MAX_ADDR_LEN);
  const dev = in_dev.dev;
  if (arp_mc_map(addr, buf, dev, 0) === 0)
    dev_mc_add(dev, buf);
}
function ip_mc_filter_del(in_dev: in_device, addr: number): void {
  const buf = new Uint8Array(MAX_ADDR_LEN);
  const dev = in_dev.dev;
  if (arp_mc_map(addr, buf, dev, 0) === 0)
    dev_mc_del(dev, buf);
}

function igmpv3_add_delrec(in_dev: in_device, im: ip_mc_list): void {
  let pmc: ip_mc_list;
  pmc = new ip_mc_list();
  if (!pmc)
    return;
  spin_lock_bh(im.lock);
  pmc.interface = im.interface;
  in_dev_hold(in_dev);
  pmc.multiaddr = im.multiaddr;
  pmc.crcount = in_dev.mr_qrv ? in_dev.mr_qrv : IGMP_Unsolicited_Report_Count;
  pmc.sfmode = im.sfmode;
  if (pmc.sfmode === MCAST_INCLUDE) {
    let psf: ip_sf_list;
    pmc.tomb = im.tomb;
    pmc.sources = im.sources;
    im.tomb = im.sources = null;
    for (psf = pmc.sources; psf; psf = psf.sf_next)
      psf.sf_crcount = pmc.crcount;
  }
  spin_unlock_bh(im.lock);
  spin_lock_bh(in_dev.mc_tomb_lock);
  pmc.next = in_dev.mc_tomb;
  in_dev.mc_tomb = pmc;
  spin_unlock_bh(in_dev.mc_tomb_lock);
}
function igmpv3_del_delrec(in_dev: in_device, multiaddr: number): void {
  let pmc: ip_mc_list, pmc_prev: ip_mc_list;
  let psf: ip_sf_list, psf_next: ip_sf_list;
  spin_lock_bh(in_dev.mc_tomb_lock);
  pmc_prev = null;
  for (pmc = in_dev.mc_tomb; pmc; pmc = pmc.next) {
    if (pmc.multiaddr === multiaddr)
      break;
    pmc_prev = pmc;
  }
  if (pmc) {
    if (pmc_prev)
      pmc_prev.next = pmc.next;
    else
      in_dev.mc_tomb = pmc.next;
  }
  spin_unlock_bh(in_dev.mc_tomb_lock);
  if (pmc) {
    for (psf = pmc.tomb; psf; psf = psf_next) {
      psf_next = psf.sf_next;
      kfree(psf);
    }
    in_dev_put(pmc.interface);
    kfree(pmc);
  }
}
function igmpv3_clear_delrec(in_dev: in_device): void {
  let pmc: ip_mc_list, nextpmc: ip_mc_list;
  spin_lock_bh(in_dev.mc_tomb_lock);
  pmc = in_dev.mc_tomb;
  in_dev.mc_tomb = null;
  spin_unlock_bh(in_dev.mc_tomb_lock);
  for (; pmc; pmc = nextpmc) {
    nextpmc = pmc.next;
    ip_mc_clear_src(pmc);
    in_dev_put(pmc.interface);
    kfree(pmc);
  }
  rcu_read_lock();
  for (pmc = rcu_dereference(in_dev.mc_list); pmc !== null; pmc = rcu_dereference(pmc.next_rcu)) {
    let psf: ip_sf_list, psf_next: ip_sf_list;
    spin_lock_bh(pmc.lock);
    psf = pmc.tomb;
    pmc.tomb = null;
    spin_unlock_bh(pmc.lock);
    for (; psf; psf = psf_next) {
      psf_next = psf.sf_next;
      kfree(psf);
    }
  }
  rcu_read_unlock();
}

function igmp_group_dropped(im: ip_mc_list): void {
  const in_dev = im.interface;
  let reporter: number;
  if (im.loaded) {
    im.loaded = 0;
    ip_mc_filter_del(in_dev, im.multiaddr);
  }
  if (im.multiaddr === IGMP_ALL_HOSTS)
    return;
  reporter = im.reporter;
  igmp_stop_timer(im);
  if (!in_dev.dead) {
    if (IGMP_V1_SEEN(in_dev))
      return;
    if (IGMP_V2_SEEN(in_dev)) {
      if (reporter)
        igmp_send_report(in_dev, im, IGMP_HOST_LEAVE_MESSAGE);
      return;
    }
    igmpv3_add_delrec(in_dev, im);
    igmp_ifc_event(in_dev);
  }
}
function igmp_group_added(im: ip_mc_list): void {
  const in_dev = im.interface;
  if (im.loaded === 0) {
    im.loaded = 1;
    ip_mc_filter_add(in_dev, im.multiaddr);
  }
  if (im.multiaddr === IGMP_ALL_HOSTS)
    return;
  if (in_dev.dead)
    return;
  if (IGMP_V1_SEEN(in_dev) || IGMP_V2_SEEN(in_dev)) {
    spin_lock_bh(im.lock);
    igmp_start_timer(im, IGMP_Initial_Report_Delay);
    spin_unlock_bh(im.lock);
    return;
  }
  im.crcount = in_dev.mr_qrv ? in_dev.mr_qrv : IGMP_Unsolicited_Report_Count;
  igmp_ifc_event(in_dev);
}

/** One more user of the group on this device. */
export function ip_mc_inc_group(in_dev: in_device, addr: number): void {
  let im: ip_mc_list;
  ASSERT_RTNL();
  for (im = rtnl_dereference(in_dev.mc_list); im !== null; im = rtnl_dereference(im.next_rcu)) {
    if (im.multiaddr === addr) {
      im.users++;
      ip_mc_add_src(in_dev, addr, MCAST_EXCLUDE, 0, null, 0);
      return;
    }
  }
  im = new ip_mc_list();
  if (!im)
    return;
  im.users = 1;
  im.interface = in_dev;
  in_dev_hold(in_dev);
  im.multiaddr = addr;
  im.sfmode = MCAST_EXCLUDE;
  im.sfcount[MCAST_EXCLUDE] = 1;
  atomic_set(im.refcnt, 1);
  spin_lock_init(im.lock);
  setup_timer(im.timer, igmp_timer_expire, im);
  im.unsolicit_count = IGMP_Unsolicited_Report_Count;
  im.next_rcu = in_dev.mc_list;
  in_dev.mc_count++;
  rcu_assign_pointer(in_dev.mc_list = im);
  igmpv3_del_delrec(in_dev, im.multiaddr);
  igmp_group_added(im);
  if (!in_dev.dead)
    ip_rt_multicast_event(in_dev);
}

export function ip_mc_rejoin_groups(in_dev: in_device): void {
  let im: ip_mc_list;
  let type: number;
  for (im = rcu_dereference(in_dev.mc_list); im !== null; im = rcu_dereference(im.next_rcu)) {
    if (im.multiaddr === IGMP_ALL_HOSTS)
      continue;
    if (IGMP_V1_SEEN(in_dev))
      type = IGMP_HOST_MEMBERSHIP_REPORT;
    else if (IGMP_V2_SEEN(in_dev))
      type = IGMPV2_HOST_MEMBERSHIP_REPORT;
    else
      type = IGMPV3_HOST_MEMBERSHIP_REPORT;
    igmp_send_report(in_dev, im, type);
  }
}

/** One user less; the last one leaves the group. */
export function ip_mc_dec_group(in_dev: in_device, addr: number): void {
  let i: ip_mc_list;
  let ip: ip_mc_list = null;
  ASSERT_RTNL();
  for (i = rtnl_dereference(in_dev.mc_list); i !== null; ip = i, i = rtnl_dereference(i.next_rcu)) {
    if (i.multiaddr === addr) {
      if (--i.users === 0) {
        if (ip) ip.next_rcu = i.next_rcu; else in_dev.mc_list = i.next_rcu;
        in_dev.mc_count--;
        igmp_group_dropped(i);
        ip_mc_clear_src(i);
        if (!in_dev.dead)
          ip_rt_multicast_event(in_dev);
        ip_ma_put(i);
        return;
      }
      break;
    }
  }
}

export function ip_mc_unmap(in_dev: in_device): void {
  let pmc: ip_mc_list;
  ASSERT_RTNL();
  for (pmc = rtnl_dereference(in_dev.mc_list); pmc !== null; pmc = rtnl_dereference(pmc.next_rcu))
    igmp_group_dropped(pmc);
}
export function ip_mc_remap(in_dev: in_device): void {
  let pmc: ip_mc_list;
  ASSERT_RTNL();
  for (pmc = rtnl_dereference(in_dev.mc_list); pmc !== null; pmc = rtnl_dereference(pmc.next_rcu))
    igmp_group_added(pmc);
}
export function ip_mc_down(in_dev: in_device): void {
  let pmc: ip_mc_list;
  ASSERT_RTNL();
  for (pmc = rtnl_dereference(in_dev.mc_list); pmc !== null; pmc = rtnl_dereference(pmc.next_rcu))
    igmp_group_dropped(pmc);
  in_dev.mr_ifc_count = 0;
  if (del_timer(in_dev.mr_ifc_timer))
    __in_dev_put(in_dev);
  in_dev.mr_gq_running = 0;
  if (del_timer(in_dev.mr_gq_timer))
    __in_dev_put(in_dev);
  igmpv3_clear_delrec(in_dev);
  ip_mc_dec_group(in_dev, IGMP_ALL_HOSTS);
}
export function ip_mc_init_dev(in_dev: in_device): void {
  ASSERT_RTNL();
  in_dev.mc_tomb = null;
  in_dev.mr_gq_running = 0;
  setup_timer(in_dev.mr_gq_timer, igmp_gq_timer_expire, in_dev);
  in_dev.mr_ifc_count = 0;
  in_dev.mc_count = 0;
  setup_timer(in_dev.mr_ifc_timer, igmp_ifc_timer_expire, in_dev);
  in_dev.mr_qrv = IGMP_Unsolicited_Report_Count;
  spin_lock_init(in_dev.mc_tomb_lock);
}
export function ip_mc_up(in_dev: in_device): void {
  let pmc: ip_mc_list;
  ASSERT_RTNL();
  ip_mc_inc_group(in_dev, IGMP_ALL_HOSTS);
  for (pmc = rtnl_dereference(in_dev.mc_list); pmc !== null; pmc = rtnl_dereference(pmc.next_rcu))
    igmp_group_added(pmc);
}
export function ip_mc_destroy_dev(in_dev: in_device): void {
  let i: ip_mc_list;
  ASSERT_RTNL();
  ip_mc_down(in_dev);
  while ((i = rtnl_dereference(in_dev.mc_list)) !== null) {
    in_dev.mc_list = i.next_rcu;
    in_dev.mc_count--;
    ip_mc_clear_src(i);
    ip_ma_put(i);
  }
}

function ip_mc_find_dev(net: net, imr: ip_mreqn): in_device {
  let dev: net_device = null;
  let idev: in_device = null;
  if (imr.imr_ifindex) {
    idev = inetdev_by_index(net, imr.imr_ifindex);
    return idev;
  }
  if (imr.imr_address.s_addr) {
    dev = __ip_dev_find(net, imr.imr_address.s_addr, false);
    if (!dev)
      return null;
  }
  if (!dev) {
    const rt = ip_route_output(net, imr.imr_multiaddr.s_addr, 0, 0, 0);
    if (!IS_ERR(rt)) {
      dev = rt.dst.dev;
      ip_rt_put(rt);
    }
  }
  if (dev) {
    imr.imr_ifindex = dev.ifindex;
    idev = __in_dev_get_rtnl(dev);
  }
  return idev;
}

function ip_mc_del1_src(pmc: ip_mc_list, sfmode: number, psfsrc: number): number {
  let psf: ip_sf_list, psf_prev: ip_sf_list;
  let rv = 0;
  psf_prev = null;
  for (psf = pmc.sources; psf; psf = psf.sf_next) {
    if (psf.sf_inaddr === psfsrc)
      break;
    psf_prev = psf;
  }
  if (!psf || psf.sf_count[sfmode] === 0) {
    return -ESRCH;
  }
  psf.sf_count[sfmode]--;
  if (psf.sf_count[sfmode] === 0) {
    ip_rt_multicast_event(pmc.interface);
  }
  if (!psf.sf_count[MCAST_INCLUDE] && !psf.sf_count[MCAST_EXCLUDE]) {
    const in_dev = pmc.interface;
    if (psf_prev)
      psf_prev.sf_next = psf.sf_next;
    else
      pmc.sources = psf.sf_next;
    if (psf.sf_oldin && !IGMP_V1_SEEN(in_dev) && !IGMP_V2_SEEN(in_dev)) {
      psf.sf_crcount = in_dev.mr_qrv ? in_dev.mr_qrv : IGMP_Unsolicited_Report_Count;
      psf.sf_next = pmc.tomb;
      pmc.tomb = psf;
      rv = 1;
    } else
      kfree(psf);
  }
  return rv;
}

function ip_mc_del_src(in_dev: in_device, pmca: number, sfmode: number, sfcount: number, psfsrc: number[], delta: number): number {
  let pmc: ip_mc_list;
  let changerec = false;
  let i: number, err: number;
  if (!in_dev)
    return -ENODEV;
  rcu_read_lock();
  for (pmc = rcu_dereference(in_dev.mc_list); pmc !== null; pmc = rcu_dereference(pmc.next_rcu)) {
    if (pmca === pmc.multiaddr)
      break;
  }
  if (!pmc) {
    rcu_read_unlock();
    return -ESRCH;
  }
  spin_lock_bh(pmc.lock);
  rcu_read_unlock();
  sf_markstate(pmc);
  out_unlock: {
    if (!delta) {
      err = -EINVAL;
      if (!pmc.sfcount[sfmode])
        break out_unlock;
      pmc.sfcount[sfmode]--;
    }
    err = 0;
    for (i = 0; i < sfcount; i++) {
      const rv = ip_mc_del1_src(pmc, sfmode, psfsrc[i]);
      changerec = changerec || rv > 0;
      if (!err && rv < 0)
        err = rv;
    }
    if (pmc.sfmode === MCAST_EXCLUDE && pmc.sfcount[MCAST_EXCLUDE] === 0 && pmc.sfcount[MCAST_INCLUDE]) {
      let psf: ip_sf_list;
      pmc.sfmode = MCAST_INCLUDE;
      pmc.crcount = in_dev.mr_qrv ? in_dev.mr_qrv : IGMP_Unsolicited_Report_Count;
      in_dev.mr_ifc_count = pmc.crcount;
      for (psf = pmc.sources; psf; psf = psf.sf_next)
        psf.sf_crcount = 0;
      igmp_ifc_event(pmc.interface);
    } else if (sf_setstate(pmc) || changerec) {
      igmp_ifc_event(pmc.interface);
    }
  }
  spin_unlock_bh(pmc.lock);
  return err;
}

function ip_mc_add1_src(pmc: ip_mc_list, sfmode: number, psfsrc: number): number {
  let psf: ip_sf_list, psf_prev: ip_sf_list;
  psf_prev = null;
  for (psf = pmc.sources; psf; psf = psf.sf_next) {
    if (psf.sf_inaddr === psfsrc)
      break;
    psf_prev = psf;
  }
  if (!psf) {
    psf = new ip_sf_list();
    if (!psf)
      return -ENOBUFS;
    psf.sf_inaddr = psfsrc;
    if (psf_prev) {
      psf_prev.sf_next = psf;
    } else
      pmc.sources = psf;
  }
  psf.sf_count[sfmode]++;
  if (psf.sf_count[sfmode] === 1) {
    ip_rt_multicast_event(pmc.interface);
  }
  return 0;
}

function sf_markstate(pmc: ip_mc_list): void {
  let psf: ip_sf_list;
  const mca_xcount = pmc.sfcount[MCAST_EXCLUDE];
  for (psf = pmc.sources; psf; psf = psf.sf_next)
    if (pmc.sfcount[MCAST_EXCLUDE]) {
      psf.sf_oldin = mca_xcount === psf.sf_count[MCAST_EXCLUDE] && !psf.sf_count[MCAST_INCLUDE] ? 1 : 0;
    } else
      psf.sf_oldin = psf.sf_count[MCAST_INCLUDE] !== 0 ? 1 : 0;
}

function sf_setstate(pmc: ip_mc_list): number {
  let psf: ip_sf_list, dpsf: ip_sf_list;
  const mca_xcount = pmc.sfcount[MCAST_EXCLUDE];
  const qrv = pmc.interface.mr_qrv;
  let new_in: boolean, rv: number;
  rv = 0;
  for (psf = pmc.sources; psf; psf = psf.sf_next) {
    if (pmc.sfcount[MCAST_EXCLUDE]) {
      new_in = mca_xcount === psf.sf_count[MCAST_EXCLUDE] && !psf.sf_count[MCAST_INCLUDE];
    } else
      new_in = psf.sf_count[MCAST_INCLUDE] !== 0;
    if (new_in) {
      if (!psf.sf_oldin) {
        let prev: ip_sf_list = null;
        for (dpsf = pmc.tomb; dpsf; dpsf = dpsf.sf_next) {
          if (dpsf.sf_inaddr === psf.sf_inaddr)
            break;
          prev = dpsf;
        }
        if (dpsf) {
          if (prev)
            prev.sf_next = dpsf.sf_next;
          else
            pmc.tomb = dpsf.sf_next;
          kfree(dpsf);
        }
        psf.sf_crcount = qrv;
        rv++;
      }
    } else if (psf.sf_oldin) {
      psf.sf_crcount = 0;
      for (dpsf = pmc.tomb; dpsf; dpsf = dpsf.sf_next)
        if (dpsf.sf_inaddr === psf.sf_inaddr)
          break;
      if (!dpsf) {
        dpsf = new ip_sf_list();
        if (!dpsf)
          continue;
        dpsf.sf_inaddr = psf.sf_inaddr;
        dpsf.sf_count[0] = psf.sf_count[0];
        dpsf.sf_count[1] = psf.sf_count[1];
        dpsf.sf_gsresp = psf.sf_gsresp;
        dpsf.sf_oldin = psf.sf_oldin;
        dpsf.sf_next = pmc.tomb;
        pmc.tomb = dpsf;
      }
      dpsf.sf_crcount = qrv;
      rv++;
    }
  }
  return rv;
}

function ip_mc_add_src(in_dev: in_device, pmca: number, sfmode: number, sfcount: number, psfsrc: number[], delta: number): number {
  let pmc: ip_mc_list;
  let isexclude: boolean;
  let i: number, err: number;
  if (!in_dev)
    return -ENODEV;
  rcu_read_lock();
  for (pmc = rcu_dereference(in_dev.mc_list); pmc !== null; pmc = rcu_dereference(pmc.next_rcu)) {
    if (pmca === pmc.multiaddr)
      break;
  }
  if (!pmc) {
    rcu_read_unlock();
    return -ESRCH;
  }
  spin_lock_bh(pmc.lock);
  rcu_read_unlock();
  sf_markstate(pmc);
  isexclude = pmc.sfmode === MCAST_EXCLUDE;
  if (!delta)
    pmc.sfcount[sfmode]++;
  err = 0;
  for (i = 0; i < sfcount; i++) {
    err = ip_mc_add1_src(pmc, sfmode, psfsrc[i]);
    if (err)
      break;
  }
  if (err) {
    let j: number;
    if (!delta)
      pmc.sfcount[sfmode]--;
    for (j = 0; j < i; j++)
      ip_mc_del1_src(pmc, sfmode, psfsrc[j]);
  } else if (isexclude !== (pmc.sfcount[MCAST_EXCLUDE] !== 0)) {
    let psf: ip_sf_list;
    in_dev = pmc.interface;
    if (pmc.sfcount[MCAST_EXCLUDE])
      pmc.sfmode = MCAST_EXCLUDE;
    else if (pmc.sfcount[MCAST_INCLUDE])
      pmc.sfmode = MCAST_INCLUDE;
    pmc.crcount = in_dev.mr_qrv ? in_dev.mr_qrv : IGMP_Unsolicited_Report_Count;
    in_dev.mr_ifc_count = pmc.crcount;
    for (psf = pmc.sources; psf; psf = psf.sf_next)
      psf.sf_crcount = 0;
    igmp_ifc_event(in_dev);
  } else if (sf_setstate(pmc)) {
    igmp_ifc_event(in_dev);
  }
  spin_unlock_bh(pmc.lock);
  return err;
}

function ip_mc_clear_src(pmc: ip_mc_list): void {
  let psf: ip_sf_list, nextpsf: ip_sf_list;
  for (psf = pmc.tomb; psf; psf = nextpsf) {
    nextpsf = psf.sf_next;
    kfree(psf);
  }
  pmc.tomb = null;
  for (psf = pmc.sources; psf; psf = nextpsf) {
    nextpsf = psf.sf_next;
    kfree(psf);
  }
  pmc.sources = null;
  pmc.sfmode = MCAST_EXCLUDE;
  pmc.sfcount[MCAST_INCLUDE] = 0;
  pmc.sfcount[MCAST_EXCLUDE] = 1;
}

/** A socket joins a group (IP_ADD_MEMBERSHIP). */
export function* ip_mc_join_group(sk: sock, imr: ip_mreqn): Gen<number> {
  let err: number;
  const addr = imr.imr_multiaddr.s_addr;
  let iml: ip_mc_socklist = null, i: ip_mc_socklist;
  let in_dev: in_device;
  const inet = inet_sk(sk);
  const net = sock_net(sk);
  let ifindex: number;
  let count = 0;
  if (!ipv4_is_multicast(addr))
    return -EINVAL;
  yield* rtnl_lock();
  in_dev = ip_mc_find_dev(net, imr);
  done: {
    if (!in_dev) {
      iml = null;
      err = -ENODEV;
      break done;
    }
    err = -EADDRINUSE;
    ifindex = imr.imr_ifindex;
    for (i = rtnl_dereference(inet.mc_list); i !== null; i = rtnl_dereference(i.next_rcu)) {
      if (i.multi.imr_multiaddr.s_addr === addr && i.multi.imr_ifindex === ifindex)
        break done;
      count++;
    }
    err = -ENOBUFS;
    if (count >= current.host.sysctl_igmp_max_memberships)
      break done;
    iml = sock_kmalloc(sk, sizeof_ip_mc_socklist, 0) ? new ip_mc_socklist() : null;
    if (iml === null)
      break done;
    iml.multi.imr_multiaddr.s_addr = imr.imr_multiaddr.s_addr;
    iml.multi.imr_address.s_addr = imr.imr_address.s_addr;
    iml.multi.imr_ifindex = imr.imr_ifindex;
    iml.next_rcu = inet.mc_list;
    iml.sflist = null;
    iml.sfmode = MCAST_EXCLUDE;
    inet.mc_list = iml;
    ip_mc_inc_group(in_dev, addr);
    err = 0;
  }
  yield* rtnl_unlock();
  return err;
}

function ip_mc_leave_src(sk: sock, iml: ip_mc_socklist, in_dev: in_device): number {
  const psf: ip_sf_socklist = rtnl_dereference(iml.sflist);
  let err: number;
  if (psf === null) {
    return ip_mc_del_src(in_dev, iml.multi.imr_multiaddr.s_addr, iml.sfmode, 0, null, 0);
  }
  err = ip_mc_del_src(in_dev, iml.multi.imr_multiaddr.s_addr, iml.sfmode, psf.sl_count, psf.sl_addr, 0);
  iml.sflist = null;
  atomic_sub(IP_SFLSIZE(psf.sl_max), sk.sk_omem_alloc);
  kfree_rcu(psf);
  return err;
}

export function* ip_mc_leave_group(sk: sock, imr: ip_mreqn): Gen<number> {
  const inet = inet_sk(sk);
  let iml: ip_mc_socklist;
  let imlp: ip_mc_socklist = null;
  let in_dev: in_device;
  const net = sock_net(sk);
  const group = imr.imr_multiaddr.s_addr;
  let ifindex: number;
  let ret = -EADDRNOTAVAIL;
  yield* rtnl_lock();
  out: {
    in_dev = ip_mc_find_dev(net, imr);
    if (!imr.imr_ifindex && !imr.imr_address.s_addr && !in_dev) {
      ret = -ENODEV;
      break out;
    }
    ifindex = imr.imr_ifindex;
    for (iml = rtnl_dereference(inet.mc_list); iml !== null; imlp = iml, iml = rtnl_dereference(iml.next_rcu)) {
      if (iml.multi.imr_multiaddr.s_addr !== group)
        continue;
      if (ifindex) {
        if (iml.multi.imr_ifindex !== ifindex)
          continue;
      } else if (imr.imr_address.s_addr && imr.imr_address.s_addr !== iml.multi.imr_address.s_addr)
        continue;
      ip_mc_leave_src(sk, iml, in_dev);
      if (imlp) imlp.next_rcu = iml.next_rcu; else inet.mc_list = iml.next_rcu;
      if (in_dev)
        ip_mc_dec_group(in_dev, group);
      yield* rtnl_unlock();
      atomic_sub(sizeof_ip_mc_socklist, sk.sk_omem_alloc);
      kfree_rcu(iml);
      return 0;
    }
  }
  yield* rtnl_unlock();
  return ret;
}

/** Does the socket's filter let a datagram from `rmt_addr` to the group `loc_addr` on device `dif` through? */
export function ip_mc_sf_allow(sk: sock, loc_addr: number, rmt_addr: number, dif: number): number {
  const inet = inet_sk(sk);
  let pmc: ip_mc_socklist;
  let psl: ip_sf_socklist;
  let i: number;
  let ret: number;
  ret = 1;
  if (!ipv4_is_multicast(loc_addr))
    return ret;
  rcu_read_lock();
  for (pmc = rcu_dereference(inet.mc_list); pmc !== null; pmc = rcu_dereference(pmc.next_rcu)) {
    if (pmc.multi.imr_multiaddr.s_addr === loc_addr && pmc.multi.imr_ifindex === dif)
      break;
  }
  unlock: {
    ret = inet.mc_all;
    if (!pmc)
      break unlock;
    psl = rcu_dereference(pmc.sflist);
    ret = (pmc.sfmode === MCAST_EXCLUDE) ? 1 : 0;
    if (!psl)
      break unlock;
    for (i = 0; i < psl.sl_count; i++) {
      if (psl.sl_addr[i] === rmt_addr)
        break;
    }
    ret = 0;
    if (pmc.sfmode === MCAST_INCLUDE && i >= psl.sl_count)
      break unlock;
    if (pmc.sfmode === MCAST_EXCLUDE && i < psl.sl_count)
      break unlock;
    ret = 1;
  }
  rcu_read_unlock();
  return ret;
}

export function* ip_mc_drop_socket(sk: sock): Gen<void> {
  const inet = inet_sk(sk);
  let iml: ip_mc_socklist;
  const net = sock_net(sk);
  if (inet.mc_list === null)
    return;
  yield* rtnl_lock();
  while ((iml = rtnl_dereference(inet.mc_list)) !== null) {
    let in_dev: in_device;
    inet.mc_list = iml.next_rcu;
    in_dev = inetdev_by_index(net, iml.multi.imr_ifindex);
    ip_mc_leave_src(sk, iml, in_dev);
    if (in_dev !== null)
      ip_mc_dec_group(in_dev, iml.multi.imr_multiaddr.s_addr);
    atomic_sub(sizeof_ip_mc_socklist, sk.sk_omem_alloc);
    kfree_rcu(iml);
  }
  yield* rtnl_unlock();
}

/** Is the group wanted here? */
export function ip_check_mc_rcu(in_dev: in_device, mc_addr: number, src_addr: number, proto: number): number {
  let im: ip_mc_list;
  let psf: ip_sf_list;
  let rv = 0;
  for (im = rcu_dereference(in_dev.mc_list); im !== null; im = rcu_dereference(im.next_rcu)) {
    if (im.multiaddr === mc_addr)
      break;
  }
  if (im && proto === IPPROTO_IGMP) {
    rv = 1;
  } else if (im) {
    if (src_addr) {
      for (psf = im.sources; psf; psf = psf.sf_next) {
        if (psf.sf_inaddr === src_addr)
          break;
      }
      if (psf)
        rv = psf.sf_count[MCAST_INCLUDE] || psf.sf_count[MCAST_EXCLUDE] !== im.sfcount[MCAST_EXCLUDE] ? 1 : 0;
      else
        rv = im.sfcount[MCAST_EXCLUDE] !== 0 ? 1 : 0;
    } else
      rv = 1;
  }
  return rv;
}
