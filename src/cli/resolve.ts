/** `skbwalk resolve`: every anchor of the scenarios, with its status and line in the open tree (else in the outline). */
import type { Anchor } from '../base/anchor';
import { anchorKey } from '../base/anchor';
import { builtinScenarios, loadScenario, runScenario } from '../scenario';
import { openResolver } from '../source/open';
import { anchorOfStep, type Trace } from '../trace/model';
import { complain, parse } from './args';

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

/** `skbwalk resolve`: where each anchor of the scenarios stands in a tree. Gives the exit code: 1 when one was not found exactly. */
export function resolveCommand(argv: string[]): number {
  const args = parse(argv, { kernel: { type: 'string' }, scenario: { type: 'string' }, json: { type: 'boolean' } }, 'resolve [--kernel DIR] [--scenario ID] [--json]');
  if (!args) return 2;
  const resolver = openResolver(String(args.values.kernel ?? process.env.SKBWALK_KERNEL ?? ''), __dirname);
  if (!resolver.ok) return complain(resolver.error);
  const ids = args.values.scenario === undefined ? builtinScenarios().map((s) => s.id) : [String(args.values.scenario)];
  const rows: unknown[] = [], counts = { exact: 0, function: 0, missing: 0 };
  for (const id of ids) {
    const scenario = loadScenario({ id });
    if (!scenario.ok) return complain(scenario.error);
    for (const anchor of anchorsOf(runScenario(scenario.value))) {
      const { status, line } = resolver.value.resolve(anchor);
      counts[status]++;
      rows.push({ scenario: id, path: anchor.path, function: anchor.function, kind: anchor.kind, text: anchor.text, nth: anchor.nth, status, line });
      if (!args.values.json && status !== 'exact') process.stdout.write(`${id}\t${anchor.path}\t${anchor.function}\t${anchor.kind}\t${anchor.text}\t${anchor.nth}\t${status}\n`);
    }
  }
  if (args.values.json) process.stdout.write(JSON.stringify(rows) + '\n');
  process.stderr.write(`${counts.exact} exact, ${counts.function} function only, ${counts.missing} missing\n`);
  return counts.function + counts.missing > 0 ? 1 : 0;
}
