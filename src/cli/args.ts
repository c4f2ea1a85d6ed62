/** Arguments and output that the commands share. */
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Problem } from '../base/result';

type Options = NonNullable<ParseArgsConfig['options']>;
export interface Parsed { readonly values: Record<string, string | boolean | undefined>; readonly positionals: string[] }

/** Parses `argv`; on a wrong option prints why and gives null (exit 2). */
export function parse(argv: string[], options: Options, usage: string): Parsed | null {
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true, strict: true });
    return { values: values as Parsed['values'], positionals };
  } catch (error) {
    process.stderr.write(`skbwalk: ${(error as Error).message}\nusage: skbwalk ${usage}\n`);
    return null;
  }
}

/** Says what was wrong; gives the exit code for bad input. */
export function complain(problem: Problem): number {
  process.stderr.write(`skbwalk: ${problem.message}\n`);
  return 2;
}

/** Writes pieces to `file`, or to stdout when it is empty, no faster than they are taken. Gives the exit code. */
export async function output(pieces: Iterable<string | Uint8Array>, file: string): Promise<number> {
  if (file === '') {
    for (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    return 0;
  }
  try {
    const out = openSync(file, 'w');
    for (const piece of pieces) writeAll(out, typeof piece === 'string' ? Buffer.from(piece) : piece);
    closeSync(out);
    return 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    process.stderr.write(`skbwalk: cannot write ${file}: ${(error as Error).message}\n`);
    return 2;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
