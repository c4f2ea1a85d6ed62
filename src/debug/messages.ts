/**
 * Sentences made by the engine, the tree and the loader, for the user's language. Those layers know no translation: they write English.
 * Here their sentences are known by their pattern, and what stands in the gaps is kept. A sentence without a pattern stays English.
 */
import type { Translate } from './labels';

/** English with numbered gaps, as it stands in the translations. */
export const MESSAGES: readonly string[] = [
  'No run is open. Start one with "skbwalk: Trace...".',
  'The run of {0} recorded nothing. Add { "call": "trace", "on": true } to a program of the scenario.',
  'The run of {0} recorded nothing: {1}.',
  'The scenario {0} has no host "{1}". Its hosts are {2}.',
  'The run of {0} does not enter {1} on host {2}. Leave "entry" out to begin at its first system call.',
  'The run of {0} does not enter {1}. Leave "entry" out to begin at its first system call.',
  'The run ended early: {0}.',
  'The run models Linux {0}, the open tree is {1}: where a statement is not there, the function is shown instead and marked so.',
  'The worker that runs the packet failed: {0}. Start the trace again; if it fails again, please report it with the scenario.',
  'The worker that runs the packet ended (code {0}). Start the trace again.',
  'The session is over.',
  'skbwalk made a mistake in "{0}": {1}. Start the trace again; if it happens again, please report it with the scenario and the extension host\'s log.',
  'This file is not in the kernel tree of the running session.',
  'This run takes no step in {0} at or after this line.',
  'There is no function at this line that the run passes.',
  'This run does not call {0}.',
  'The condition "{0}" cannot be evaluated: {1}',
  'The hit condition "{0}" is no number, nor >=, >, <=, <, == or % and a number; it is left out.',
  '{0} is at {1}, but Linux {2} has no such {3} ({4}) in it.',
  '{0} is at {1}, but Linux {2} has no such {3} in it.',
  '{0} is not in {1} of Linux {2}, nor in the files beside it.',
  '{0} is not in {1} of Linux {2}: it is in {3}.',
  '{0} is not in this kernel tree. It may have another name in this version, or the checkout is partial.',
  '{0} is not in {1} of this tree.',
  '{0} cannot be read: permission denied. Check the permissions of the checkout.',
  '{0} cannot be read ({1}). Check that the disk is mounted and the file is whole.',
  '{0} is not a plain file. Name a source file instead.',
  '{0} is a binary file, not C source. Name a source file instead.',
  '{0} has {1} MB; files above {2} MB are not parsed. Exclude it, or open a smaller file.',
  '{0} is above {1} MB and is not parsed. Open a smaller file.',
  '{0} is not a folder that can be read. Check the path, or leave it out to use the built-in outline.',
  '{0} is a folder inside the kernel tree {1}. Open {1} instead.',
  '{0} is no kernel source tree: it has no Makefile with VERSION and PATCHLEVEL beside net/, kernel/ and include/. Open the top folder of a kernel checkout, or use the built-in outline.',
  'No folder is open. Open the top folder of a kernel checkout, or use the built-in outline.',
  'The anchor table cannot be read ({0}). Build or install skbwalk again.',
  'The built-in outline cannot be written to {0} ({1}). Free some space or check the permissions, or open a kernel checkout.',
  'The built-in outline {0} cannot be read ({1}). Reinstall skbwalk, or open a kernel checkout instead.',
  'The built-in outline {0} is not there ({1}). Reinstall skbwalk, or open a kernel checkout instead.',
  '{0} is not in the built-in outline, which covers the network path only. Open a kernel checkout to see it.',
  'there is no scenario "{0}". Did you mean {1}? "skbwalk scenarios" lists them; a file of your own must end in .json.',
  'there is no scenario "{0}". "skbwalk scenarios" lists them; a file of your own must end in .json.',
  '{0}: this is no JSON ({1}). Mend it there and run again.',
  '{0}: {1}. media/scenario.schema.json lists what a scenario may hold.',
  '"{0}" in the launch configuration "{1}" must be text in quotes, not {2}. Change it in .vscode/launch.json.',
  'skbwalk can only "launch", not "{0}". Change "request" in .vscode/launch.json.',
  '"all" in the launch configuration "{0}" must be true or false. Change it in .vscode/launch.json.',
  '{0} cannot be read ({1}); it is not in the index. Check its permissions.',
  '{0} cannot be read ({1}) and is left out of the index.',
  '{0} is larger than {1} MiB and is left out of the index.',
  '{0} has more than {1} lines and is left out of the index.',
  '{0} holds binary data and is left out of the index.',
  '{0} has a name that is not UTF-8; it is not in the index. Rename it to have it read.',
  'This tree has more names than expected: some are missing from the index. Please report it.',
  'The disk is full: the index was not saved and will be built again next time. Free some space.',
  'The index could not be saved ({0}); it will be built again next time.',
  'The saved index is damaged and is built again.',
  'The index could not be built: {0}. Run "Rebuild Index of the Kernel Tree" to try again.',
];

interface Pattern { readonly text: string; readonly shape: RegExp; readonly gaps: readonly number[] }

let patterns: readonly Pattern[] | null = null;

/** `{1}` twice in a text means the same words twice. */
function patternOf(text: string): Pattern {
  const gaps: number[] = [];
  const shape = text.split(/(\{\d\})/).map((part) => {
    if (!/^\{\d\}$/.test(part)) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const gap = Number(part[1]), known = gaps.indexOf(gap);
    if (known >= 0) return `\\${known + 1}`;
    gaps.push(gap);
    return '([^]+?)';
  }).join('');
  return { text, shape: new RegExp(`^${shape}$`), gaps };
}

/** A sentence of the engine's in the user's language. */
export function localise(message: string, t: Translate): string {
  for (const { text, shape, gaps } of (patterns ??= MESSAGES.map(patternOf))) {
    const match = shape.exec(message);
    if (!match) continue;
    const words: string[] = [];
    gaps.forEach((gap, i) => { words[gap] = match[i + 1]; });
    return t(text, ...words);
  }
  return t(message);
}
