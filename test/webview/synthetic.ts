/** A made-up run with the shape of a real one: a send, the wire, interrupts of two hosts, the answer; any number of times. */
import type { GraphEvent, GraphTrace, GraphWire } from '../../src/protocol/graph';
import { LAYERS, layerOfPath } from '../../src/protocol/layers';

/** A call: function, file, callees. `!` before the name: an accessor. `@`: the packet is its argument. */
type Call = readonly [string, string, ...(Call | string)[]];

const SEND: Call = ['sys_sendto', 'net/socket.c',
  ['!sockfd_lookup_light', 'net/socket.c', ['!fget_light', 'fs/file_table.c']],
  ['sock_sendmsg', 'net/socket.c', ['inet_sendmsg', 'net/ipv4/af_inet.c', ['!sock_rps_record_flow', 'include/net/sock.h'], ['tcp_sendmsg', 'net/ipv4/tcp.c',
    ['!lock_sock', 'net/core/sock.c'], ['tcp_send_mss', 'net/ipv4/tcp.c', ['tcp_current_mss', 'net/ipv4/tcp_output.c', ['!tcp_established_options', 'net/ipv4/tcp_output.c']]],
    ['@sk_stream_alloc_skb', 'net/ipv4/tcp.c', ['@__alloc_skb', 'net/core/skbuff.c', 'alloc', ['!kmem_cache_alloc_node', 'mm/slub.c']]],
    ['@skb_add_data_nocache', 'include/net/sock.h', 'copy 64 bytes from user'], ['!tcp_mark_push', 'net/ipv4/tcp.c'],
    ['tcp_push', 'net/ipv4/tcp.c', ['__tcp_push_pending_frames', 'net/ipv4/tcp_output.c', ['tcp_write_xmit', 'net/ipv4/tcp_output.c', ['!tcp_cwnd_test', 'net/ipv4/tcp_output.c'], ['!tcp_snd_wnd_test', 'net/ipv4/tcp_output.c'],
      ['@tcp_transmit_skb', 'net/ipv4/tcp_output.c', ['@skb_clone', 'net/core/skbuff.c', 'clone'], ['!tcp_options_write', 'net/ipv4/tcp_output.c'], ['@tcp_v4_send_check', 'net/ipv4/tcp_ipv4.c'],
        ['@ip_queue_xmit', 'net/ipv4/ip_output.c', ['ip_route_output_flow', 'net/ipv4/route.c', ['fib_table_lookup', 'net/ipv4/fib_trie.c']], ['@ip_local_out', 'net/ipv4/ip_output.c', ['@__ip_local_out', 'net/ipv4/ip_output.c',
          ['@nf_hook_slow', 'net/netfilter/core.c', ['@nf_iterate', 'net/netfilter/core.c']]], ['@ip_output', 'net/ipv4/ip_output.c', ['@ip_finish_output', 'net/ipv4/ip_output.c',
          ['@neigh_resolve_output', 'net/core/neighbour.c', ['@eth_header', 'net/ethernet/eth.c', 'header Ethernet'],
          ['@dev_queue_xmit', 'net/core/dev.c', ['@netdev_pick_tx', 'net/core/flow_dissector.c'], ['@__dev_xmit_skb', 'net/core/dev.c', ['@sch_direct_xmit', 'net/sched/sch_generic.c',
            ['@dev_hard_start_xmit', 'net/core/dev.c', ['@igb_xmit_frame', 'drivers/net/ethernet/intel/igb/igb_main.c', ['@igb_xmit_frame_ring', 'drivers/net/ethernet/intel/igb/igb_main.c',
              ['!igb_maybe_stop_tx', 'drivers/net/ethernet/intel/igb/igb_main.c'], ['@igb_tx_map', 'drivers/net/ethernet/intel/igb/igb_main.c', ['@dma_map_single', 'include/linux/dma-mapping.h', 'dma 118 bytes'], 'doorbell tail 17']]]]]]]]]]]]]]]],
    ['release_sock', 'net/core/sock.c', ['!_raw_spin_lock_bh', 'kernel/spinlock.c']]]]]];

