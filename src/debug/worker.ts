/** Entry of the worker thread behind a debug session: it runs the scenario, reads the tree, and answers the engine's requests. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { assert } from '../base/assert';
import { fail, ok, type Result } from '../base/result';
import { exporterFor } from '../formats/registry';
import type { EngineRequest, LaunchRequest } from '../protocol/engine';
import { builtinScenarios, Inspector, loadScenario, type Scenario } from '../scenario';
import type { Intervention } from '../scenario/interventions';
import { Run } from '../scenario/run';
import { copyOfScenario } from '../scenario/text';
import { AnchorResolver } from '../source/anchor/resolve';
import { readOutline, readTable } from '../source/open';
import { materialise } from '../source/outline/materialise';
import { KernelTree } from '../source/tree';
import type { Trace } from '../trace/model';
import { interventionOf } from './changes';
import { Engine, type EnginePorts } from './engine';
import type { InspectorPort } from './inspection';
import { readRecording } from './recording';
import { answer } from './server';

/** Where the bundles lie, with the outline and the anchor table beside them. */
const ASSETS = __dirname;

/** How long without a request counts as idle, ms. */
const IDLE_MS = 25;
/** Requests after which another inspection is likely: idle time goes into that then, else into the coming steps. */
const INSPECTS: ReadonlySet<string> = new Set(['prepare', 'scopes', 'variables', 'evaluate']);

function scenarioOf(launch: LaunchRequest): Result<Scenario> {
  const loaded = launch.text === undefined ? loadScenario({ id: launch.scenario }) : loadScenario({ text: launch.text, where: launch.where ?? launch.scenario });
  // send() and sendto() reach the same code; which of the two a program calls is the launch's choice.
  return loaded.ok && launch.entry === 'send' ? ok({ ...loaded.value, entry: 'send' }) : loaded;
}

function outlineFolder(storage: string): Result<KernelTree> {
  const outline = readOutline(ASSETS);
  return outline.ok ? materialise(outline.value, storage) : outline;
}

/** A finished run. Its inspector is made when somebody first looks: a session that only steps does without. */
function runOnce(scenario: Scenario, all: boolean, changes: readonly Intervention[]): { readonly trace: Trace; readonly inspector: InspectorPort } {
  const run = new Run(scenario, { all, changes });
  run.machine.boundaries = [];
  const trace = run.trace(), { boundaries } = run.machine;
  let inspector: Inspector | null = null;
  const made = (): Inspector => (inspector ??= new Inspector(scenario, trace, all, boundaries, changes));
  return { trace, inspector: { inspect: (step) => made().inspect(step), park: () => made().park(), watch: (step, find) => made().watch(step, find) } };
}

/** The tree that was opened last: files parsed ahead of time serve the session that comes. It parses again what has changed on disk. */
let known: { readonly tree: KernelTree; readonly resolver: AnchorResolver } | null = null;

let latest: ({ readonly key: string } & ReturnType<typeof runOnce>) | null = null;

/** The tree of a launch; `known` holds it from then on. */
function resolverOf(launch: LaunchRequest): Result<NonNullable<typeof known>> {
  const outline = launch.kernel === '' ? outlineFolder(launch.storage) : null, tree = outline ?? KernelTree.open(launch.kernel);
  if (!tree.ok) return tree;
  const { root, version, isOutline } = tree.value;
  if (known?.tree.root === root && known.tree.version === version && known.tree.isOutline === isOutline) return ok(known);
  // The table of known lines counts on an outline only: a checkout does without reading it.
  const table = isOutline ? readTable(ASSETS) : null;
  if (table && !table.ok) return table;
  return ok(known = { tree: tree.value, resolver: new AnchorResolver(tree.value, table?.value) });
}

/** Problems of a recording that are told one by one; more are counted. */
const TOLD = 3;

/** A recorded trace. It has no objects to look at: calls and times are all that such a text holds. */
function recorded(file: string, launch: LaunchRequest): ReturnType<EnginePorts['run']> {
  const tree = resolverOf(launch);
  if (!tree.ok) return tree;
  const made = readRecording(file, tree.value.resolver, ASSETS);
  if (!made.ok) return made;
  const { trace, problems } = made.value, unknown = trace.functions.filter((f) => f.path === '').length, notices = ['A recording holds calls and their times: statements between them, packets and values are not in it.'];
  if (unknown > 0) notices.push(`${unknown} of ${trace.functions.length} functions of the recording are not in the open tree; steps go past them.`);
  notices.push(...problems.slice(0, TOLD).map((p) => p.message));
  if (problems.length > TOLD) notices.push(`The recording has ${problems.length - TOLD} more problems; "npx skbwalk trace ${file}" lists them.`);
  return ok({ trace, notices, inspector: { inspect: () => ({ frames: [] }) } });
}

/** Writes pieces to a file; one that could not be written whole is taken away again. */
function write(file: string, pieces: Iterable<string | Uint8Array>): Result<number> {
  let out = -1, bytes = 0;
  try {
    out = openSync(file, 'w');
    for (const piece of pieces) for (let rest = typeof piece === 'string' ? Buffer.from(piece) : piece; rest.length > 0;) {
      const n = writeSync(out, rest);
      bytes += n;
      rest = rest.subarray(n);
    }
    closeSync(out);
    return ok(bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (out >= 0) { closeSync(out); rmSync(file, { force: true }); }
    return fail('not-saved', `${file} could not be written (${code}). Choose another folder, or free some space.`, file);
  }
}

const ports: EnginePorts = {
  scenarios: builtinScenarios,
  now: () => performance.now(),
  run(launch) {
    if (launch.recording) return recorded(launch.recording, launch);
    const scenario = scenarioOf(launch), { changes = [] } = launch, key = JSON.stringify([launch.scenario, launch.text, launch.entry === 'send', launch.all ?? false, changes]);
    if (!scenario.ok) return scenario;
    // The run made ahead of time serves the session that it was made for, if it comes.
    if (latest?.key !== key) latest = { key, ...runOnce(scenario.value, launch.all ?? false, changes.map(interventionOf)) };
    return ok(latest);
  },
  tree(launch) {
    const opened = resolverOf(launch);
    if (!opened.ok) return opened;
    const { resolver, tree: { root, version, isOutline } } = opened.value;
    return ok({ resolver, root, version, outline: isOutline });
  },
  save(trace, format, file) {
    const exporter = exporterFor(format);
    assert(exporter !== undefined && known !== null, 'a format of the registry, and an open tree');
    const { resolver } = known;
    return write(file, exporter.export(trace, { line: (anchor) => resolver.resolve(anchor), entryLine: (anchor) => resolver.entryLine(anchor) }));
  },
  check(text, where) {
    const loaded = loadScenario({ text, where });
    return loaded.ok ? null : loaded.error;
  },
  copy: copyOfScenario,
  outline(storage) {
    const tree = outlineFolder(storage);
    return tree.ok ? ok({ root: tree.value.root, version: tree.value.version }) : tree;
  },
};

assert(parentPort !== null, 'worker.ts runs in a worker thread only');
const port = parentPort, engine = new Engine(ports);
let timer: NodeJS.Timeout | null = null;

/** Idle time makes the next requests cheap, a bit at a time so that a request waits for one bit at most. */
function restLater(inspects: boolean, ms: number): void {
  timer = setTimeout(() => { if (engine.idle(inspects)) restLater(inspects, inspects ? IDLE_MS : 0); }, ms);
}

port.on('message', (request: EngineRequest) => {
  if (timer) clearTimeout(timer);
  answer(engine, request, port);
  restLater(INSPECTS.has(request.method), IDLE_MS);
});
