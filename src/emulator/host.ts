/** Composition root: one host = machine + kernel state, booted. */
import { smp_apic_timer_interrupt } from './arch/x86/kernel/apic/apic';
import { do_IRQ } from './arch/x86/kernel/irq';
import { timer_interrupt_due, timer_next_event } from './kernel/hrtimer';
import { current, type Gen, type Host, type MachinePort } from './include/ports';
import { NETIF_F_ALL_CSUM, NETIF_F_ALL_TSO, NETIF_F_GRO, NETIF_F_GSO, NETIF_F_SG } from './include/linux/netdev_features';
import { rtnl_lock, rtnl_unlock } from './include/linux/rtnetlink';
import { pci_plug } from './include/linux/pci';
import { rps_map, type net_device } from './include/linux/netdevice';
import type { Machine } from './machine/machine';
import { newCpu } from './machine/cpu';
import { Nic82576, timingFor } from './machine/nic82576';
import { Wire } from './machine/wire';
import { cpuGlobals, hostGlobals } from './globals';
import { hrtimer_nanosleep } from './kernel/hrtimer';
import { rcu_init } from './kernel/rcutree';
import { spawn_ksoftirqd, softirq_init } from './kernel/softirq';
import { init_timers } from './kernel/timer';
import { init_workqueues } from './kernel/workqueue';
import { dummy_init_module } from './drivers/net/dummy';
import { IGB_MAX_ITR_USECS, IGB_MIN_ITR_USECS } from './drivers/net/ethernet/intel/igb/igb';
import { igb_set_coalesce, igb_set_ringparam } from './drivers/net/ethernet/intel/igb/igb_ethtool';
import { igb_init_module } from './drivers/net/ethernet/intel/igb/igb_main';
import { __dev_get_by_name, dev_set_mtu, net_dev_init, netdev_update_features } from './net/core/dev';
import { netlink_proto_init } from './net/netlink/af_netlink';
import { tcp_congestion_default } from './net/ipv4/tcp_cong';
import { cubictcp_register } from './net/ipv4/tcp_cubic';
import { inet_init, ipv4_offload_init } from './net/ipv4/af_inet';
import { packet_init } from './net/packet/af_packet';
import { af_unix_init } from './net/unix/af_unix';
import { pfifo_qdisc_ops } from './net/sched/sch_fifo';
import { netem_qdisc_ops } from './net/sched/sch_netem';
import { tbf_qdisc_ops } from './net/sched/sch_tbf';
import { tc_modify_qdisc } from './net/sched/sch_api';
import { sock_init } from './net/socket';
import { type FilterRule, iptables_append, iptables_flush } from './iptables';
import { addAddress, addNeighbour, addRoute, ifflags } from './user';
import { counters } from './counters';
import { applySysctls } from './sysctl';

/** What a host is made of, as far as booting needs it (src/scenario/types.ts has the whole). */
export interface BootConfig {
  readonly interfaces: readonly {
    readonly name: string; readonly driver: string; readonly address: string; readonly addresses: readonly string[]; readonly mac: string; readonly mtu: number; readonly up: boolean;
    readonly queues: { readonly rx: number; readonly tx: number }; readonly ring: { readonly rx: number; readonly tx: number }; readonly interrupts: readonly number[]; readonly throttle: number; readonly rps: readonly number[];
    readonly offloads: { readonly tso: boolean; readonly gso: boolean; readonly gro: boolean; readonly sg: boolean; readonly checksum: boolean }; readonly qdisc: unknown;
  }[];
  readonly routes: readonly { readonly to: string; readonly via: string; readonly dev: string }[];
  readonly neighbours: readonly { readonly address: string; readonly mac: string; readonly dev: string }[];
  readonly rules: readonly FilterRule[];
  readonly filter: boolean;
  readonly sysctls: Readonly<Record<string, string | number>>;
}

export interface LinkConfig {
  readonly between: readonly [string, string];
  readonly rate: number; readonly delay: number; readonly loss: number; readonly duplicate: number; readonly reorder: number; readonly reorderBy: number; readonly drop: Readonly<Record<string, readonly number[]>>;
}

declare module './include/ports' { interface Host { nics: Map<string, Nic82576> } }

