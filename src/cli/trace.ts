/** `skbwalk scenarios` and `skbwalk trace`. */
import { existsSync, readFileSync } from 'node:fs';
import { fail, ok, type Result } from '../base/result';
import { changesIn } from '../debug/changes';
import { readRecording } from '../debug/recording';
import { exporterFor, exporters } from '../formats/registry';
import { builtinScenarios, loadScenario, runScenario, type Scenario } from '../scenario';
import type { AnchorResolver } from '../source/anchor/resolve';
import { openResolver } from '../source/open';
import type { Trace } from '../trace/model';
import { localise } from '../debug/messages';
import { type Args, type CliIo, complain, EXIT, guarded, output, processIo } from './args';

/** `skbwalk scenarios`: the built-in scenarios. Gives the exit code. */
export function scenariosCommand(argv: string[], io = processIo()): Promise<number> {
  return guarded('scenarios', argv, io, (args) => {
    const list = builtinScenarios();
    if (args.flags.has('json')) io.out(`${JSON.stringify(list, null, 1)}\n`);
    else for (const s of list) io.out(`${s.id.padEnd(28)}${io.t(s.title)}\n`);
    return EXIT.FINE;
  });
}

/** Rows of a run's log that are not only the kernel's usual words. */
const REMARKABLE = / gave .*, expected |WARN|BUG|is not the byte sent|wrong bytes|not in the capture|entered before the recording/;
/** More of them tell nothing new. */
const REMARKS = 20;

async function trace(args: Args, io: CliIo): Promise<number> {
  const format = args.flags.get('format') ?? 'text', exporter = exporterFor(format);
  if (!exporter) return complain({ code: 'unknown-format', message: `There is no format "${format}". There are: ${exporters.map((e) => e.id).join(', ')}.` }, io);
  const resolver = openResolver(args.flags.get('kernel') ?? io.env.SKBWALK_KERNEL ?? '', io.assets);
  if (!resolver.ok) return complain(resolver.error, io);
  const made = traceOf(args.words[0], args, resolver.value, io);
  if (!made.ok) return complain(made.error, io);
  const { value } = made, name = args.flags.get('host'), host = name === undefined ? undefined : value.hosts.findIndex((h) => h.name === name);
  if (host === -1) return complain({ code: 'unknown-host', message: `The scenario ${value.scenario} has no host "${name}". Its hosts are ${value.hosts.map((h) => h.name).join(', ')}.` }, io);
  if (value.stopped) io.err(`skbwalk: ${localise(`The run ended early: ${value.stopped}.`, io.t)}\n`);
  for (const line of value.log.filter((text) => REMARKABLE.test(text)).slice(0, REMARKS)) io.err(`skbwalk: ${localise(line, io.t)}\n`);
  const code = await output(exporter.export(value, { host, line: (anchor) => resolver.value.resolve(anchor), entryLine: (anchor) => resolver.value.entryLine(anchor) }), args.flags.get('output') ?? '', io);
  // Counters and frames on the wire are there without a window.
  if (value.frames.count > 0 || format === 'counters' || format === 'pcapng' && value.wire.length > 0 || code !== EXIT.FINE) return code;
  io.err(`skbwalk: ${io.t('Nothing was recorded. A program\'s step { "call": "trace", "on": true } opens the window, and --all shows everything.')}\n`);
  return EXIT.NOTHING;
}

/** `skbwalk trace`: runs a scenario, or reads a recording, and writes it in a format. Gives the exit code. */
export function traceCommand(argv: string[], io = processIo()): Promise<number> { return guarded('trace', argv, io, (args) => trace(args, io)); }

/** A scenario by its id, or by its file's name, which ends in .json. */
export function scenarioOf(what: string): Result<Scenario> { return loadScenario(what.endsWith('.json') ? fileText(what) : { id: what }); }

/** A built-in scenario or a scenario's file is run; any other file is a recorded trace. */
function traceOf(what: string, args: Args, resolver: AnchorResolver, io: CliIo): Result<Trace> {
  if (!what.endsWith('.json') && (/[./\\]/.test(what) || existsSync(what)) && !builtinScenarios().some((s) => s.id === what)) {
    return args.flags.has('change') ? fail('recording', `${what} is a recording: what has happened cannot be changed. Leave --change out.`, what) : recorded(what, resolver, io);
  }
  const scenario = scenarioOf(what), all = args.flags.has('all');
  if (!scenario.ok) return scenario;
  const changes = changesIn(args.flags.get('change') ?? '', scenario.value, all);
  return changes.ok ? ok(runScenario(scenario.value, { all, changes: changes.value })) : changes;
}

/** Imports a recorded trace; what of it could not be read is said, and does not stop the rest. */
function recorded(file: string, resolver: AnchorResolver, io: CliIo): Result<Trace> {
  const made = readRecording(file, resolver, io.assets);
  if (!made.ok) return made;
  for (const problem of made.value.problems) io.err(`skbwalk: ${localise(problem.message, io.t)}\n`);
  return ok(made.value.trace);
}

/** The text of a scenario's file, which must be UTF-8. */
function fileText(file: string): { text: string; where: string } | { unreadable: string; where: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)), where: file };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { unreadable: error instanceof TypeError ? 'it is not UTF-8 text' : code === 'EISDIR' ? 'it is a folder' : code ?? message, where: file };
  }
}
