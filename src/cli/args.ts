/** Arguments and output that the commands share. */
import { writeFileSync } from 'node:fs';
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

/** Writes to `file`, or to stdout when it is empty. Gives the exit code. */
export function output(data: string | Uint8Array, file: string): number {
  if (file === '') { process.stdout.write(data); return 0; }
  try {
    writeFileSync(file, data);
    return 0;
  } catch (error) {
    process.stderr.write(`skbwalk: cannot write ${file}: ${(error as Error).message}\n`);
    return 2;
  }
}
