/** The layers that a packet passes, and which one a kernel file belongs to. */
import { Context } from '../trace/model';

/** In the order in which a sent packet meets them. */
export const LAYERS = [
  'syscall', 'socket', 'tcp', 'udp', 'icmp', 'ip', 'netfilter', 'neighbour', 'qdisc', 'device', 'driver', 'wire', 'irq', 'softirq', 'timer', 'scheduler', 'memory', 'other',
] as const;
export type Layer = (typeof LAYERS)[number];

/** Longest matching start of a path wins. */
const BY_PATH: readonly (readonly [string, Layer])[] = [
  ['net/socket.c', 'syscall'], ['fs/', 'syscall'], ['include/linux/fs.h', 'syscall'], ['include/linux/file.h', 'syscall'], ['include/linux/syscalls.h', 'syscall'],
  ['net/core/sock.c', 'socket'], ['net/core/stream.c', 'socket'], ['net/core/datagram.c', 'socket'], ['net/core/scm.c', 'socket'], ['net/core/iovec.c', 'socket'],
  ['include/net/sock.h', 'socket'], ['include/net/inet_sock.h', 'socket'], ['include/net/scm.h', 'socket'], ['net/ipv4/af_inet.c', 'socket'],
  ['include/linux/net.h', 'socket'], ['include/linux/socket.h', 'socket'],
  ['net/ipv4/tcp', 'tcp'], ['include/net/tcp', 'tcp'], ['include/linux/tcp.h', 'tcp'], ['net/ipv4/inet_connection_sock.c', 'tcp'], ['include/net/inet_connection_sock.h', 'tcp'],
  ['net/ipv4/inet_hashtables.c', 'tcp'], ['include/net/inet_hashtables.h', 'tcp'], ['net/ipv4/inet_timewait_sock.c', 'tcp'], ['include/net/inet_timewait_sock.h', 'tcp'],
  ['net/ipv4/syncookies.c', 'tcp'], ['include/net/request_sock.h', 'tcp'], ['net/core/request_sock.c', 'tcp'], ['include/net/inet_ecn.h', 'tcp'], ['net/core/secure_seq.c', 'tcp'],
  ['net/ipv4/udp', 'udp'], ['include/net/udp', 'udp'], ['include/linux/udp.h', 'udp'],
  ['net/ipv4/icmp.c', 'icmp'], ['net/ipv4/ping.c', 'icmp'], ['net/ipv4/raw.c', 'icmp'], ['include/net/icmp.h', 'icmp'], ['include/linux/icmp.h', 'icmp'],
  ['net/ipv4/', 'ip'], ['include/net/ip', 'ip'], ['include/net/route.h', 'ip'], ['include/net/dst', 'ip'], ['net/core/dst.c', 'ip'], ['include/linux/ip.h', 'ip'],
  ['include/net/inetpeer.h', 'ip'], ['include/net/inet_frag.h', 'ip'], ['include/net/flow.h', 'ip'],
  ['net/netfilter/', 'netfilter'], ['net/ipv4/netfilter/', 'netfilter'], ['include/linux/netfilter', 'netfilter'],
  ['net/core/neighbour.c', 'neighbour'], ['include/net/neighbour.h', 'neighbour'], ['net/ipv4/arp.c', 'neighbour'], ['include/net/arp.h', 'neighbour'], ['net/ethernet/', 'neighbour'],
  ['include/linux/etherdevice.h', 'neighbour'], ['include/linux/if_ether.h', 'neighbour'],
  ['net/sched/', 'qdisc'], ['include/net/sch_generic.h', 'qdisc'], ['include/net/pkt_sched.h', 'qdisc'], ['include/linux/dynamic_queue_limits.h', 'qdisc'], ['lib/dynamic_queue_limits.c', 'qdisc'],
  ['net/core/', 'device'], ['include/linux/netdevice.h', 'device'],
  ['drivers/', 'driver'], ['include/linux/dma', 'driver'], ['arch/x86/include/asm/dma', 'driver'],
  ['arch/x86/kernel/', 'irq'], ['kernel/irq/', 'irq'], ['include/linux/irq', 'irq'], ['arch/x86/include/asm/irq', 'irq'], ['include/linux/hardirq.h', 'irq'],
  ['kernel/softirq.c', 'softirq'], ['include/linux/interrupt.h', 'softirq'], ['include/linux/bottom_half.h', 'softirq'],
  ['kernel/timer.c', 'timer'], ['kernel/hrtimer.c', 'timer'], ['kernel/time', 'timer'], ['include/linux/timer.h', 'timer'], ['include/linux/hrtimer.h', 'timer'], ['include/linux/jiffies.h', 'timer'],
  ['kernel/sched', 'scheduler'], ['kernel/wait.c', 'scheduler'], ['include/linux/wait.h', 'scheduler'], ['include/linux/sched.h', 'scheduler'], ['kernel/workqueue.c', 'scheduler'], ['kernel/task_work.c', 'scheduler'],
  ['mm/', 'memory'], ['include/linux/slab.h', 'memory'], ['include/linux/gfp.h', 'memory'], ['include/linux/skbuff.h', 'memory'], ['net/core/skbuff.c', 'memory'], ['include/linux/mm', 'memory'], ['arch/x86/lib/', 'memory'],
  ['include/linux/uaccess.h', 'memory'], ['include/net/checksum.h', 'memory'],
];

/** Layer of a kernel path. An empty path is the machine itself: the wire and the NIC. */
export function layerOfPath(path: string): Layer {
  if (path === '') return 'wire';
  let best: Layer = 'other', length = 0;
  for (const [start, layer] of BY_PATH) {
    if (start.length > length && path.startsWith(start)) { best = layer; length = start.length; }
  }
  return best;
}

/** A short name of a context kind for sorting and for CSS classes. */
export function contextName(context: Context): 'process' | 'softirq' | 'hardirq' | 'nic' {
  switch (context) {
    case Context.Process: return 'process';
    case Context.SoftIrq: return 'softirq';
    case Context.HardIrq: return 'hardirq';
    case Context.Nic: return 'nic';
  }
}
