/**
 * The probes that the build puts into every mirrored function (tools/instrument.mjs), as the kernel's own build does with mcount.
 * They count steps, let virtual time pass, keep the frame stack and give due interrupts their chance. Source never calls them by hand.
 */
import { current, type ProbeState } from './ports';
import type { Locals } from '../../trace/probe';

const SOFTIRQ_SERVING = 0x100, HARDIRQ_MASK = 0x3ff0000;

function pass(probe: ProbeState, cost: number): void {
  const cpu = current.cpu;
  cpu.clock += cost;
  const count = cpu.preempt_count;
  cpu.spent[(count & HARDIRQ_MASK) !== 0 ? 2 : (count & SOFTIRQ_SERVING) !== 0 ? 1 : 0] += cost;
  if (++probe.steps === probe.stopAt) probe.stop();
  if (cpu.clock >= probe.horizon) probe.poll();
}

/** What a step of function `fn` takes now: less when the function ran here a while ago. */
function warmth(probe: ProbeState, fn: number): number {
  const cpu = current.cpu, since = cpu.clock - cpu.ran[fn];
  cpu.ran[fn] = cpu.clock;
  return since < probe.cools ? probe.warmCost : probe.stepCost;
}

/** A function is entered. `skb` is its packet, when a parameter is one. */
export function __enter(fn: number, locals: Locals, skb: { pkt: number } | null): void {
  const probe = current.probe, stack = current.stack;
  const depth = stack.depth++;
  if (depth > 1000) throw new Error('the emulated kernel stack overflowed: calls nest without end');
  stack.fn[depth] = fn;
  stack.call[depth] = -1;
  stack.macro[depth] = -1;
  stack.site[depth] = -1;
  stack.locals[depth] = locals;
  stack.frame[depth] = probe.recorder === null ? -1 : probe.recorder.enter(fn, skb ? skb.pkt : 0);
  const cost = probe.cools > 0 ? warmth(probe, fn) : probe.stepCost;
  stack.cost[depth] = cost;
  pass(probe, cost);
}

/** The function returns `value`. */
export function __leave<T>(value?: T): T {
  const probe = current.probe, stack = current.stack;
  const depth = --stack.depth;
  stack.locals[depth] = null;
  if (stack.frame[depth] !== -1) probe.recorder.leave(stack.frame[depth]);
  return value;
}

/** A statement is about to run. */
export function __step(site: number, locals: Locals): void {
  const probe = current.probe, stack = current.stack;
  const depth = stack.depth - 1;
  stack.site[depth] = site;
  stack.locals[depth] = locals;
  if (stack.frame[depth] !== -1) probe.recorder.step(stack.frame[depth], site);
  pass(probe, stack.cost[depth]);
}

/** A call that has no place of its own in the C function is about to be made: what it opens is called from its statement's place, or from none (-1). */
export function __at(site: number): undefined {
  const stack = current.stack, depth = stack.depth - 1;
  stack.call[depth] = site;
  stack.macro[depth] = -1;
  return undefined;
}

/** A call is about to be made: passed as the last argument, so it runs after the others are evaluated. */
export function __call(site: number, locals?: Locals): undefined {
  const probe = current.probe, stack = current.stack;
  const depth = stack.depth - 1;
  stack.site[depth] = site;
  stack.call[depth] = site;
  if (locals !== undefined) stack.locals[depth] = locals;
  if (stack.frame[depth] !== -1) probe.recorder.step(stack.frame[depth], site);
  pass(probe, stack.cost[depth]);
  return undefined;
}
