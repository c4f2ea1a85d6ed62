/** Messages between the extension and the neighbourhood's page: a bounded piece of the tree's call graph that grows where the user asks. */
import type { NavigatorNode, NeighbourhoodReply } from './navigator';

/** Formats that the picture can be saved in. */
export const EXPORTS = ['svg', 'dot', 'json'] as const;
export type ExportFormat = (typeof EXPORTS)[number];

export type ToNeighbourhood =
  | { readonly type: 'init'; readonly strings: Readonly<Record<string, string>> }
  /** A new graph. `centers`: indexes of the nodes it grew from; they always show. */
  | { readonly type: 'graph'; readonly title: string; readonly graph: NeighbourhoodReply; readonly centers: readonly number[] }
  /** What was found around a node that the user opened. */
  | { readonly type: 'more'; readonly node: NavigatorNode; readonly direction: Direction; readonly graph: NeighbourhoodReply };

export type Direction = 'callers' | 'callees';

export type FromNeighbourhood =
  | { readonly type: 'ready' }
  | { readonly type: 'problem'; readonly message: string }
  | { readonly type: 'open'; readonly path: string; readonly line: number }
  | { readonly type: 'expand'; readonly node: NavigatorNode; readonly direction: Direction }
  | { readonly type: 'save'; readonly format: ExportFormat; readonly text: string };

const isText = (x: unknown): x is string => typeof x === 'string' && x.length < 8 << 20;
const isLine = (x: unknown): x is number => typeof x === 'number' && Number.isInteger(x) && x > 0;
const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null;

function readNode(x: unknown): NavigatorNode | null {
  if (!isRecord(x) || !isText(x.name) || !isText(x.kind) || !isText(x.path) || !isLine(x.line) || !isLine(x.column)) return null;
  return { name: x.name, kind: x.kind, path: x.path, line: x.line, column: x.column };
}

/** The message that a page sent; null for anything else. */
export function readFromNeighbourhood(x: unknown): FromNeighbourhood | null {
  if (!isRecord(x)) return null;
  switch (x.type) {
    case 'ready': return { type: 'ready' };
    case 'problem': return isText(x.message) ? { type: 'problem', message: x.message } : null;
    case 'open': return isText(x.path) && isLine(x.line) ? { type: 'open', path: x.path, line: x.line } : null;
    case 'expand': {
      const node = readNode(x.node);
      return node !== null && (x.direction === 'callers' || x.direction === 'callees') ? { type: 'expand', node, direction: x.direction } : null;
    }
    case 'save': {
      const format = EXPORTS.find((f) => f === x.format);
      return format !== undefined && isText(x.text) ? { type: 'save', format, text: x.text } : null;
    }
    default: return null;
  }
}

/** Is this a message of the extension's? The page trusts nobody else. */
export function isToNeighbourhood(x: unknown): x is ToNeighbourhood {
  return isRecord(x) && (x.type === 'init' || x.type === 'graph' || x.type === 'more');
}
