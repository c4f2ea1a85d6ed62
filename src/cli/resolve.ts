/** `skbwalk resolve`: every anchor of the scenarios, with its status and line in the open tree (else in the outline). */
import type { Anchor } from '../base/anchor';
import { anchorKey } from '../base/anchor';
import { builtinScenarios, runScenario } from '../scenario';
import { openResolver } from '../source/open';
import { anchorOfStep, type Trace } from '../trace/model';
import { type Args, type CliIo, complain, EXIT, guarded, processIo } from './args';
import { scenarioOf } from './trace';

/** The distinct anchors that a trace shows, in order of first use. */
function anchorsOf(trace: Trace): Anchor[] {
  const seen = new Map<string, Anchor>(), places = new Set<number>();
  for (let s = 0; s < trace.steps.count; s++) {
    const site = trace.steps.site[s], place = site >= 0 ? site : -1 - trace.frames.fn[trace.steps.frame[s]];
    if (places.has(place)) continue;
    places.add(place);
    const anchor = anchorOfStep(trace, s);
    if (anchor && !seen.has(anchorKey(anchor))) seen.set(anchorKey(anchor), anchor);
  }
  return [...seen.values()];
}

function resolve(args: Args, io: CliIo): number {
  const resolver = openResolver(args.flags.get('kernel') ?? io.env.SKBWALK_KERNEL ?? '', io.assets);
  if (!resolver.ok) return complain(resolver.error, io);
  const given = args.flags.get('scenario'), ids = given === undefined ? builtinScenarios().map((s) => s.id) : [given], asJson = args.flags.has('json');
  const rows: unknown[] = [], counts = { exact: 0, function: 0, missing: 0 };
  for (const id of ids) {
    const scenario = scenarioOf(id);
    if (!scenario.ok) return complain(scenario.error, io);
    for (const anchor of anchorsOf(runScenario(scenario.value))) {
      const { status, line } = resolver.value.resolve(anchor);
      counts[status]++;
      rows.push({ scenario: id, path: anchor.path, function: anchor.function, kind: anchor.kind, text: anchor.text, nth: anchor.nth, status, line });
      if (!asJson && status !== 'exact') io.out(`${id}\t${anchor.path}\t${anchor.function}\t${anchor.kind}\t${anchor.text}\t${anchor.nth}\t${status}\n`);
    }
  }
  if (asJson) io.out(`${JSON.stringify(rows)}\n`);
  io.err(`${io.t('{0} exact, {1} function only, {2} missing', counts.exact, counts.function, counts.missing)}\n`);
  return counts.function + counts.missing > 0 ? EXIT.NOTHING : EXIT.FINE;
}

/** `skbwalk resolve`: where each anchor of the scenarios stands in a tree. Gives the exit code: 1 when one was not found exactly. */
export function resolveCommand(argv: string[], io = processIo()): Promise<number> { return guarded('resolve', argv, io, (args) => resolve(args, io)); }
