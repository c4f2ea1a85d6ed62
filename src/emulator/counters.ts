/** What a user reads in /proc about the network, as text in the kernel's own layout. */
import type { Host } from './include/ports';
import type {} from './include/copies';
import { netdev, netstat, snmp } from './proc';

const SOFTIRQS = ['HI', 'TIMER', 'NET_TX', 'NET_RX', 'BLOCK', 'BLOCK_IOPOLL', 'TASKLET', 'SCHED', 'HRTIMER', 'RCU'];

function softirqs(host: Host): string {
  const head = '                ' + host.cpus.map((c) => `CPU${c.id}`.padEnd(11)).join('') + '\n';
  return head + SOFTIRQS.map((name, i) => `${name}:`.padStart(13) + host.cpus.map((c) => String(c.kstat_softirqs[i]).padStart(11)).join('')).join('\n') + '\n';
}

function softnet(host: Host): string {
  const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
  return host.cpus.map((c) => { const s = c.softnet_data; return [s.processed, s.dropped, s.time_squeeze, 0, 0, 0, 0, 0, s.cpu_collision, s.received_rps].map((n) => hex(n ?? 0)).join(' '); }).join('\n') + '\n';
}

/** Seconds per context and CPU: system call, softirq, hard interrupt. */
function times(host: Host): string {
  return host.cpus.map((c) => `cpu${c.id} sy ${(c.spent[0] / 1e9).toFixed(6)} si ${(c.spent[1] / 1e9).toFixed(6)} hi ${(c.spent[2] / 1e9).toFixed(6)}`).join('\n') + '\n';
}

function interrupts(host: Host): string {
  const head = ' '.repeat(6) + host.cpus.map((c) => `CPU${c.id}`.padStart(10)).join(' ') + '\n';
  return head + [...host.irq_desc.values()].map((d) => `${String(d.irq).padStart(4)}: ${host.cpus.map((c) => String(d.count[c.id] ?? 0).padStart(10)).join(' ')}   PCI-MSI-edge   ${d.action.map((a) => a.name).join(', ')}`).join('\n') + '\n';
}

/** What CPUs copied, by function, most bytes first; then what devices read and wrote by themselves. */
function copies(host: Host, nameOf: (fn: number) => string): string {
  const { times, bytes } = host.copied, rows = Object.keys(times).map(Number).sort((a, b) => bytes[b] - bytes[a]);
  const row = (name: string, n: number, sum: number): string => `${name.padEnd(40)} ${String(n).padStart(8)} times ${String(sum).padStart(10)} bytes\n`;
  return rows.map((fn) => row(nameOf(fn), times[fn], bytes[fn])).join('') + [...host.nics.values()].map((nic) => row(`(DMA by ${nic.name})`, nic.dma.times, nic.dma.bytes)).join('');
}

/** The files by path below /; `times`: per-context CPU time; `copies`: who copied how much. `nameOf` names a function of the mirror. */
export function counters(host: Host, nameOf: (fn: number) => string): Record<string, string> {
  return {
    'proc/softirqs': softirqs(host), 'proc/net/softnet_stat': softnet(host), 'proc/interrupts': interrupts(host), 'proc/net/snmp': snmp(host), 'proc/net/netstat': netstat(host), 'proc/net/dev': netdev(host),
    times: times(host), copies: copies(host, nameOf),
  };
}
