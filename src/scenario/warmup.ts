/** The state that the recorded machines were in when a scenario began, before its programs start: what a first ping and the scenarios run earlier had left. */
import { current, type Gen, type Host } from '../emulator/include/ports';
import { netdev_priv, type net_device } from '../emulator/include/linux/netdevice';
import { IGB_20K_ITR, igb_adapter } from '../emulator/drivers/net/ethernet/intel/igb/igb';
import { igb_write_itr } from '../emulator/drivers/net/ethernet/intel/igb/igb_main';
import { INADDR_LOOPBACK, IPPROTO_TCP, sockaddr_in } from '../emulator/include/linux/in';
import { SOCK_RAW } from '../emulator/include/linux/net';
import { AF_INET } from '../emulator/include/linux/socket';
import { csum_partial, csum_tcpudp_magic } from '../emulator/include/net/checksum';
import { inet_getpeer_v4, inet_putpeer } from '../emulator/include/net/inetpeer';
import * as user from '../emulator/user';
import { hrtimer_nanosleep } from '../emulator/kernel/hrtimer';
import { secure_ipv4_port_ephemeral } from '../emulator/net/core/secure_seq';
import { tcp_metrics_learnt } from '../emulator/net/ipv4/tcp_metrics';
import type { Machine } from '../emulator/machine/machine';
import type { Scenario } from './types';
import { ip, pingOnce } from './programs';

/** Longer than DELAY_PROBE_TIME (5 s) and the probe's answer, shorter than any reachable time. */
const IDLE = 7e9;
/** Longer than any reachable time (1.5 times 30 s). */
const UNTIL_STALE = 46e9;
/** Kernel timers of 5 s expire at multiples of 4 ticks: the ping goes late enough in such a period that the peer, which answers 5 ms later, probes in the next one. */
const SLACK = 16e6, LATE = 3e6;
/** Bytes: two frames of 1514. */
const BQL_LIMIT = 3028;
/**
 * What earlier connections to the peer had measured, ms (of eighths of a jiffy: RTT 6 jiffies, deviation 6): some segments that went alone and were
 * acknowledged 40 ms later, on machines slowed down by tracing. The recordings show these entries in use, greater than what 20 ping-pongs measure.
 */
const LEARNT = { rtt: 192, rttvar: 96, cwnd: 10 };

/** With so many source ports, each of two queues is chosen. */
const STRAY_SEGMENTS = 4;
const LOOPBACK = '127.0.0.1';

/** How long a warm-up takes from its first ping on, with room for slow machines. */
export function warmUpTime(scenario: Scenario): number { return (scenario.warm?.stale ? UNTIL_STALE + SLACK + scenario.warm.stale : IDLE) + 100e6; }

/** The two addresses of each of the host's links, and the host at the far end. */
function peers(scenario: Scenario, name: string): { host: string; address: string; own: string }[] {
  const addressOf = (end: string): string => {
    const [host, nic] = end.split('.');
    return scenario.hosts.find((h) => h.name === host)!.interfaces.find((i) => i.name === nic)!.address.split('/')[0];
  };
  return scenario.links.flatMap((link) => {
    const near = link.between.findIndex((end) => end.split('.')[0] === name);
    if (near < 0) return [];
    const far = link.between[1 - near];
    return [{ host: far.split('.')[0], address: addressOf(far), own: addressOf(link.between[near]) }];
  });
}

/**
 * What earlier traffic had made of the devices: queue limits (BQL) raised to two full frames, as the length of the bursts shows that the machines sent,
 * and adaptive interrupt throttles where small frames take them (the recordings of small sends never change one).
 */
function useDevices(host: Host): void {
  const net = host.init_net;
  for (let p = net.dev_base_head.next; p !== net.dev_base_head; p = p.next) {
    const dev = p.owner as net_device, adapter = netdev_priv(dev);
    for (const { dql } of dev._tx) {
      const more = Math.max(0, BQL_LIMIT - dql.limit);
      dql.limit += more;
      dql.adj_limit += more;
    }
    if (!(adapter instanceof igb_adapter) || adapter.rx_itr_setting > 3) continue;
    for (const vector of adapter.q_vector) if (vector) {
      vector.itr_val = IGB_20K_ITR;
      vector.set_itr = 1;
      igb_write_itr(vector);
    }
  }
}

