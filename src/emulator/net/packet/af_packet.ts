/** net/packet/af_packet.c: packet sockets, the taps that tcpdump opens. Rings (PACKET_RX_RING), fan-out and SOCK_PACKET are not modelled. */
import { atomically, type Gen } from '../../include/ports';
import { current } from '../../include/ports';
import { WARN_ON } from '../../include/asm-generic/bug';
import type { kiocb } from '../../include/linux/aio';
import { atomic_inc, atomic_read } from '../../include/linux/atomic';
import { CAP_NET_RAW, ns_capable } from '../../include/linux/capability';
import { likely, unlikely } from '../../include/linux/compiler';
import { GFP_ATOMIC, GFP_KERNEL } from '../../include/linux/gfp';
import { IFF_UP } from '../../include/linux/if';
import { AF_PACKET, MSG_CMSG_COMPAT, MSG_DONTWAIT, MSG_ERRQUEUE, MSG_PEEK, MSG_TRUNC, PF_PACKET, type msghdr, type sockaddr } from '../../include/linux/socket';
import { PACKET_LOOPBACK, PACKET_OUTGOING, sizeof_sockaddr_ll, sockaddr_as_ll, type sockaddr_ll } from '../../include/linux/if_packet';
import { mutex_lock, mutex_unlock } from '../../include/linux/mutex';
import { SOCK_DGRAM, SOCK_RAW, SS_UNCONNECTED, type net_proto_family, type proto_ops, type socket } from '../../include/linux/net';
import {
  LL_RESERVED_SPACE, NETDEV_DOWN, NETDEV_UNREGISTER, NETDEV_UP, dev_get_by_index, dev_hard_header, dev_hold, dev_net, dev_parse_header, dev_put, dev_queue_xmit, net_xmit_errno,
  register_netdevice_notifier, type net_device, type packet_type,
} from '../../include/linux/netdevice';
import { __dev_remove_pack, dev_add_pack, synchronize_net } from '../core/dev';
import { NOTIFY_DONE, notifier_block } from '../../include/linux/notifier';
import { rcu_assign_pointer, rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { preempt_disable, preempt_enable } from '../../include/linux/smp';
import {
  __skb_queue_tail, consume_skb, kfree_skb, nf_reset, pskb_trim, skb_clone, skb_copy_datagram_from_iovec, skb_copy_datagram_iovec, skb_free_datagram, skb_mac_header,
  skb_network_offset, skb_probe_transport_header, skb_pull, skb_push, skb_put, skb_queue_purge, skb_recv_datagram, skb_reserve, skb_set_network_header, skb_shared, skb_shinfo,
} from '../../include/linux/skbuff';
import type { sk_buff } from '../../include/linux/skbuff.struct';
import { spin_lock, spin_unlock, spinlock_t } from '../../include/linux/spinlock';
import { htons, ntohs } from '../../include/linux/types';
import { EINVAL, EMSGSIZE, ENETDOWN, ENOBUFS, ENODEV, ENXIO, EPERM, ESOCKTNOSUPPORT } from '../../include/uapi/asm-generic/errno';
import { skb_dst_drop } from '../../include/net/dst';
import { net_eq, type net } from '../../include/net/net_namespace';
import type { proto, sock } from '../../include/net/sock.struct';
import {
  SOCK_DEAD, __sock_put, lock_sock, release_sock, sk_add_node_rcu, sk_alloc, sk_del_node_init_rcu, sk_refcnt_debug_dec, sk_refcnt_debug_inc, sk_refcnt_debug_release, skb_set_owner_r,
  sock_alloc_send_pskb, sock_flag, sock_hold, sock_init_data, sock_net, sock_no_accept, sock_no_connect, sock_no_getsockopt, sock_no_ioctl, sock_no_listen, sock_no_mmap, sock_no_sendpage,
  sock_no_setsockopt, sock_no_shutdown, sock_no_socketpair, sock_orphan, sock_prot_inuse_add, sock_put, sock_recv_ts_and_drops,
} from '../../include/net/sock';
import { proto_register } from '../core/sock';
import { datagram_poll } from '../core/datagram';
import { sock_register, sock_tx_timestamp } from '../socket';
import { packet_skb_cb, packet_sock, pkt_sk } from './internal';

const VLAN_HLEN = 4;
const PAGE_SIZE = 4096;

function PACKET_SKB_CB(skb: sk_buff): packet_skb_cb { return skb.cb_packet === null ? (skb.cb_packet = new packet_skb_cb()) : skb.cb_packet; }

function packet_cached_dev_get(po: packet_sock): net_device {
  let dev: net_device;

  rcu_read_lock();
  dev = rcu_dereference(po.cached_dev);
  if (likely(dev))
    dev_hold(dev);
  rcu_read_unlock();

  return dev;
}

function packet_cached_dev_assign(po: packet_sock, dev: net_device): void {
  po.cached_dev = rcu_assign_pointer(dev);
}

function packet_cached_dev_reset(po: packet_sock): void {
  po.cached_dev = null;
}

/** From here on every frame of the socket's protocol comes by. */
function register_prot_hook(sk: sock): void {
  const po = pkt_sk(sk);

  if (!po.running) {
    dev_add_pack(po.prot_hook);

    sock_hold(sk);
    po.running = 1;
  }
}

function __unregister_prot_hook(sk: sock, sync: boolean): void {
  const po = pkt_sk(sk);

  po.running = 0;

  __dev_remove_pack(po.prot_hook);

  __sock_put(sk);

  if (sync) {
    spin_unlock(po.bind_lock);
    synchronize_net();
    spin_lock(po.bind_lock);
  }
}

function unregister_prot_hook(sk: sock, sync: boolean): void {
  const po = pkt_sk(sk);

  if (po.running)
    __unregister_prot_hook(sk, sync);
}

function packet_sock_destruct(sk: sock): void {
  skb_queue_purge(sk.sk_error_queue);

  WARN_ON(atomic_read(sk.sk_rmem_alloc));
  WARN_ON(atomic_read(sk.sk_wmem_alloc));

  if (!sock_flag(sk, SOCK_DEAD)) {
    current.machine.log('Attempt to release alive packet socket');
    return;
  }

  sk_refcnt_debug_dec(sk);
}

/** How many bytes the socket's filter lets through: all, as no filter can be attached (DEVIATION). */
function run_filter(skb: sk_buff, sk: sock, res: number): number {
  let filter: unknown;

  rcu_read_lock();
  filter = rcu_dereference(sk.sk_filter);
  rcu_read_unlock();

  return filter !== null && filter !== undefined ? 0 : res;
}

/** Every frame that arrives or leaves comes here; a copy waits for recvmsg(). */
export function packet_rcv(skb: sk_buff, dev: net_device, pt: packet_type, orig_dev: net_device): number {
  let sk: sock;
  let sll: sockaddr_ll;
  let po: packet_sock;
  const skb_head = skb.data;
  const skb_len = skb.len;
  let snaplen: number, res: number;

  drop: {
    drop_n_restore: {
      drop_n_acct: {
        if (skb.pkt_type === PACKET_LOOPBACK)
          break drop;

        sk = pt.af_packet_priv as sock;
        po = pkt_sk(sk);

        if (!net_eq(dev_net(dev), sock_net(sk)))
          break drop;

        skb.dev = dev;

        if (dev.header_ops) {
          if (sk.sk_type !== SOCK_DGRAM)
            skb_push(skb, skb.data - skb_mac_header(skb));
          else if (skb.pkt_type === PACKET_OUTGOING) {
            skb_pull(skb, skb_network_offset(skb));
          }
        }

        snaplen = skb.len;

        res = run_filter(skb, sk, snaplen);
        if (!res)
          break drop_n_restore;
        if (snaplen > res)
          snaplen = res;

        if (atomic_read(sk.sk_rmem_alloc) >= sk.sk_rcvbuf)
          break drop_n_acct;

        if (skb_shared(skb)) {
          const nskb = skb_clone(skb, GFP_ATOMIC);
          if (nskb === null)
            break drop_n_acct;

          if (skb_head !== skb.data) {
            skb.data = skb_head;
            skb.len = skb_len;
          }
          consume_skb(skb);
          skb = nskb;
        }

        sll = PACKET_SKB_CB(skb).sa.ll;
        sll.sll_family = AF_PACKET;
        sll.sll_hatype = dev.type;
        sll.sll_protocol = skb.protocol;
        sll.sll_pkttype = skb.pkt_type;
        if (unlikely(po.origdev))
          sll.sll_ifindex = orig_dev.ifindex;
        else
          sll.sll_ifindex = dev.ifindex;

        sll.sll_halen = dev_parse_header(skb, sll.sll_addr);

        PACKET_SKB_CB(skb).origlen = skb.len;

        if (pskb_trim(skb, snaplen))
          break drop_n_acct;

        skb_set_owner_r(skb, sk);
        skb.dev = null;
        skb_dst_drop(skb);

        nf_reset(skb);

        spin_lock(sk.sk_receive_queue.lock);
        po.stats.stats1.tp_packets++;
        skb.dropcount = atomic_read(sk.sk_drops);
        __skb_queue_tail(sk.sk_receive_queue, skb);
        spin_unlock(sk.sk_receive_queue.lock);
        sk.sk_data_ready(sk, skb.len);
        return 0;
      }
      spin_lock(sk.sk_receive_queue.lock);
      po.stats.stats1.tp_drops++;
      atomic_inc(sk.sk_drops);
      spin_unlock(sk.sk_receive_queue.lock);
    }
    if (skb_head !== skb.data && skb_shared(skb)) {
      skb.data = skb_head;
      skb.len = skb_len;
    }
  }
  consume_skb(skb);
  return 0;
}

function* packet_alloc_skb(sk: sock, prepad: number, reserve: number, len: number, linear: number, noblock: number, err: { v: number }): Gen<sk_buff> {
  let skb: sk_buff;

  if (prepad + len < PAGE_SIZE || !linear)
    linear = len;

  skb = yield* sock_alloc_send_pskb(sk, prepad + linear, len - linear, noblock, err);
  if (!skb)
    return null;

  skb_reserve(skb, reserve);
  skb_put(skb, linear);
  skb.data_len = len - linear;
  skb.len += len - linear;

  return skb;
}

/** DEVIATION: virtio headers in front of the frame (PACKET_VNET_HDR) and frames without FCS are not modelled. */
function* packet_snd(sock: socket, msg: msghdr, len: number): Gen<number> {
  const sk = sock.sk;
  const saddr: sockaddr_ll = msg.msg_name === null ? null : sockaddr_as_ll(msg.msg_name);
  let skb: sk_buff = null;
  let dev: net_device;
  let proto: number;
  let addr: Uint8Array;
  const error = { v: 0 };
  let err: number, reserve = 0;
  let offset = 0;
  const po = pkt_sk(sk);
  let hlen: number, tlen: number, linear: number;

  out: {
    if (likely(saddr === null)) {
      dev = packet_cached_dev_get(po);
      proto = po.num;
      addr = null;
    } else {
      err = -EINVAL;
      if (msg.msg_namelen < sizeof_sockaddr_ll)
        break out;
      proto = saddr.sll_protocol;
      addr = saddr.sll_addr;
      dev = dev_get_by_index(sock_net(sk), saddr.sll_ifindex);
    }
    out_unlock: {
      out_free: {
        err = -ENXIO;
        if (unlikely(dev === null))
          break out_unlock;
        err = -ENETDOWN;
        if (unlikely(!(dev.flags & IFF_UP)))
          break out_unlock;

        if (sock.type === SOCK_RAW)
          reserve = dev.hard_header_len;

        err = -EMSGSIZE;
        if (len > dev.mtu + reserve + VLAN_HLEN)
          break out_unlock;

        err = -ENOBUFS;
        hlen = LL_RESERVED_SPACE(dev);
        tlen = dev.needed_tailroom;
        linear = Math.min(len, dev.hard_header_len);
        skb = yield* packet_alloc_skb(sk, hlen + tlen, hlen, len, linear, msg.msg_flags & MSG_DONTWAIT, error);
        err = error.v;
        if (skb === null)
          break out_unlock;

        skb_set_network_header(skb, reserve);

        err = -EINVAL;
        if (sock.type === SOCK_DGRAM && (offset = dev_hard_header(skb, dev, ntohs(proto), addr, null, len)) < 0)
          break out_free;

        err = skb_copy_datagram_from_iovec(skb, offset, msg.msg_iov, 0, len);
        if (err)
          break out_free;

        sock_tx_timestamp(sk, skb_shinfo(skb));

        skb.protocol = proto;
        skb.dev = dev;
        skb.priority = sk.sk_priority;
        skb.mark = sk.sk_mark;

        skb_probe_transport_header(skb, reserve);

        err = dev_queue_xmit(skb);
        if (err > 0 && (err = net_xmit_errno(err)) !== 0)
          break out_unlock;

        dev_put(dev);

        return len;
      }
      kfree_skb(skb);
    }
    if (dev)
      dev_put(dev);
  }
  return err;
}

function* packet_sendmsg(_iocb: kiocb, sock: socket, msg: msghdr, len: number): Gen<number> {
  return yield* packet_snd(sock, msg, len);
}

function* packet_release(sock: socket): Gen<number> {
  const sk = sock.sk;
  let po: packet_sock;
  let net: net;

  if (!sk)
    return 0;

  net = sock_net(sk);
  po = pkt_sk(sk);

  yield* mutex_lock(net.packet.sklist_lock);
  sk_del_node_init_rcu(sk);
  mutex_unlock(net.packet.sklist_lock);

  preempt_disable();
  sock_prot_inuse_add(net, sk.sk_prot, -1);
  preempt_enable();

  spin_lock(po.bind_lock);
  unregister_prot_hook(sk, false);
  packet_cached_dev_reset(po);

  if (po.prot_hook.dev) {
    dev_put(po.prot_hook.dev);
    po.prot_hook.dev = null;
  }
  spin_unlock(po.bind_lock);

  synchronize_net();

  sock_orphan(sk);
  sock.sk = null;

  skb_queue_purge(sk.sk_receive_queue);
  sk_refcnt_debug_release(sk);

  sock_put(sk);
  return 0;
}

function* packet_do_bind(sk: sock, dev: net_device, protocol: number): Gen<number> {
  const po = pkt_sk(sk);

  yield* lock_sock(sk);

  spin_lock(po.bind_lock);
  unregister_prot_hook(sk, true);

  po.num = protocol;
  po.prot_hook.type = protocol;
  if (po.prot_hook.dev)
    dev_put(po.prot_hook.dev);

  po.prot_hook.dev = dev;
  po.ifindex = dev ? dev.ifindex : 0;

  packet_cached_dev_assign(po, dev);

  out_unlock: {
    if (protocol === 0)
      break out_unlock;

    if (!dev || (dev.flags & IFF_UP)) {
      register_prot_hook(sk);
    } else {
      sk.sk_err = ENETDOWN;
      if (!sock_flag(sk, SOCK_DEAD))
        sk.sk_error_report(sk);
    }
  }
  spin_unlock(po.bind_lock);
  yield* release_sock(sk);
  return 0;
}

function* packet_bind(sock: socket, uaddr: sockaddr, addr_len: number): Gen<number> {
  const sll = sockaddr_as_ll(uaddr);
  const sk = sock.sk;
  let dev: net_device = null;
  let err: number;

  if (addr_len < sizeof_sockaddr_ll)
    return -EINVAL;
  if (sll.sll_family !== AF_PACKET)
    return -EINVAL;

  out: {
    if (sll.sll_ifindex) {
      err = -ENODEV;
      dev = dev_get_by_index(sock_net(sk), sll.sll_ifindex);
      if (dev === null)
        break out;
    }
    err = yield* packet_do_bind(sk, dev, sll.sll_protocol ? htons(sll.sll_protocol) : pkt_sk(sk).num);
  }
  return err;
}

export const packet_proto: proto = {
  name: 'PACKET', close: null, connect: null, disconnect: null, accept: null, ioctl: null, init: null, destroy: null, shutdown: null, setsockopt: null, getsockopt: null, sendmsg: null,
  recvmsg: null, sendpage: null, bind: null, backlog_rcv: null, release_cb: null, hash: null, unhash: null, rehash: null, get_port: null, clear_sk: null, enter_memory_pressure: null,
  memory_allocated: null, sockets_allocated: null, memory_pressure: null, sysctl_mem: null, sysctl_wmem: null, sysctl_rmem: null, max_header: 0, no_autobind: false, slab_flags: 0,
  orphan_count: null, rsk_prot: null, twsk_prot: null, h: {},
  new_sock(): sock { return new packet_sock(); },
};

function packet_create(net: net, sock: socket, protocol: number, _kern: number): number {
  let sk: sock;
  let po: packet_sock;
  const proto = protocol;
  let err: number;

  if (!ns_capable(null, CAP_NET_RAW))
    return -EPERM;
  if (sock.type !== SOCK_DGRAM && sock.type !== SOCK_RAW)
    return -ESOCKTNOSUPPORT;

  sock.state = SS_UNCONNECTED;

  out: {
    err = -ENOBUFS;
    sk = sk_alloc(net, PF_PACKET, GFP_KERNEL, packet_proto);
    if (sk === null)
      break out;

    sock.ops = packet_ops;

    sock_init_data(sock, sk);

    po = pkt_sk(sk);
    sk.sk_family = PF_PACKET;
    po.num = proto;

    packet_cached_dev_reset(po);

    sk.sk_destruct = packet_sock_destruct;
    sk_refcnt_debug_inc(sk);

    po.bind_lock = new spinlock_t();
    po.prot_hook.func = packet_rcv;

    po.prot_hook.af_packet_priv = sk;

    if (proto) {
      po.prot_hook.type = proto;
      register_prot_hook(sk);
    }

    /* DEVIATION: nobody holds the list's mutex over a wait, so it is free here */
    atomically(mutex_lock(net.packet.sklist_lock));
    sk_add_node_rcu(sk, net.packet.sklist);
    mutex_unlock(net.packet.sklist_lock);

    preempt_disable();
    sock_prot_inuse_add(net, packet_proto, 1);
    preempt_enable();

    return 0;
  }
  return err;
}

function* packet_recvmsg(_iocb: kiocb, sock: socket, msg: msghdr, len: number, flags: number): Gen<number> {
  const sk = sock.sk;
  let skb: sk_buff;
  let copied: number, err: number;
  const error = { v: 0 };

  out: {
    err = -EINVAL;
    if (flags & ~(MSG_PEEK | MSG_DONTWAIT | MSG_TRUNC | MSG_CMSG_COMPAT | MSG_ERRQUEUE))
      break out;

    skb = yield* skb_recv_datagram(sk, flags, flags & MSG_DONTWAIT, error);
    err = error.v;

    if (skb === null)
      break out;

    out_free: {
      copied = skb.len;
      if (copied > len) {
        copied = len;
        msg.msg_flags |= MSG_TRUNC;
      }

      err = skb_copy_datagram_iovec(skb, 0, msg.msg_iov, copied);
      if (err)
        break out_free;

      sock_recv_ts_and_drops(msg, sk, skb);

      if (msg.msg_name) {
        const sll = PACKET_SKB_CB(skb).sa.ll;
        msg.msg_namelen = sizeof_sockaddr_ll;
        msg.msg_name.sin_family = sll.sll_family;
        msg.msg_name.sin_port = ntohs(sll.sll_protocol);
        msg.msg_name.sin_addr.s_addr = sll.sll_ifindex;
      }

      err = flags & MSG_TRUNC ? skb.len : copied;
    }
    skb_free_datagram(sk, skb);
  }
  return err;
}

function packet_getname(sock: socket, uaddr: sockaddr, uaddr_len: { v: number }, peer: number): number {
  const sk = sock.sk;
  const po = pkt_sk(sk);

  if (peer)
    return -EINVAL;

  uaddr.sin_family = AF_PACKET;
  uaddr.sin_addr.s_addr = po.ifindex;
  uaddr.sin_port = ntohs(po.num);
  uaddr_len.v = sizeof_sockaddr_ll;

  return 0;
}

function packet_notifier(_this: notifier_block, msg: number, data: unknown): number {
  let sk: sock;
  const dev = data as net_device;
  const net = dev_net(dev);

  rcu_read_lock();
  for (let p = net.packet.sklist.first; p; p = p.next) {
    sk = p.owner;
    const po = pkt_sk(sk);

    switch (msg) {
      case NETDEV_UNREGISTER:
      case NETDEV_DOWN:
        if (dev.ifindex === po.ifindex) {
          spin_lock(po.bind_lock);
          if (po.running) {
            __unregister_prot_hook(sk, false);
            sk.sk_err = ENETDOWN;
            if (!sock_flag(sk, SOCK_DEAD))
              sk.sk_error_report(sk);
          }
          if (msg === NETDEV_UNREGISTER) {
            packet_cached_dev_reset(po);
            po.ifindex = -1;
            if (po.prot_hook.dev)
              dev_put(po.prot_hook.dev);
            po.prot_hook.dev = null;
          }
          spin_unlock(po.bind_lock);
        }
        break;
      case NETDEV_UP:
        if (dev.ifindex === po.ifindex) {
          spin_lock(po.bind_lock);
          if (po.num)
            register_prot_hook(sk);
          spin_unlock(po.bind_lock);
        }
        break;
    }
  }
  rcu_read_unlock();
  return NOTIFY_DONE;
}

export const packet_ops: proto_ops = {
  family: 17,
  release: packet_release,
  bind: packet_bind,
  connect: sock_no_connect,
  socketpair: sock_no_socketpair,
  accept: sock_no_accept,
  getname: packet_getname,
  poll: datagram_poll,
  ioctl: sock_no_ioctl,
  listen: sock_no_listen,
  shutdown: sock_no_shutdown,
  setsockopt: sock_no_setsockopt,
  getsockopt: sock_no_getsockopt,
  sendmsg: packet_sendmsg,
  recvmsg: packet_recvmsg,
  mmap: sock_no_mmap,
  sendpage: sock_no_sendpage,
};

export const packet_family_ops: net_proto_family = {
  family: 17,
  create: packet_create,
};


export function* packet_init(): Gen<number> {
  const rc = proto_register(packet_proto, 0);

  out: {
    if (rc !== 0)
      break out;

    sock_register(packet_family_ops);
    yield* register_netdevice_notifier(new notifier_block(packet_notifier, 0));
  }
  return rc;
}
