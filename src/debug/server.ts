/** The worker's end of the engine's channel: takes numbered requests, answers each once, in order. */
import type { Problem } from '../base/result';
import type { EngineRequest, EngineResponse } from '../protocol/engine';
import { EngineError, type Engine } from './engine';

/** A port to post on; a MessagePort in the worker, anything in tests. */
export interface PostPort { postMessage(message: EngineResponse): void }

/** Answers one request. A problem of the user's goes back as such; a mistake of ours goes back with its message and does not end the worker. */
export function answer(engine: Engine, request: EngineRequest, port: PostPort): void {
  const { id, method, params } = request;
  try {
    // The protocol's types tie each method to its parameters; here they meet as one call.
    const call = engine[method] as (params: unknown) => unknown;
    port.postMessage({ id, result: call.call(engine, params) });
  } catch (error) {
    port.postMessage({ id, problem: error instanceof EngineError ? error.problem : internal(method, error) });
  }
}

/** A mistake of ours: the user gets a sentence, the log the stack. */
function internal(method: string, error: unknown): Problem {
  console.error(`skbwalk: ${method}:`, error);
  return { code: 'internal', message: `skbwalk made a mistake in "${method}": ${error instanceof Error ? error.message : String(error)}. Start the trace again; if it happens again, please report it with the scenario and the extension host's log.` };
}
