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
  'There is no scenario "{0}". Did you mean {1}? "skbwalk scenarios" lists them; a file of your own must end in .json.',
  'There is no scenario "{0}". "skbwalk scenarios" lists them; a file of your own must end in .json.',
  'this is no JSON ({0}). Mend it there and run again.',
  '{0}. media/scenario.schema.json lists what a scenario may hold.',
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
  '{0} cannot be read ({1}). Check the path.',
  'it is not UTF-8 text',
  'it is a folder',
  'There is no format "{0}". There are: {1}.',
  '{0} holds more than {1} MiB. Unpack it, and give the unpacked file.',
  '{0} cannot be unpacked ({1}). Check that it arrived whole.',
  '{0} is a folder. Name a scenario, its file, or a recording.',
  '{0} cannot be read ({1}). Check the path; "skbwalk scenarios" lists the built-in scenarios.',
  '{0} is no trace that skbwalk reads. It reads: {1}. A scenario\'s file must end in .json.',
  '{0} cannot be written ({1}). Give another file with -o.',
  '{0} holds no calls of a function graph. Record one with the function_graph tracer (trace-cmd record -p function_graph, then trace-cmd report) and try again.',
  'reading stopped at line {0}: {1} calls are the most. Record a shorter time, or cut the file.',
  'line {0} is no row of a function graph: {1}',
  '{0} further lines are no rows of a function graph',
  '{0} is cut short; this is what is left of it.',
  'A recording holds calls and their times: statements between them, packets and values are not in it.',
  '{0} of {1} functions of the recording are not in the open tree; steps go past them.',
  '{0} is no number, flag or pointer to an object; only those can be set.',
  '{0} is a pointer: it can be set to NULL or to another {1}.',
  '{0} is a number: set it to a number or an expression that gives one.',
  '{0} is no field: only what a pointer leads to can be set (skb->len, not len).',
  '{0} cannot be set: it is worked out from other fields.',
  '{0} is a constant of the kernel\'s code and cannot be set.',
  '{0} has no name in C here. Open the object that it belongs to, and set it there.',
  'This frame is not at the current step any more. Choose the value again.',
  'The session has moved on. Choose the value again.',
  '{0} failed on what was changed, as a kernel would with an oops: {1}',
  '"{0}" is no change. Write "STEP: FIELD = VALUE" or "STEP: lose PACKET".',
  'The run has no step {0}; it has {1}.',
  'Step {0} is before the change that stands before it. Give changes in the order of time.',
  '{0} is a recording: what has happened cannot be changed. Leave --change out.',
  '{0} changes here: {1} to {2}',
  '{0} is no field: only what a pointer leads to can be watched (skb->len, not len).',
  '{0} is not there at step {1} of this run.',
  '{0} does not change in the traced part of this run.',
  'The recording has {0} more problems; "npx skbwalk trace {1}" lists them.',
  '{0} could not be written ({1}). Choose another folder, or free some space.',
  '{0} functions were entered before the recording began',
  '{0} frames are not in the capture: it was full',
  'stopped after {0} steps: the run would go on ({1})',
  'stopped after {0} steps: the run would go on',
  'stopped after {0} steps, {1} of them without a pause: {2} would go on ({3})',
  'stopped after {0} steps, {1} of them without a pause: {2} would go on',
  'stopped at {0} s of virtual time: programs were still waiting ({1})',
  'stopped at {0} s of virtual time: programs were still waiting',
  'deadlock: every program waits and nothing will ever wake one ({0})',
  'deadlock: every program waits and nothing will ever wake one',
  'this file has {0} characters, and a scenario may have {1}.',
  'brackets nest more than {0} deep here; no scenario does.',
  '"{0}" stands twice in one object. Take one of them away.',
  'a value is missing',
  'a key in quotes is missing',
  'a colon is missing',
  'a comma is missing',
  'a closing } is missing',
  'a closing ] is missing',
  'an unknown word',
  'a number that is none',
  'there is something behind the end',
  'a comment does not end',
  'a text has no closing quote',
  'a character that may not stand here',
  'a scenario is an object, { "id": ..., "hosts": [...] }',
  'unknown key "{0}"',
  '"{0}" is missing',
  '"{0}" must be a time: nanoseconds from 0, or text with a unit such as 20us, 1.5ms, 2s',
  '"{0}" must be a rate: bits per second > 0, or text with a unit such as 200kbit, 1gbit',
  '"{0}" must be a share from 0 to 1',
  '"{0}" must be an IPv4 address such as 10.0.0.1',
  '"{0}" must be an IPv4 address with a prefix length, such as 10.0.0.1/24',
  '"{0}" must be an Ethernet address such as 52:54:00:00:01:01',
  '"{0}" must be one of: {1}',
  '"{0}" must hold {1} or more',
  '"{0}" must hold {1} or fewer',
  '"{0}" must be {1} or more',
  '"{0}" must be {1} or less',
  '"{0}" must be more than {1}',
  '"{0}" is not written as it must be: {1}',
  '"{0}" is nothing that may stand here',
  '"{0}" must be a step: an object with a "call"',
  'an object',
  'an array',
  'a text in quotes',
  'a number',
  'a whole number',
  'true or false',
  '"{0}" must be {1}',
  '"{0}" is no IPv4 address: a part is above 255',
  '"{0}" has a prefix of more than 32 bits',
  '{0} is the address of {1} already: two interfaces cannot share one',
  '{0} is a group address: the first byte of an interface\'s own must be even',
  'sysctl {0} is not modelled; src/emulator/sysctl.ts lists those that are',
  '{0} must be cubic or reno',
  '{0} must be a whole number from 0 to 2147483647',
  '{0} must be {1} whole numbers from 0 to 2147483647',
  '{0} must be at least 1',
  '"count" may be {0} at most',
  'this call is about {0} bytes in all; {1} are the most',
  'no step of this program makes a socket "{0}"; there are: {1}',
  'host {0} has no interface "{1}"; it has: {2}',
  'host {0} has two interfaces called "{1}"',
  'host {0} starts at {1} s, after the run\'s time limit of {2} s',
  'no packet is at least {0} and at most {1} bytes long',
  'a program cannot wait for itself',
  'host {0} has two programs called "{1}"',
  'a step takes between 1 ns and {0} us of virtual time',
  'a cable needs two ends, "{0}" is one',
  '"{0}" has a cable already',
  'a cable carries at least 1 bit per second',
  '"{0}" is no end of this cable; its ends are {1}',
  'two hosts are called "{0}"',
  'igb of this kernel has a {0} queue per CPU, so {1} on host {2}, and no way to set {3}. Leave "queues" out, or give the host other "cpus"',
  'host {0} has {1} CPUs, there is no CPU {2}',
  '"{0}" is no host and no host.program of this scenario',
  'there is no interface "{0}"; there are: {1}',
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
    return '([^]*?)';
  }).join('');
  return { text, shape: new RegExp(`^${shape}$`), gaps };
}

/** `scenarios/mine.json:3:7: ` before a sentence. */
const PLACE = /^([^\n]+?:\d+:\d+): (.+)$/s;

/** The sentence by its pattern, what stands in its gaps likewise; null when it has none. */
function byPattern(message: string, t: Translate): string | null {
  for (const { text, shape, gaps } of (patterns ??= MESSAGES.map(patternOf))) {
    const match = shape.exec(message);
    if (!match) continue;
    const words: string[] = [];
    gaps.forEach((gap, i) => { words[gap] = byPattern(match[i + 1], t) ?? match[i + 1]; });
    return t(text, ...words);
  }
  return null;
}

/** A sentence of the engine's in the user's language. A place in a file before it stays. */
export function localise(message: string, t: Translate): string {
  const placed = PLACE.exec(message);
  return placed ? `${placed[1]}: ${localise(placed[2], t)}` : byPattern(message, t) ?? t(message);
}
