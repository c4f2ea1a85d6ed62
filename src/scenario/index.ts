/** Scenarios: the built-in ones, those in files, and running them. */
import { fail, type Result } from '../base/result';
import type { Trace } from '../trace/model';
import { files } from 'skbwalk:scenarios';
import { parseScenario } from './load';
import { Run, type RunOptions } from './run';
import type { Scenario, ScenarioInfo } from './types';

export { Inspector, type Snapshot } from './inspector';
export type { RunOptions } from './run';
export type { Scenario, ScenarioInfo } from './types';

/** Built-ins that show a mechanism but were not recorded on the real kernel; every other built-in was. */
const NOT_RECORDED: ReadonlySet<string> = new Set(['nagle', 'delayed-ack', 'rps', 'net-tx-softirq', 'forward', 'rx-flood', 'send-nonblocking-full']);
/** Where the list starts; the rest follows by name. */
const FIRST = ['tcp-send-64', 'udp-send-64', 'tcp-connect', 'tcp-close', 'ping'];

/** What there is to choose from, the best first steps at the top. */
export function builtinScenarios(): ScenarioInfo[] {
  const rank = (id: string): number => (FIRST.includes(id) ? FIRST.indexOf(id) : FIRST.length);
  return Object.keys(files).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).map((id) => {
    const raw = JSON.parse(files[id]) as { title: string; about: string; hosts: { name: string }[] };
    return { id, title: raw.title, hosts: raw.hosts.map((h) => h.name), recorded: !NOT_RECORDED.has(id), about: raw.about };
  });
}

/** How many letters must change, come or go to make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row.push(Math.min(row[j - 1] + 1, above[j] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    above = row;
  }
  return above[b.length];
}

/** Ids that hold the word or stand in it, and those that are but a slip away. */
function nearest(word: string): string[] {
  if (word === '' || word.length > 60) return [];
  const holds = (id: string): boolean => id.includes(word) || word.includes(id), most = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  return Object.keys(files).map((id) => ({ id, far: holds(id) ? 0 : distance(id, word) })).filter(({ far }) => far <= most).sort((a, b) => a.far - b.far).slice(0, 5).map(({ id }) => id);
}

/** A built-in by id, or a file's text (`where` names it), or why there is none. */
export function loadScenario(what: { id: string } | { text: string; where: string } | { unreadable: string; where: string }): Result<Scenario> {
  if ('unreadable' in what) return fail('scenario-unreadable', `${what.where} cannot be read (${what.unreadable}). Check the path.`, what.where);
  if ('text' in what) return parseScenario(what.text, what.where);
  if (!Object.hasOwn(files, what.id)) {
    const near = nearest(what.id);
    if (near.length) return fail('unknown-scenario', `There is no scenario "${what.id}". Did you mean ${near.join(', ')}? "skbwalk scenarios" lists them; a file of your own must end in .json.`);
    return fail('unknown-scenario', `There is no scenario "${what.id}". "skbwalk scenarios" lists them; a file of your own must end in .json.`);
  }
  return parseScenario(files[what.id], `scenarios/${what.id}.json`);
}

/** Runs to the end and gives what the traced windows show. Same scenario, same trace. */
export function runScenario(scenario: Scenario, options: RunOptions = {}): Trace {
  return new Run(scenario, options).trace();
}