/** A host with its CPUs and every kernel global at its initial value. Nothing has run on it yet. */
export function createHost(machine: Machine, index: number, name: string, cpus: number): Host {
  const host = { name, index, cpus: [], tasks: [], next_pid: 1, nics: new Map() } as unknown as Host;
  for (let i = 0; i < cpus; i++) host.cpus.push(newCpu(i, host));
  machine.addHost(host);
  machine.entries = { irq: do_IRQ, timer: smp_apic_timer_interrupt, timer_due: timer_interrupt_due, timer_next: timer_next_event };
  current.machine = machine;
  current.host = host;
  current.cpu = host.cpus[0];
  current.task = current.cpu.idle;
  current.stack = current.task.stack;
  current.probe = machine.probe;
  for (const init of hostGlobals) init(host);
  for (const cpu of host.cpus) for (const init of cpuGlobals) init(cpu);
  return host;
}

/** Puts the host's NICs on its bus. `interrupts`: CPU of each vector; the last one repeats. */
export function plugNics(machine: MachinePort, host: Host, config: BootConfig): void {
  let slot = 4;
  for (const nic of config.interfaces) {
    if (nic.driver !== 'igb') continue;
    const mac = Uint8Array.from(nic.mac.split(':').map((x) => parseInt(x, 16)));
    const affinity = (vector: number) => host.cpus[nic.interrupts[Math.min(vector, nic.interrupts.length - 1)]];
    const device = new Nic82576(machine, host, `${host.name}.${nic.name}`, mac, affinity, timingFor(current.probe.stepCost));
    host.nics.set(nic.name, device);
    pci_plug(host, device, `0000:00:0${slot++}.0`);
  }
}

/** Lays the cables; gives them, so that somebody can listen. */
export function connectHosts(machine: MachinePort, hosts: readonly Host[], links: readonly LinkConfig[]): Wire[] {
  return links.map((link) => {
    const drop = link.between.flatMap((end, i) => (link.drop[end] ?? []).map((n) => `${'ab'[i]}:${n}`));
    const wire = new Wire(machine, { rate: link.rate, delay: link.delay, loss: link.loss, duplicate: link.duplicate, reorder: link.reorder, reorderDelay: link.reorderBy, drop });
    for (const end of link.between) {
      const [name, nic] = end.split('.');
      hosts.find((h) => h.name === name).nics.get(nic).plug(wire);
    }
    return wire;
  });
}

/** start_kernel() and the initcalls that matter here, in their order (init/main.c, include/linux/init.h; drivers are linked before net/). */
function* startKernel(dummies: number): Gen<void> {
  softirq_init();
  init_timers();
  rcu_init();
  spawn_ksoftirqd();
  init_workqueues();
  sock_init();
  yield* netlink_proto_init();
  yield* net_dev_init();
  yield* inet_init();
  ipv4_offload_init();
  af_unix_init();
  if (dummies > 0) yield* dummy_init_module(dummies);
  yield* igb_init_module();
  cubictcp_register();
  yield* packet_init();
  tcp_congestion_default();
}

/** Boots the running host and configures it as its scenario says; ends when its links are up. */
export function* bootHost(host: Host, config: BootConfig): Gen<void> {
  yield* startKernel(config.interfaces.filter((nic) => nic.driver === 'dummy').length);
  applySysctls(host, config.sysctls);
  yield* ifflags('lo', true);
  for (const nic of config.interfaces) yield* configure(host, nic);
  for (let waited = 0; waited < 100 && config.interfaces.some((nic) => nic.up && host.nics.has(nic.name) && host.nics.get(nic.name).cabled && !carrier(host, nic.name)); waited++) yield* hrtimer_nanosleep(50_000_000);
  for (const route of config.routes) {
    const [to, bits] = route.to.split('/');
    const r = yield* addRoute(ip(to), Number(bits), route.via ? ip(route.via) : 0, route.dev);
    if (r < 0) current.machine.log(`route ${route.to}: ${r}`);
  }
  for (const n of config.neighbours) {
    const r = addNeighbour(n.dev, ip(n.address), Uint8Array.from(n.mac.split(':').map((x) => parseInt(x, 16))));
    if (r < 0) current.machine.log(`neighbour ${n.address} on ${n.dev}: ${r}`);
  }
  if (config.filter) iptables_flush();
}

/** Appends the running host's rules to its filter table. Apart from the boot, so that what a rule counts begins with the programs' packets. */
export function setRules(rules: readonly FilterRule[]): void {
  for (const rule of rules) {
    const problem = iptables_append(rule);
    if (problem !== null) current.machine.log(`iptables ${rule.chain}: ${problem}`);
  }
}

