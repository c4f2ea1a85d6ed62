/** How contexts, frames and scopes are named to the user: `a: tcp-send (42)`, `b: hard IRQ on CPU 1`. */
import { basename } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { FrameRow, ScopeRow, ThreadRow } from '../protocol/engine';

/** Translates a text with numbered gaps; vscode.l10n.t in the extension. */
export type Translate = (text: string, ...args: (string | number)[]) => string;

/** What kind of context it is, without its host. */
export function contextLabel(row: ThreadRow, t: Translate): string {
  switch (row.kind) {
    case 'task': return row.pid === 0 ? t('idle task of CPU {0} of host {1}', row.cpu, row.host) : t('process {0} {1} on host {2}', row.pid, row.comm, row.host);
    case 'softirq': return t('softirq on CPU {0} of host {1}', row.cpu, row.host);
    case 'hardirq': return t('hard IRQ on CPU {0} of host {1}', row.cpu, row.host);
    case 'nic': return t('NIC of host {0}', row.host);
  }
}

/** The name of a thread in the call stack view. */
export function threadName(row: ThreadRow, t: Translate): string {
  switch (row.kind) {
    // Every CPU has one, and all are process 0.
    case 'task': return row.pid === 0 ? t('{0}: idle task CPU {1}', row.host, row.cpu) : t('{0}: {1} ({2})', row.host, row.comm, row.pid);
    case 'softirq': return t('{0}: softirq CPU {1}', row.host, row.cpu);
    case 'hardirq': return t('{0}: hard IRQ CPU {1}', row.host, row.cpu);
    case 'nic': return t('{0}: NIC', row.host);
  }
}

/** A row of the call stack; what has no line in the open tree is shown faint and says why. */
export function stackFrame(row: FrameRow, t: Translate): DebugProtocol.StackFrame {
  if (row.label) return { id: row.id, name: contextLabel(row.label, t), line: 0, column: 0, presentationHint: 'label' };
  const { place } = row;
  if (place.line === 0) return { id: row.id, name: place.path ? `${row.name} (${t('not in this tree')})` : row.name, line: 0, column: 0, presentationHint: 'subtle' };
  const name = place.status === 'exact' ? row.name : `${row.name} (${t('statement not found')})`;
  const source: DebugProtocol.Source = { name: basename(place.path), path: place.file };
  return { id: row.id, name, line: place.line, column: 1, source, ...(place.status === 'exact' ? {} : { presentationHint: 'subtle' as const }) };
}

/** A scope of the Variables view. */
export function scopeOf({ name, handle, expensive }: ScopeRow, t: Translate): DebugProtocol.Scope {
  return { name: t(name), variablesReference: handle, expensive, ...(name === 'Locals' ? { presentationHint: 'locals' as const } : {}) };
}
