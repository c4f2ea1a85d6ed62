/** The life of one packet: the moments at which something happened to it, on whichever host. Clones, the wire and the peer's copy have its identity. */
import type { Trace } from '../trace/model';

/** A step at which something happened to a packet, and what. */
export interface Moment { readonly step: number; readonly what: string }

/**
 * Moments of a packet in time order, one per step. An event stands at the last step before it; where that has no place in the source
 * (`hasPlace` says no), at the next step of any context that has.
 */
export function packetMoments(trace: Trace, packet: number, hasPlace: (step: number) => boolean): Moment[] {
  const out: Moment[] = [];
  for (const event of trace.events) {
    if (event.packet !== packet) continue;
    let step = Math.max(0, event.step);
    while (step < trace.steps.count && !hasPlace(step)) step++;
    if (step >= trace.steps.count) continue;
    const what = event.detail ? `${event.kind}: ${event.detail}` : event.kind;
    const last = out[out.length - 1];
    if (last?.step === step) out[out.length - 1] = { step, what: `${last.what}, ${what}` };
    else out.push({ step, what });
  }
  return out.sort((a, b) => a.step - b.step);
}
