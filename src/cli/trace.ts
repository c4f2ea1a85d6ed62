/** `skbwalk scenarios` and `skbwalk trace`. */
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { fail, ok, type Result } from '../base/result';
import { exporterFor, exporters, importerFor, importers } from '../formats/registry';
import { builtinScenarios, loadScenario, runScenario } from '../scenario';
import type { AnchorResolver } from '../source/anchor/resolve';
import { KernelNames } from '../source/names';
import { openResolver, readOutline } from '../source/open';
import type { Trace } from '../trace/model';
import { complain, output, parse } from './args';

/** `skbwalk scenarios`: the built-in scenarios. Gives the exit code. */
export function scenariosCommand(argv: string[]): number {
  const args = parse(argv, { json: { type: 'boolean' } }, 'scenarios [--json]');
  if (!args) return 2;
  const list = builtinScenarios();
  if (args.values.json) process.stdout.write(JSON.stringify(list, null, 1) + '\n');
  else for (const s of list) process.stdout.write(`${s.id.padEnd(28)}${s.title}\n`);
  return 0;
}

/** Rows of a run's log that are not only the kernel's usual words. */
const REMARKABLE = / gave .*, expected |WARN|BUG|is not the byte sent|wrong bytes|not in the capture|entered before the recording/;
/** More of them tell nothing new. */
const REMARKS = 20;
const TRACE_USAGE = 'trace ID|FILE.json|RECORDED.txt[.gz] [--host H] [--all] [--kernel DIR] [--format F] [-o FILE]';

/** `skbwalk trace`: runs a scenario, or reads a recording, and writes it in a format. Gives the exit code. */
export async function traceCommand(argv: string[]): Promise<number> {
  const args = parse(argv, { host: { type: 'string' }, all: { type: 'boolean' }, kernel: { type: 'string' }, format: { type: 'string' }, output: { type: 'string', short: 'o' } }, TRACE_USAGE);
  if (!args) return 2;
  if (args.positionals.length !== 1) { process.stderr.write(`usage: skbwalk ${TRACE_USAGE}\n`); return 2; }
  const format = String(args.values.format ?? 'text'), exporter = exporterFor(format);
  if (!exporter) return complain({ code: 'unknown-format', message: `there is no format "${format}"; there are: ${exporters.map((e) => e.id).join(', ')}` });
  const resolver = openResolver(String(args.values.kernel ?? process.env.SKBWALK_KERNEL ?? ''), __dirname);
  if (!resolver.ok) return complain(resolver.error);
  const made = traceOf(args.positionals[0], args.values.all === true, resolver.value);
  if (!made.ok) return complain(made.error);
  const trace = made.value, name = args.values.host as string | undefined, host = name === undefined ? undefined : trace.hosts.findIndex((h) => h.name === name);
  if (host === -1) return complain({ code: 'unknown-host', message: `${trace.scenario} has no host "${name}"; it has: ${trace.hosts.map((h) => h.name).join(', ')}` });
  if (trace.stopped) process.stderr.write(`skbwalk: the run did not end by itself: ${trace.stopped}\n`);
  for (const line of trace.log.filter((text) => REMARKABLE.test(text)).slice(0, REMARKS)) process.stderr.write(`skbwalk: ${line}\n`);
  return output(exporter.export(trace, { host, line: (anchor) => resolver.value.resolve(anchor), entryLine: (anchor) => resolver.value.entryLine(anchor) }), String(args.values.output ?? ''));
}

/** A built-in scenario or a scenario's file is run; any other file is a recorded trace. */
function traceOf(what: string, all: boolean, resolver: AnchorResolver): Result<Trace> {
  if (!what.endsWith('.json') && (/[./\\]/.test(what) || existsSync(what)) && !builtinScenarios().some((s) => s.id === what)) return recorded(what, resolver);
  const scenario = loadScenario(what.endsWith('.json') ? fileText(what) : { id: what });
  return scenario.ok ? ok(runScenario(scenario.value, { all })) : scenario;
}

/** Bytes that are read at a time. */
const PIECE = 1 << 20;
/** What a compressed recording may hold. */
const MOST_UNPACKED = 1 << 30;

/** A recording's bytes, a piece at a time. Throws what reading throws. */
function* piecesOf(file: string): Generator<Buffer> {
  const fd = openSync(file, 'r');
  try {
    for (let n = 0, piece = Buffer.alloc(PIECE); (n = readSync(fd, piece, 0, PIECE, null)) > 0;) yield Buffer.from(piece.subarray(0, n));
  } finally { closeSync(fd); }
}

/** What is left of a compressed recording; `cut` when its end is missing. Throws when it is broken. */
function unpacked(file: string): { bytes: Buffer; cut: boolean } {
  const packed = readFileSync(file);
  try {
    return { bytes: gunzipSync(packed, { maxOutputLength: MOST_UNPACKED }), cut: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw error;
    return { bytes: gunzipSync(packed, { maxOutputLength: MOST_UNPACKED, finishFlush: constants.Z_SYNC_FLUSH }), cut: true };
  }
}

function* textOf(pieces: Iterable<Buffer>): Generator<string> { for (const piece of pieces) yield piece.toString('latin1'); }
function* slices(bytes: Buffer): Generator<Buffer> { for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE); }

/** Imports a recorded trace; what of it could not be read is said, and does not stop the rest. */
function recorded(file: string, resolver: AnchorResolver): Result<Trace> {
  try {
    const start = piecesOf(file), head = start.next().value as Buffer | undefined;
    start.return(undefined);
    if (!head || head[0] !== 0x1f || head[1] !== 0x8b) return imported(file, head ?? Buffer.alloc(0), piecesOf(file), resolver);
    const { bytes, cut } = unpacked(file);
    if (cut) process.stderr.write(`skbwalk: ${file} is cut short; this is what is left of it\n`);
    return imported(file, bytes.subarray(0, PIECE), slices(bytes), resolver);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return fail('trace-unreadable', `${file} cannot be read (${code === 'ERR_BUFFER_TOO_LARGE' ? `it holds more than ${MOST_UNPACKED >> 20} MiB; unpack it first` : message}). Check the path; "skbwalk scenarios" lists the built-in scenarios.`, file);
  }
}

function imported(file: string, head: Buffer, pieces: Iterable<Buffer>, resolver: AnchorResolver): Result<Trace> {
  const importer = importerFor(head.toString('latin1', 0, 65536));
  if (!importer) return fail('trace-unknown', `${file} is no trace that skbwalk reads. It reads: ${importers.map((i) => i.title).join('; ')}. A scenario's file must end in .json.`, file);
  const outline = readOutline(__dirname);
  if (!outline.ok) return outline;
  const names = new KernelNames(outline.value, resolver);
  const made = importer.import(textOf(pieces), { name: path.basename(file).replace(/(\.graph)?(\.(txt|log|trace|dat))?(\.gz)?$/, ''), kernel: resolver.tree.version, locate: (name, caller) => names.locate(name, caller), callSite: (caller, callee) => names.callSite(caller, callee) });
  if (!made.ok) return made;
  for (const problem of made.value.problems) process.stderr.write(`skbwalk: ${problem.message}\n`);
  return ok(made.value.trace);
}

/** The text of a scenario's file, which must be UTF-8. */
function fileText(file: string): { text: string; where: string } | { unreadable: string; where: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)), where: file };
  } catch (error) {
    return { unreadable: error instanceof TypeError ? 'it is not UTF-8 text' : (error as Error).message, where: file };
  }
}
