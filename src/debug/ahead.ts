/** What the coming steps need, made ready before they are taken: which files they show, and their lines. */
import type { Trace } from '../trace/model';
import type { Places } from './places';

/** How far to look: some seconds of holding the key down. */
const WINDOW_STEPS = 600;
/** Files that are named ahead; walks stay within a dozen. */
const MAX_FILES = 12;
/** ms of work at a time: a step that comes meanwhile waits no longer. */
const PIECE_MS = 3;

/** Looks along the trace from wherever the session stands. */
export class Ahead {
  private from = 0;
  private at = 0;

  constructor(private readonly trace: Trace, private readonly places: Places) {}

  private pathOf(step: number): string {
    const { steps, sites, frames, functions } = this.trace, site = steps.site[step];
    return site >= 0 ? sites[site].path : functions[frames.fn[steps.frame[step]]].path;
  }

  /** Absolute names of the files that the steps after `step` are in, the nearest first; without those known not to be in the tree. */
  files(step: number): string[] {
    const seen = new Set<string>(), end = Math.min(step + WINDOW_STEPS, this.trace.steps.count), out: string[] = [];
    for (let s = step + 1; s < end && out.length < MAX_FILES; s++) {
      const path = this.pathOf(s);
      if (path === '' || seen.has(path)) continue;
      seen.add(path);
      if (this.places.mayBeThere(s)) out.push(this.places.resolver.tree.absolute(path));
    }
    return out;
  }

  /** Looks up lines of the steps after `step` for a moment; false when there are none left. A file that is met first is parsed whole. `now`: ms. */
  prepare(step: number, now: () => number): boolean {
    // Lines of steps behind are known: only after a jump back is there something to look at again.
    this.at = step < this.from ? step : Math.max(this.at, step);
    this.from = step;
    const end = Math.min(step + WINDOW_STEPS, this.trace.steps.count - 1), until = now() + PIECE_MS;
    while (this.at < end) {
      this.places.line(++this.at);
      if (now() >= until) return true;
    }
    return false;
  }

  /** Lines were forgotten (a file was edited): they are looked up again. */
  again(): void { this.at = 0; }
}
