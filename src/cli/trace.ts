/** `skbwalk scenarios` and `skbwalk trace`. */
import { readFileSync } from 'node:fs';
import { exporterFor, exporters } from '../formats/registry';
import { builtinScenarios, loadScenario, runScenario } from '../scenario';
import { openResolver } from '../source/open';
import { complain, output, parse } from './args';

export function scenariosCommand(argv: string[]): number {
  const args = parse(argv, { json: { type: 'boolean' } }, 'scenarios [--json]');
  if (!args) return 2;
  const list = builtinScenarios();
  if (args.values.json) process.stdout.write(JSON.stringify(list, null, 1) + '\n');
  else for (const s of list) process.stdout.write(`${s.id.padEnd(28)}${s.title}\n`);
  return 0;
}

const TRACE_USAGE = 'trace ID|FILE.json [--host H] [--all] [--kernel DIR] [--format F] [-o FILE]';

export function traceCommand(argv: string[]): number {
  const args = parse(argv, { host: { type: 'string' }, all: { type: 'boolean' }, kernel: { type: 'string' }, format: { type: 'string' }, output: { type: 'string', short: 'o' } }, TRACE_USAGE);
  if (!args) return 2;
  if (args.positionals.length !== 1) { process.stderr.write(`usage: skbwalk ${TRACE_USAGE}\n`); return 2; }
  const format = String(args.values.format ?? 'text'), exporter = exporterFor(format);
  if (!exporter) return complain({ code: 'unknown-format', message: `there is no format "${format}"; there are: ${exporters.map((e) => e.id).join(', ')}` });
  const what = args.positionals[0];
  const scenario = loadScenario(what.endsWith('.json') ? fileText(what) : { id: what });
  if (!scenario.ok) return complain(scenario.error);
  const trace = runScenario(scenario.value, { all: args.values.all === true });
  const name = args.values.host as string | undefined, host = name === undefined ? undefined : trace.hosts.findIndex((h) => h.name === name);
  if (host === -1) return complain({ code: 'unknown-host', message: `scenario ${trace.scenario} has no host "${name}"; it has: ${trace.hosts.map((h) => h.name).join(', ')}` });
  const resolver = openResolver(String(args.values.kernel ?? process.env.SKBWALK_KERNEL ?? ''), __dirname);
  if (!resolver.ok) return complain(resolver.error);
  if (trace.stopped) process.stderr.write(`skbwalk: the run did not end by itself: ${trace.stopped}\n`);
  return output(exporter.export(trace, { host, line: (anchor) => resolver.value.resolve(anchor), entryLine: (anchor) => resolver.value.entryLine(anchor) }), String(args.values.output ?? ''));
}

function fileText(file: string): { text: string; where: string } | { unreadable: string; where: string } {
  try {
    return { text: readFileSync(file, 'utf8'), where: file };
  } catch (error) {
    return { unreadable: (error as Error).message, where: file };
  }
}