/** A TCP reset without a connection, from `port` to the discard port: 20 bytes with their checksum. */
function strayReset(from: number, to: number, port: number): Uint8Array {
  const segment = new Uint8Array(20);
  segment.set([0, port, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x04]);
  const sum = csum_tcpudp_magic(from, to, segment.length, IPPROTO_TCP, csum_partial(segment, 0, segment.length, 0));
  segment.set([sum >>> 8, sum & 0xff], 16);
  return segment;
}

/**
 * Some segments that nobody answers. Earlier connections' had gone through every receive queue of the peer, which the addresses and ports choose; over the
 * loopback one is enough for the route and the neighbour that they had left.
 */
function* sendStrays(from: string, to: string, count: number): Gen<void> {
  const fd = yield* user.socket(AF_INET, SOCK_RAW, IPPROTO_TCP);
  if (fd < 0) return;
  for (let port = 1; port <= count; port++) yield* user.sendto(fd, strayReset(ip(from), ip(to), port), 20, 0, new sockaddr_in(ip(to), 0));
  yield* user.close(fd);
}

/** Earlier connections had left their measurements for each peer (and the loopback), and the first of them all had drawn the secret of the sequence numbers. */
function rememberConnections(addresses: readonly string[], ssthresh: number): void {
  secure_ipv4_port_ephemeral(INADDR_LOOPBACK, INADDR_LOOPBACK, 0);
  tcp_metrics_learnt(INADDR_LOOPBACK, LEARNT.rtt, LEARNT.rttvar, 0, LEARNT.cwnd);
  for (const address of addresses) tcp_metrics_learnt(ip(address), LEARNT.rtt, LEARNT.rttvar, ssthresh, LEARNT.cwnd);
}

/** Reassembling a peer's fragments had left an entry for it, which nobody holds now. */
function rememberFragments(addresses: readonly string[]): void {
  for (const address of addresses) inet_putpeer(inet_getpeer_v4(current.host.init_net.ipv4.peers, ip(address), 1));
}

/**
 * One ping to each directly linked host when all are up, then time for the neighbour entries to be confirmed. `stale`: a second ping finds the entries
 * stale, and the programs start so long after it (their probes are due after 5 s). `fragments`: an entry for each host, as the reassembly of its fragments leaves it.
 */
export function* warmUp(machine: Machine, scenario: Scenario, name: string, markReady: () => void, waitReady: (host: string) => Gen<void>): Gen<void> {
  const near = peers(scenario, name), pinged = near.filter((p) => p.address !== '');
  useDevices(current.host);
  markReady();
  for (const peer of near) {
    yield* waitReady(peer.host);
    if (peer.address === '') continue;
    yield* pingOnce(machine, peer.address);
    if (peer.own !== '') yield* sendStrays(peer.own, peer.address, STRAY_SEGMENTS);
  }
  rememberConnections(pinged.map((p) => p.address), scenario.warm?.ssthresh ?? 0);
  if (scenario.warm?.fragments) rememberFragments(pinged.map((p) => p.address));
  yield* sendStrays(LOOPBACK, LOOPBACK, 1);
  const stale = scenario.warm?.stale ?? 0;
  if (stale === 0) {
    yield* hrtimer_nanosleep(IDLE);
    return;
  }
  const again = Math.max(current.cpu.clock + UNTIL_STALE, scenario.uptime - stale);
  yield* hrtimer_nanosleep(again + ((SLACK + LATE - (again % SLACK)) % SLACK) - current.cpu.clock);
  if (scenario.hosts[0].name === name) for (const peer of pinged) yield* pingOnce(machine, peer.address);
  yield* hrtimer_nanosleep(again + stale - current.cpu.clock);
}