const RECEIVE: Call = ['do_IRQ', 'arch/x86/kernel/irq.c', ['!irq_enter', 'kernel/softirq.c'], ['handle_irq_event', 'kernel/irq/handle.c', ['igb_msix_ring', 'drivers/net/ethernet/intel/igb/igb_main.c', ['napi_schedule', 'net/core/dev.c', ['!__raise_softirq_irqoff', 'kernel/softirq.c']]]]];
const SOFT = (packet: boolean): Call => ['__do_softirq', 'kernel/softirq.c', ['net_rx_action', 'net/core/dev.c', ['igb_poll', 'drivers/net/ethernet/intel/igb/igb_main.c',
  ...(packet ? [['igb_clean_rx_irq', 'drivers/net/ethernet/intel/igb/igb_main.c', ['@igb_fetch_rx_buffer', 'drivers/net/ethernet/intel/igb/igb_main.c', 'receive ring 1'], ['@napi_gro_receive', 'net/core/dev.c', ['@dev_gro_receive', 'net/core/dev.c', ['@inet_gro_receive', 'net/ipv4/af_inet.c']],
    ['@netif_receive_skb', 'net/core/dev.c', ['@ip_rcv', 'net/ipv4/ip_input.c', ['@ip_rcv_finish', 'net/ipv4/ip_input.c', ['@tcp_v4_early_demux', 'net/ipv4/tcp_ipv4.c', ['__inet_lookup_established', 'net/ipv4/inet_hashtables.c']], ['@ip_local_deliver', 'net/ipv4/ip_input.c',
      ['@ip_local_deliver_finish', 'net/ipv4/ip_input.c', ['@tcp_v4_rcv', 'net/ipv4/tcp_ipv4.c', ['@tcp_prequeue', 'net/ipv4/tcp_ipv4.c', 'prequeue', ['__wake_up_sync_key', 'kernel/sched/core.c', ['try_to_wake_up', 'kernel/sched/core.c']]]]]]]]]]] as unknown as Call]
    : [['igb_clean_tx_irq', 'drivers/net/ethernet/intel/igb/igb_main.c', ['@dev_kfree_skb_any', 'net/core/dev.c', ['@__kfree_skb', 'net/core/skbuff.c', 'free clone', ['tcp_wfree', 'net/ipv4/tcp_output.c']]]] as unknown as Call])]]];
const BLOCK: Call = ['sys_recvfrom', 'net/socket.c', ['sock_recvmsg', 'net/socket.c', ['inet_recvmsg', 'net/ipv4/af_inet.c', ['tcp_recvmsg', 'net/ipv4/tcp.c', ['!lock_sock', 'net/core/sock.c'], ['sk_wait_data', 'net/core/sock.c', ['schedule_timeout', 'kernel/timer.c', ['!schedule', 'kernel/sched/core.c'], 'PAUSE']],
  ['tcp_prequeue_process', 'net/ipv4/tcp.c', ['@tcp_v4_do_rcv', 'net/ipv4/tcp_ipv4.c', ['@tcp_rcv_established', 'net/ipv4/tcp_input.c', ['@tcp_queue_rcv', 'net/ipv4/tcp_input.c'], ['tcp_event_data_recv', 'net/ipv4/tcp_input.c']]]], ['@skb_copy_datagram_iovec', 'net/core/datagram.c', 'copy 64 bytes to user'], ['tcp_cleanup_rbuf', 'net/ipv4/tcp.c']]]]];

interface Row { fn: number; parent: number; inside: number; host: number; cpu: number; task: number; context: number; packet: number; first: number; end: number; enter: number; leave: number }

class Maker {
  readonly functions: { name: string; path: string; minor: boolean; layer: number }[] = [];
  private readonly ids = new Map<string, number>();
  readonly rows: Row[] = [];
  readonly steps: { frame: number; time: number }[] = [];
  readonly events: GraphEvent[] = [];
  readonly wire: GraphWire[] = [];
  time = 1_000_000;

  private fn(name: string, path: string, minor: boolean): number {
    let id = this.ids.get(name);
    if (id === undefined) { id = this.functions.push({ name, path, minor, layer: LAYERS.indexOf(layerOfPath(path)) }) - 1; this.ids.set(name, id); }
    return id;
  }

  private step(frame: number): void { this.time += 40 + ((this.steps.length * 37) % 90); this.steps.push({ frame, time: this.time }); }

  call(call: Call, at: { host: number; cpu: number; task: number; context: number; packet: number }, parent = -1, inside = -1, pause: () => void = () => {}, interrupt?: { in: string; run: (frame: number) => void }): number {
    const [name, path, ...inner] = call, minor = name.startsWith('!'), own = name.startsWith('@'), plain = name.replace(/^[!@]/, '');
    const frame = this.rows.push({ fn: this.fn(plain, path, minor), parent, inside, host: at.host, cpu: at.cpu, task: at.task, context: at.context, packet: own ? at.packet : 0, first: this.steps.length, end: -1, enter: this.time, leave: NaN }) - 1;
    this.step(frame);
    this.step(frame);
    for (const x of inner) {
      if (x === 'PAUSE') pause();
      else if (typeof x === 'string') this.event(x, at.host, at.packet);
      else this.call(x, at, frame, -1, pause, interrupt);
      this.step(frame);
    }
    if (interrupt?.in === plain) { interrupt.run(frame); this.step(frame); }
    this.rows[frame].end = this.steps.length;
    this.rows[frame].leave = this.time + 20;
    return frame;
  }

