/** The user's language: words come from the extension by their English text. */
import { LAYERS, type Layer } from '../../protocol/layers';
import { Context } from '../../trace/model';
import { STATUSES } from '../../protocol/graph';

let table: Readonly<Record<string, string>> = {};

/** Takes the table that the extension sent. */
export function useWords(strings: Readonly<Record<string, string>>): void { table = strings; }

/** A text in the user's language, `{0}` and so on filled in. English where there is no translation. */
export function t(text: string, ...args: readonly (string | number)[]): string {
  return (table[text] ?? text).replace(/\{(\d)\}/g, (whole, i: string) => String(args[Number(i)] ?? whole));
}

const LAYER_WORDS: Readonly<Record<Layer, string>> = {
  syscall: 'system call', socket: 'socket', tcp: 'TCP', udp: 'UDP', icmp: 'ICMP', ip: 'IP', netfilter: 'netfilter', neighbour: 'neighbour', qdisc: 'queueing', device: 'device', driver: 'driver',
  wire: 'wire', irq: 'IRQ', softirq: 'softirq', timer: 'timer', scheduler: 'scheduler', memory: 'memory', other: 'other',
};

/** Name of a layer (index into LAYERS). */
export function layerWord(layer: number): string { return t(LAYER_WORDS[LAYERS[layer] ?? 'other']); }

/** Name of a context kind. */
export function contextWord(context: number): string {
  switch (context) {
    case Context.SoftIrq: return t('softirq');
    case Context.HardIrq: return t('hard IRQ');
    case Context.Nic: return t('NIC');
    default: return t('process');
  }
}

/** What the open tree has of a function; empty when its place is exact or not known yet. */
export function statusWord(status: number): string {
  switch (STATUSES[status]) {
    case 'function': return t('statement not found in this tree');
    case 'missing': return t('not in this tree');
    default: return '';
  }
}
