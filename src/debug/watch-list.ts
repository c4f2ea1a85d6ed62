/** The watched fields of a session, as its client names them, and when each changes in the run as it is now. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DataBreakpointRequest, WatchPlace } from '../protocol/engine';
import type { EngineLink } from './link';

type Found = Pick<DataBreakpointRequest, 'key' | 'changes' | 'problem'>;

/** Names and finds watched fields; what was found is kept until the run is another one. */
export class WatchList {
  private wanted: readonly DebugProtocol.DataBreakpoint[] = [];
  private readonly found = new Map<string, Found>();

  /** What a client hands back to have the field watched. */
  static id({ expression, depth, step }: WatchPlace): string { return JSON.stringify({ expression, depth, step }); }

  get isEmpty(): boolean { return this.wanted.length === 0; }

  /** These are the watched fields from now on. */
  want(breakpoints: readonly DebugProtocol.DataBreakpoint[]): void { this.wanted = breakpoints; }

  /** The run has another course: its changes are looked for anew. */
  forget(): void { this.found.clear(); }

  /** Every watched field with its changes; one that is not there in this run (any more) has none, with the reason. */
  async requests(objects: () => Promise<EngineLink>): Promise<DataBreakpointRequest[]> {
    const out: DataBreakpointRequest[] = [];
    for (const { dataId, condition, hitCondition } of this.wanted) {
      const place = JSON.parse(dataId) as WatchPlace;
      let found = this.found.get(dataId);
      if (!found) this.found.set(dataId, found = await (await objects()).call('watch', place).catch((error: Error) => ({ key: '', changes: [], problem: error.message })));
      out.push({ expression: place.expression, ...found, condition, hitCondition });
    }
    return out;
  }
}