  event(text: string, host: number, packet: number): void {
    const [kind, ...detail] = text.split(' ');
    this.events.push({ step: this.steps.length - 1, time: this.time, host, kind, packet, detail: detail.join(' ') });
  }

  send(from: number, to: number, packet: number, length: number, summary: string): void {
    const sent = this.time + 300;
    this.time = sent + 5200;
    this.wire.push({ sent, received: this.time, from, to, packet, length, dropped: false, summary });
    this.time += 700;
  }
}

/** One 64-byte send with its delayed acknowledgement. */
function round(m: Maker, packet: number): void {
  const a = { host: 0, cpu: 0, task: 0, context: 0, packet }, b = { host: 1, cpu: 0, task: 1, context: 0, packet };
  const irq = (host: number, inside: number, data: boolean, p: number): void => {
    const at = { host, cpu: 1, task: -1, context: 2, packet: p };
    m.call(RECEIVE, at, -1, inside);
    m.call(SOFT(data), { ...at, context: 1 }, -1, inside);
  };
  m.call(BLOCK, b, -1, -1, () => {
    m.call(SEND, a, -1, -1, undefined, { in: 'release_sock', run: (frame) => m.call(['smp_apic_timer_interrupt', 'arch/x86/kernel/apic/apic.c', ['!irq_enter', 'kernel/softirq.c'], ['hrtimer_interrupt', 'kernel/hrtimer.c', ['tick_sched_timer', 'kernel/time/tick-sched.c', ['update_process_times', 'kernel/timer.c']]], ['irq_exit', 'kernel/softirq.c']], { host: 0, cpu: 0, task: 0, context: 2, packet: 0 }, -1, frame) });
    m.call(['nic transmits', '', 'dma fetch'], { host: 0, cpu: 0, task: -1, context: 3, packet });
    m.send(0, 1, packet, 118, 'TCP 10.0.0.1:40000 > 10.0.0.2:5001 PSH ACK len 64');
    m.event('dma 118 bytes', 1, packet);
    irq(1, -1, true, packet);
    m.time += 900;
    irq(0, -1, false, packet);
    m.time += 3000;
  });
  m.time += 39_600_000;
  m.call(['tcp_delack_timer', 'net/ipv4/tcp_timer.c', ['tcp_send_ack', 'net/ipv4/tcp_output.c', ['@__alloc_skb', 'net/core/skbuff.c', 'alloc'], ['@tcp_transmit_skb', 'net/ipv4/tcp_output.c', ['@ip_queue_xmit', 'net/ipv4/ip_output.c', ['@dev_queue_xmit', 'net/core/dev.c', ['@igb_xmit_frame', 'drivers/net/ethernet/intel/igb/igb_main.c']]]]]], { host: 1, cpu: 1, task: -1, context: 1, packet: packet + 1 });
  m.send(1, 0, packet + 1, 66, 'TCP 10.0.0.2:5001 > 10.0.0.1:40000 ACK');
  irq(0, -1, true, packet + 1);
  m.time += 50_000;
}

/** A trace of at least `frames` frames. */
export function syntheticTrace(frames: number): GraphTrace {
  const m = new Maker();
  for (let packet = 7; m.rows.length < frames || packet === 7; packet += 2) round(m, packet);
  const ints = (pick: (r: Row) => number): Int32Array => Int32Array.from(m.rows, pick), bytes = (pick: (r: Row) => number): Uint8Array => Uint8Array.from(m.rows, pick), floats = (pick: (r: Row) => number): Float64Array => Float64Array.from(m.rows, pick);
  return {
    scenario: 'tcp-send-64', title: 'TCP: send 64 bytes', kernel: '3.10.108', hosts: [{ name: 'a', cpus: 2 }, { name: 'b', cpus: 2 }], tasks: [{ host: 0, pid: 47, comm: 'client' }, { host: 1, pid: 51, comm: 'server' }], functions: m.functions,
    frames: {
      count: m.rows.length, fn: ints((r) => r.fn), parent: ints((r) => r.parent), inside: ints((r) => r.inside), host: bytes((r) => r.host), cpu: bytes((r) => r.cpu), task: ints((r) => r.task), context: bytes((r) => r.context), packet: ints((r) => r.packet),
      firstStep: ints((r) => r.first), endStep: ints((r) => r.end), enterTime: floats((r) => r.enter), leaveTime: floats((r) => r.leave),
    },
    stepFrame: Int32Array.from(m.steps, (s) => s.frame), stepTime: Float64Array.from(m.steps, (s) => s.time), events: m.events, wire: m.wire, stopped: '',
  };
}
