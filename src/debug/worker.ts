/** Entry of the worker thread behind a debug session: it runs the scenario, reads the tree, and answers the engine's requests. */
import { parentPort } from 'node:worker_threads';
import { assert } from '../base/assert';
import { ok, type Result } from '../base/result';
import type { EngineRequest, LaunchRequest } from '../protocol/engine';
import { builtinScenarios, Inspector, loadScenario, runScenario, type Scenario } from '../scenario';
import { openResolver, readOutline } from '../source/open';
import { materialise } from '../source/outline/materialise';
import type { KernelTree } from '../source/tree';
import { Engine, type EnginePorts } from './engine';
import { answer } from './server';

/** Where the bundles lie, with the outline and the anchor table beside them. */
const ASSETS = __dirname;

function scenarioOf(launch: LaunchRequest): Result<Scenario> {
  const loaded = launch.text === undefined ? loadScenario({ id: launch.scenario }) : loadScenario({ text: launch.text, where: launch.where ?? launch.scenario });
  // send() and sendto() reach the same code; which of the two a program calls is the launch's choice.
  return loaded.ok && launch.entry === 'send' ? ok({ ...loaded.value, entry: 'send' }) : loaded;
}

function outlineFolder(storage: string): Result<KernelTree> {
  const outline = readOutline(ASSETS);
  return outline.ok ? materialise(outline.value, storage) : outline;
}

const ports: EnginePorts = {
  scenarios: builtinScenarios,
  now: () => performance.now(),
  run(launch) {
    const scenario = scenarioOf(launch);
    if (!scenario.ok) return scenario;
    const options = { all: launch.all ?? false }, trace = runScenario(scenario.value, options);
    return ok({ trace, inspector: new Inspector(scenario.value, trace, options.all) });
  },
  tree(launch) {
    const outline = launch.kernel === '' ? outlineFolder(launch.storage) : null;
    if (outline && !outline.ok) return outline;
    const resolver = openResolver(outline ? outline.value.root : launch.kernel, ASSETS);
    if (!resolver.ok) return resolver;
    const { tree } = resolver.value;
    return ok({ resolver: resolver.value, root: tree.root, version: tree.version, outline: tree.isOutline });
  },
  outline(storage) {
    const tree = outlineFolder(storage);
    return tree.ok ? ok({ root: tree.value.root, version: tree.value.version }) : tree;
  },
};

assert(parentPort !== null, 'worker.ts runs in a worker thread only');
const port = parentPort, engine = new Engine(ports);
port.on('message', (request: EngineRequest) => answer(engine, request, port));
