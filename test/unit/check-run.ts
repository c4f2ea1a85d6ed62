/** What must hold of every run, whatever its scenario: bytes, buffers and counters. */
import type { net_device } from '../../src/emulator/include/linux/netdevice';
import type {} from '../../src/emulator/include/net/tcp';
import { LINUX_MIB_TCPABORTONTIMEOUT } from '../../src/emulator/include/linux/snmp';
import { EHOSTUNREACH } from '../../src/emulator/include/uapi/asm-generic/errno';
import type { Host } from '../../src/emulator/include/ports';
import { Run, type RunOptions } from '../../src/scenario/run';
import type { Scenario } from '../../src/scenario/types';

/** Live sk_buffs per host, from what the emulated kernel says it allocates and frees. */
export class Ledger {
  readonly live: number[] = [];
  packetEvent(kind: string, host: number): void {
    if (kind === 'alloc' || kind === 'clone') this.live[host] = (this.live[host] ?? 0) + 1;
    else if (kind === 'free') this.live[host] = (this.live[host] ?? 0) - 1;
  }
}

/** Virtual seconds after the programs' end at which a host is looked at again: FIN retries, TIME_WAIT and the death of orphans take their time. */
const SETTLE = [1, 10, 70, 200, 500, 1000, 4000];

/** What is not at its base on a host whose programs have closed everything. */
function unsettled(host: Host, live: number): string[] {
  const wrong: string[] = [], check = (name: string, value: number): void => { if (value !== 0) wrong.push(`${host.name}: ${name} is ${value}`); };
  check('live sk_buffs', live);
  check('tcp_memory_allocated', host.tcp_memory_allocated.counter);
  check('udp_memory_allocated', host.udp_memory_allocated.counter);
  check('tcp_sockets_allocated', host.tcp_sockets_allocated.count);
  check('tcp_orphan_count', host.tcp_orphan_count.count);
  for (let p = host.init_net.dev_base_head.next; p !== host.init_net.dev_base_head; p = p.next) {
    const dev = p.owner as net_device;
    for (const [i, queue] of dev._tx.entries()) {
      check(`${dev.name} tx ${i}: bytes in flight (BQL)`, queue.dql.num_queued - queue.dql.num_completed);
      check(`${dev.name} tx ${i}: queue length`, queue.qdisc?.q?.qlen ?? 0);
    }
  }
  for (const cpu of host.cpus) check(`CPU ${cpu.id}: backlog`, cpu.softnet_data.input_pkt_queue.qlen);
  for (const cpu of host.cpus) if (cpu.preempt_count !== 0 || cpu.locks_held !== 0 || cpu.irqs_disabled) wrong.push(`${host.name}: CPU ${cpu.id} ends with preempt_count ${cpu.preempt_count}, ${cpu.locks_held} locks, interrupts ${cpu.irqs_disabled ? 'off' : 'on'}`);
  return wrong;
}

/** Did a connection fail as TCP may when too much is lost: its timers ran out, or no neighbour answered? Then its bytes are not asked for. */
function gaveUp(run: Run): boolean {
  return run.hosts.some(({ host }) => host.init_net.mib.net_statistics[LINUX_MIB_TCPABORTONTIMEOUT] > 0) || run.results.some((r) => r.result === -EHOSTUNREACH);
}

/** Runs `scenario` to its end and until it has settled; gives what is wrong with it, and the run. */
export function checkRun(scenario: Scenario, options: RunOptions = { silent: true }): { problems: string[]; run: Run } {
  const ledger = new Ledger(), run = new Run(scenario, { ...options, observer: ledger });
  const stopped = run.finish(), problems: string[] = [];
  if (stopped !== '' && !gaveUp(run)) problems.push(`stopped: ${stopped}`);
  problems.push(...run.corruptions);
  problems.push(...run.machine.logged.filter((line) => /WARN|BUG|Oops|is not modelled/.test(line)));
  if (!gaveUp(run)) problems.push(...run.machine.logged.filter((line) => /, expected /.test(line)));
  if (stopped !== '') return { problems, run };
  const end = run.machine.now();
  let left: string[] = [];
  for (const seconds of SETTLE) {
    run.machine.finished = false;
    run.machine.run({ time: end + seconds * 1e9, steps: scenario.limits.steps * 2 });
    left = run.hosts.flatMap(({ host }) => unsettled(host, ledger.live[host.index] ?? 0));
    if (left.length === 0) break;
  }
  problems.push(...left, ...run.machine.logged.filter((line) => /WARN|BUG/.test(line) && !problems.includes(line)));
  return { problems, run };
}