function carrier(host: Host, name: string): boolean {
  const dev = __dev_get_by_name(host.init_net, name);
  return dev !== null && (dev.state.v & (1 << 2)) === 0;
}

function* configure(host: Host, nic: BootConfig['interfaces'][number]): Gen<void> {
  const dev = __dev_get_by_name(host.init_net, nic.name);
  if (!dev) { current.machine.log(`there is no device ${nic.name}`); return; }
  yield* rtnl_lock();
  yield* dev_set_mtu(dev, nic.mtu);
  if (nic.driver === 'igb') yield* tuneIgb(dev, nic);
  yield* rtnl_unlock();
  yield* setOffloads(dev, nic.offloads);
  for (const [n, address] of [nic.address, ...nic.addresses].filter((a) => a !== '').entries()) {
    const [a, bits] = address.split('/');
    const r = yield* addAddress(n === 0 ? nic.name : `${nic.name}:${n}`, ip(a), Number(bits));
    if (r < 0) current.machine.log(`address ${address} on ${nic.name}: ${r}`);
  }
  if (!nic.up && nic.driver === 'dummy') return;
  const up = yield* ifflags(nic.name, true);
  if (up < 0) current.machine.log(`ifup ${nic.name}: ${up}`);
  if (nic.rps.length) {
    for (const queue of dev._rx) queue.rps_map = new rps_map(nic.rps.filter((cpu) => cpu < host.cpus.length));
    host.rps_needed = true;
  }
  if (nic.qdisc !== null) yield* setQdisc(dev, nic.qdisc as QdiscConfig);
  if (!nic.up) yield* ifflags(nic.name, false);
}

/** `ethtool -G` and `ethtool -C`, of an interface that is down. */
function* tuneIgb(dev: net_device, nic: BootConfig['interfaces'][number]): Gen<void> {
  yield* igb_set_ringparam(dev, { rx_pending: nic.ring.rx, tx_pending: nic.ring.tx });
  if (nic.throttle === 0) return;
  const usecs = Math.min(Math.max(Math.round(1e6 / nic.throttle), IGB_MIN_ITR_USECS), IGB_MAX_ITR_USECS);
  igb_set_coalesce(dev, { rx_coalesce_usecs: usecs, tx_coalesce_usecs: usecs });
}

/** `ethtool -K`. */
function* setOffloads(dev: net_device, o: BootConfig['interfaces'][number]['offloads']): Gen<void> {
  const bits: readonly (readonly [boolean, number])[] = [[o.tso, NETIF_F_ALL_TSO], [o.gso, NETIF_F_GSO], [o.gro, NETIF_F_GRO], [o.sg, NETIF_F_SG], [o.checksum, NETIF_F_ALL_CSUM]];
  yield* rtnl_lock();
  for (const [on, bit] of bits) if (!on) dev.wanted_features &= ~bit;
  yield* netdev_update_features(dev);
  yield* rtnl_unlock();
}

type QdiscConfig = { kind: 'pfifo'; limit: number } | { kind: 'tbf'; rate: number; burst: number; limit: number } | { kind: 'netem'; limit: number; delay: number; jitter: number; loss: number; duplicate: number; reorder: number; correlation: number; gap: number };

/** `tc qdisc add dev DEV root ...`; tc turns rates from bits into bytes per second. */
function* setQdisc(dev: net_device, q: QdiscConfig): Gen<void> {
  const ops = q.kind === 'pfifo' ? pfifo_qdisc_ops : q.kind === 'tbf' ? tbf_qdisc_ops : netem_qdisc_ops;
  yield* rtnl_lock();
  const r = yield* tc_modify_qdisc(dev, ops, 0x80010000, q.kind === 'tbf' ? { ...q, rate: q.rate / 8 } : q);
  yield* rtnl_unlock();
  if (r < 0) current.machine.log(`qdisc ${q.kind} on ${dev.name}: ${r}`);
}

/** 10.0.0.1 → 0x0a000001. */
function ip(text: string): number { return text.split('.').reduce((n, part) => n * 256 + Number(part), 0); }

/** The counter files a user reads in /proc, by path; `nameOf` names a function by its id. */
export function countersOf(host: Host, nameOf: (fn: number) => string): Record<string, string> { return counters(host, nameOf); }
