/**
 * `--format counters`: where the time went and what was counted. First what the traced window changed (softirqs and who raised them, system time
 * against softirq time, SNMP counters, copies), then each counter file as it stood at the end of the run.
 */
import { resultText } from '../base/errno';
import { Context, type Trace } from '../trace/model';
import { pieces, type Exporter, type ExportOptions } from './format';

/** Functions that raise a network softirq, and which. */
const RAISERS: Readonly<Record<string, string>> = { ____napi_schedule: 'NET_RX', __netif_reschedule: 'NET_TX', dev_kfree_skb_irq: 'NET_TX' };
/** Used up its budget or time, with packets left. */
const RAISES_AGAIN = 'net_rx_action';
const TITLES: Readonly<Record<string, string>> = {
  'proc/softirqs': 'softirqs run (proc/softirqs)', 'proc/interrupts': 'interrupts (proc/interrupts)', 'proc/net/softnet_stat': 'packets taken by net_rx_action (proc/net/softnet_stat)',
  times: 'seconds: sy in the kernel for a task, si in a softirq, hi in a hard interrupt', copies: 'copied by the CPU (and by devices), function by function',
};
const CONTEXTS: Readonly<Record<number, string>> = { [Context.Process]: 'a task', [Context.SoftIrq]: 'a softirq', [Context.HardIrq]: 'a hard interrupt', [Context.Nic]: 'a device' };

/** The raiser's callers up to three, nearest first: enough to tell a receive interrupt from a queue that was woken. */
function callers(trace: Trace, f: number): string {
  const names: string[] = [];
  for (let p = trace.frames.parent[f]; p >= 0 && names.length < 3; p = trace.frames.parent[p]) names.push(trace.functions[trace.frames.fn[p]].name);
  return names.join(' < ');
}

/** `NET_RX by ____napi_schedule < napi_schedule < igb_msix_ring, in a hard interrupt`, and how often. */
function raised(trace: Trace, host: number): Map<string, number> {
  const { frames, functions } = trace, counts = new Map<string, number>();
  for (let f = 0; f < frames.count; f++) {
    const name = functions[frames.fn[f]].name, parent = frames.parent[f];
    const again = name === '__raise_softirq_irqoff' && parent >= 0 && functions[frames.fn[parent]].name === RAISES_AGAIN, softirq = again ? 'NET_RX' : RAISERS[name];
    if (softirq === undefined || frames.host[f] !== host) continue;
    const who = `${softirq} by ${name} < ${callers(trace, f)}, in ${CONTEXTS[frames.context[f]]}`;
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  return counts;
}

function* table(title: string, rows: Iterable<readonly [string, number]>, decimals = 0): Generator<string> {
  yield `\n-- ${title}\n`;
  for (const [name, value] of rows) yield `${value.toFixed(decimals).padStart(12)}  ${name}\n`;
}

/** System calls of the host's programs with their results; equal ones in a row once. */
function* calls(trace: Trace, host: number): Generator<string> {
  const texts = trace.results.filter((r) => r.host === host).map((r) => `${trace.tasks[r.task]?.comm ?? '?'}: ${r.call} = ${resultText(r.result)}`);
  if (texts.length > 0) yield '\n-- system calls of the programs, from the start of the run\n';
  for (let i = 0, n = 1; i < texts.length; i += n) {
    for (n = 1; texts[i + n] === texts[i];) n++;
    yield `${String(n).padStart(12)}  ${texts[i]}\n`;
  }
}

function* ofHost(trace: Trace, host: number): Generator<string> {
  const { name } = trace.hosts[host], changes = trace.changes?.[name] ?? {};
  yield `== ${name}: what the traced window changed\n`;
  if (Object.keys(changes).length === 0) yield 'nothing was counted\n';
  for (const [file, rows] of Object.entries(changes)) {
    yield* table(TITLES[file] ?? file, Object.entries(rows), file === 'times' ? 6 : 0);
    if (file === 'proc/softirqs') yield* table('network softirqs raised', raised(trace, host));
  }
  yield* calls(trace, host);
  for (const [file, text] of Object.entries(trace.counters[name] ?? {})) yield `\n== ${name}: ${file.startsWith('proc/') ? '/' : ''}${file}, at the end of the run\n${text}`;
  yield '\n';
}

function* text(trace: Trace, options: ExportOptions): Generator<string> {
  yield `${trace.scenario}: ${trace.title}\n\n`;
  for (let host = 0; host < trace.hosts.length; host++) if (options.host === undefined || options.host === host) yield* ofHost(trace, host);
}

export const countersFormat: Exporter = {
  id: 'counters', title: 'Counters and times', extension: 'txt',
  export: (trace, options) => pieces(text(trace, options)),
};
