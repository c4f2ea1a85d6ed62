/** What tests of the navigator share: where the real tree, the facts and the recordings are, and why a test is skipped without them. */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import type { Problem, Result } from '../../base/result';

const first = (candidates: (string | undefined)[], has: string): string | null =>
  candidates.find((dir) => dir !== undefined && dir !== '' && fs.existsSync(path.join(dir, has))) ?? null;

/** The real 3.10.108 tree, or null. */
export const kernelDir = first([process.env.SKBWALK_KERNEL], 'net/socket.c');
/** Tables of facts about 3.10.108, or null. */
export const factsDir = first([process.env.SKBWALK_FACTS, path.resolve('../shared/facts/3.10.108')], 'functions.tsv.gz');
/** Recordings of the real 3.10.108, or null. */
export const tracesDir = first([process.env.SKBWALK_TRACES, path.resolve('../shared/traces/3.10.108'), path.resolve('../shared/traces')], 'traceable.tsv.gz');

/** For `test(name, skipWithout(...), body)`: skipped, with the reason, when one of the places is absent. */
export function skipWithout(...needs: ('kernel' | 'facts' | 'traces')[]): { skip?: string } {
  const reasons = { kernel: [kernelDir, 'SKBWALK_KERNEL is not set to a 3.10.108 tree'], facts: [factsDir, 'no facts: SKBWALK_FACTS'], traces: [tracesDir, 'no recordings: SKBWALK_TRACES'] } as const;
  const missing = needs.filter((need) => reasons[need][0] === null);
  return missing.length > 0 ? { skip: missing.map((need) => reasons[need][1]).join('; ') } : {};
}

/** The value of a result; a problem fails the test with its message. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** A result's problem, null when it has none. */
export function problemOf(result: Result<unknown>): Problem | null {
  return result.ok ? null : result.error;
}

/** The code of a result's problem, `ok` when there is none. */
export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.code;
}

/** Rows of a gzipped table without its head, split at tabs. */
export function gzTable(file: string): string[][] {
  return zlib.gunzipSync(fs.readFileSync(file)).toString('latin1').trimEnd().split('\n').slice(1).map((line) => line.split('\t'));
}

/** A kernel file as the navigator reads it. */
export function kernelText(file: string): string {
  return fs.readFileSync(path.join(kernelDir ?? '', file), 'latin1');
}
