/** Arguments and output that the commands share. */
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Problem } from '../base/result';
import type { Translate } from '../debug/labels';
import { localise } from '../debug/messages';
import { exporters } from '../formats/registry';
import { HELP, helpOf, readFlag, usageOf } from './help';
import { translator } from './words';

/** Exit codes of the contract. */
export const EXIT = { FINE: 0, NOTHING: 1, USAGE: 2 } as const;

/** The world outside: replaced in tests. */
export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly t: Translate;
  /** Folder of the bundles, with the outline and the anchor table. */
  readonly assets: string;
}

/** The real world. */
export function processIo(): CliIo {
  return { out: (text) => { process.stdout.write(text); }, err: (text) => { process.stderr.write(text); }, env: process.env, t: translator(process.env), assets: __dirname };
}

/** A command line that was read: its words, and its options by their longest name (`output`, not `o`). */
export interface Args { readonly words: readonly string[]; readonly flags: ReadonlyMap<string, string> }

/** What is wrong with a command line: a sentence with numbered gaps, and what stands in them. */
export class UsageError extends Error {
  readonly gaps: readonly (string | number)[];
  constructor(readonly text: string, ...gaps: (string | number)[]) {
    super(text);
    this.gaps = gaps;
  }
}

function optionsOf(command: string): ReadonlyMap<string, { readonly name: string; readonly takes: boolean }> {
  return new Map([...HELP[command].options.map(([flag]) => flag), '-h, --help'].flatMap((flag) => {
    const { names, value } = readFlag(flag), option = { name: names[names.length - 1], takes: value !== '' };
    return names.map((name) => [`${name.length > 1 ? '--' : '-'}${name}`, option] as const);
  }));
}

/** Reads a command's words and options, as its help tells them. Throws UsageError. */
export function readArgs(command: string, argv: readonly string[]): Args {
  const words: string[] = [], flags = new Map<string, string>(), options = optionsOf(command);
  for (let k = 0; k < argv.length; k++) {
    const given = argv[k];
    if (given === '--') { words.push(...argv.slice(k + 1)); break; }
    if (!given.startsWith('-') || given === '-') { words.push(given); continue; }
    const [name, inline] = given.split(/=(.*)/s, 2), option = options.get(name);
    if (!option) throw new UsageError('{0} is no option of this command', given);
    if (!option.takes && inline !== undefined) throw new UsageError('--{0} takes no value', option.name);
    if (option.takes && inline === undefined && (argv[k + 1] === undefined || /^-./.test(argv[k + 1]))) throw new UsageError('{0} needs a value', given);
    flags.set(option.name, option.takes ? inline ?? argv[++k] : '');
  }
  return { words, flags };
}

/** Reads the arguments, answers --help, and runs the command. Gives the exit code; wrong usage is said with how it would be right. */
export async function guarded(command: string, argv: readonly string[], io: CliIo, run: (args: Args) => number | Promise<number>): Promise<number> {
  try {
    const args = readArgs(command, argv), expected = HELP[command].words.length;
    if (args.flags.has('help')) { io.out(helpOf(command, io.t, exporters.map((e) => e.id).join(', '))); return EXIT.FINE; }
    if (args.words.length > expected) throw new UsageError('there is one word too many: "{0}"', args.words[expected]);
    if (args.words.length < expected) throw new UsageError('{0} is missing', HELP[command].words[args.words.length]);
    return await run(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`skbwalk ${command}: ${io.t(error.text, ...error.gaps)}\n${usageOf(command, io.t)}`);
    return EXIT.USAGE;
  }
}

/** A whole number of an option; `otherwise` when it is not given. Throws UsageError. */
export function wholeNumber(args: Args, name: string, least: number, most: number, otherwise: number): number {
  const text = args.flags.get(name);
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text) || Number(text) < least || Number(text) > most) throw new UsageError('--{0} takes a whole number from {1} to {2}, not "{3}"', name, least, most, text);
  return Number(text);
}

/** Says what was wrong; gives the exit code for bad input. */
export function complain(problem: Problem, io: CliIo): number {
  io.err(`skbwalk: ${localise(problem.message, io.t)}\n`);
  return EXIT.USAGE;
}

/** Writes pieces to `file`, or to stdout when it is empty, no faster than they are taken. Gives the exit code. */
export async function output(pieces: Iterable<string | Uint8Array>, file: string, io: CliIo): Promise<number> {
  if (file === '') {
    for (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    return EXIT.FINE;
  }
  let out = -1;
  try {
    out = openSync(file, 'w');
    for (const piece of pieces) writeAll(out, typeof piece === 'string' ? Buffer.from(piece) : piece);
    return EXIT.FINE;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    io.err(`skbwalk: ${io.t('{0} cannot be written ({1}). Give another file with -o.', file, code)}\n`);
    return EXIT.USAGE;
  } finally {
    if (out >= 0) closeSync(out);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
