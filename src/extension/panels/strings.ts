/** The call graph's words. The webview asks for them by their English text; whatever it shows must stand here. */

const WORDS = [
  'Call graph', 'Search functions', 'Next match', 'Previous match', 'Fold all', 'Unfold all', 'Show accessors', 'Hide accessors', 'Zoom in', 'Zoom out', 'Fit', 'Go to current', 'Follow packet', 'All packets',
  'Next event of this packet', 'Previous event of this packet', 'packet {0}', 'step {0} of {1}', 'past', 'live', 'process', 'softirq', 'hard IRQ', 'NIC', 'host {0}', 'CPU {0}', 'wire', 'system call', 'socket', 'TCP', 'UDP',
  'ICMP', 'IP', 'netfilter', 'neighbour', 'queueing', 'device', 'driver', 'IRQ', 'timer', 'scheduler', 'memory', 'other', 'current', 'visited', 'not yet reached', 'statement not found in this tree', 'not in this tree',
  'No trace is running.', 'Trace...', 'Run again', 'Run {0} again', 'This trace has ended.', 'No match', '{0} of {1} matches', 'took {0}', 'not finished', 'Open source', 'Open call site', '{0} folded', 'Legend', 'Layers', 'Help',
  'Events', 'Time',
  'Lanes', 'One column', 'Tree', 'Keys', 'Walk along the tree', 'Go there in time and source', 'Fold or unfold', 'Unfold everything below', 'Next or previous event of this packet', 'Zoom in, out, fit', 'Step into, step back', 'Step over, step out', 'visited, ahead of now',
] as const;

/** The words in the user's language, by their English text. */
export function graphStrings(t: (text: string) => string): Record<string, string> {
  return Object.fromEntries(WORDS.map((word) => [word, t(word)]));
}

/** The neighbourhood's words. */
export const NEIGHBOURHOOD_WORDS = [
  'Show callers', 'Show what it calls', 'Folders (net/ipv4 -drivers)', 'Show hidden', '{0} functions', '{0} hidden', 'more were left out: filter or hide some', 'Nothing more there.',
] as const;

/** The same for the neighbourhood. */
export function neighbourhoodStrings(t: (text: string) => string): Record<string, string> {
  return Object.fromEntries(NEIGHBOURHOOD_WORDS.map((word) => [word, t(word)]));
}

export { WORDS as GRAPH_WORDS };
