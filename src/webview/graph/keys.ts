/** Keys of the graph, by what they do. Function keys stay with the workbench. */
import type { Action } from './toolbar';

export type Move = 'up' | 'down' | 'left' | 'right' | 'home' | 'end' | 'pageUp' | 'pageDown';
export type KeyAction =
  | { readonly do: 'move'; readonly move: Move }
  | { readonly do: 'go' } | { readonly do: 'toggle' } | { readonly do: 'unfoldBelow' } | { readonly do: 'search' } | { readonly do: 'escape' }
  | { readonly do: 'source'; readonly at: 'entry' | 'call' }
  | { readonly do: 'step'; readonly action: 'in' | 'over' | 'out' | 'back' }
  | { readonly do: 'action'; readonly action: Action };

const TABLE: Readonly<Record<string, KeyAction>> = {
  ArrowUp: { do: 'move', move: 'up' }, ArrowDown: { do: 'move', move: 'down' }, ArrowLeft: { do: 'move', move: 'left' }, ArrowRight: { do: 'move', move: 'right' },
  Home: { do: 'move', move: 'home' }, End: { do: 'move', move: 'end' }, PageUp: { do: 'move', move: 'pageUp' }, PageDown: { do: 'move', move: 'pageDown' },
  Enter: { do: 'go' }, ' ': { do: 'toggle' }, '*': { do: 'unfoldBelow' }, '/': { do: 'search' }, Escape: { do: 'escape' },
  o: { do: 'source', at: 'entry' }, c: { do: 'source', at: 'call' },
  s: { do: 'step', action: 'in' }, S: { do: 'step', action: 'back' }, v: { do: 'step', action: 'over' }, u: { do: 'step', action: 'out' },
  '+': { do: 'action', action: 'zoomIn' }, '=': { do: 'action', action: 'zoomIn' }, '-': { do: 'action', action: 'zoomOut' }, '0': { do: 'action', action: 'fit' },
  n: { do: 'action', action: 'nextEvent' }, p: { do: 'action', action: 'previousEvent' }, f: { do: 'action', action: 'follow' }, a: { do: 'action', action: 'minor' }, '.': { do: 'action', action: 'current' }, '?': { do: 'action', action: 'help' },
};

/** What a key does; null for keys that are not the graph's (with Ctrl, Alt or Meta they are the workbench's). */
export function keyAction(e: { readonly key: string; readonly ctrlKey: boolean; readonly altKey: boolean; readonly metaKey: boolean }): KeyAction | null {
  if (e.ctrlKey || e.altKey || e.metaKey) return null;
  return Object.hasOwn(TABLE, e.key) ? TABLE[e.key] : null;
}
