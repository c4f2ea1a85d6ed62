/** The worker's end of the engine's channel: takes numbered requests, answers each once, in order. */
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
    const problem = error instanceof EngineError ? error.problem : { code: 'internal', message: `skbwalk failed in "${method}": ${error instanceof Error ? error.stack ?? error.message : String(error)}` };
    port.postMessage({ id, problem });
  }
}
