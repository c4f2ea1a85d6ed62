/** What the webview remembers while it is hidden: only for the same trace. */
import type { LayoutKind } from './toolbar';
import type { GraphTrace } from '../../protocol/graph';

export interface Saved {
  readonly key: string;
  readonly layout: LayoutKind | '';
  readonly zoom: number;
  readonly left: number;
  readonly top: number;
  readonly showMinor: boolean;
  readonly folded: readonly number[];
  readonly opened: readonly number[];
  readonly packet: number;
  readonly query: string;
  readonly focus: number;
  /** What starts this run again. */
  readonly launch: string;
}

/** What was shown last, whatever it was: what to start it with; '' when nothing was. */
export function lastLaunch(state: unknown): string {
  const launch = typeof state === 'object' && state !== null ? (state as Record<string, unknown>).launch : '';
  return typeof launch === 'string' ? launch : '';
}

/** Two runs with the same key have the same frames: runs are deterministic. */
export function keyOf(trace: GraphTrace): string {
  return `${trace.scenario} ${trace.kernel} ${trace.frames.count} ${trace.stepFrame.length}`;
}

const numbers = (x: unknown): x is number[] => Array.isArray(x) && x.every((n) => Number.isInteger(n));

/** Reads what an earlier version of this page may have left; null when it is of another trace or no state at all. */
export function readSaved(state: unknown, key: string): Saved | null {
  if (typeof state !== 'object' || state === null) return null;
  const s = state as Record<string, unknown>, finite = (x: unknown, other: number): number => (typeof x === 'number' && Number.isFinite(x) ? x : other);
  if (s.key !== key || !numbers(s.folded) || !numbers(s.opened)) return null;
  return {
    key, layout: s.layout === 'lanes' || s.layout === 'groups' || s.layout === 'tree' ? s.layout : '', zoom: finite(s.zoom, 1), left: finite(s.left, 0), top: finite(s.top, 0), showMinor: s.showMinor === true,
    folded: s.folded, opened: s.opened, packet: finite(s.packet, 0), query: typeof s.query === 'string' ? s.query : '', focus: finite(s.focus, -1), launch: lastLaunch(state),
  };
}
