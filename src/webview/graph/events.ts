/** How an event of a packet looks: an icon by what its kind says. */

const ICONS: readonly (readonly [RegExp, string])[] = [
  [/^mark$/, 'milestone'], [/drop|lost|error/, 'error'], [/alloc/, 'add'], [/clone/, 'copy'], [/merge/, 'git-merge'], [/copy/, 'files'], [/free|consume/, 'trash'], [/dma|map/, 'arrow-swap'], [/doorbell|tail/, 'bell'], [/irq|interrupt/, 'zap'],
  [/wire|transmit|sent|tx/, 'arrow-right'], [/receive|rx|arriv/, 'arrow-left'], [/wake/, 'eye'], [/sleep|block|wait/, 'watch'], [/timer|expire/, 'clock'], [/queue|backlog|prequeue/, 'list-ordered'], [/header|push|pull/, 'symbol-field'], [/ack/, 'check'],
];

/** Codicon for an event's kind. */
export function eventIcon(kind: string): string {
  return ICONS.find(([pattern]) => pattern.test(kind))?.[1] ?? 'circle-small-filled';
}
