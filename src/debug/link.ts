/** The extension host's end of the engine's channel: promises over a worker thread that may die. */
import { Worker } from 'node:worker_threads';
import type { Problem } from '../base/result';
import type { EngineMethod, EngineParams, EngineResponse, EngineResult } from '../protocol/engine';

/** A request that failed, with its reason in words for the user. */
export class LinkError extends Error {
  constructor(readonly problem: Problem) { super(problem.message); }
}

/** What a link needs of a worker thread. */
export interface WorkerPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: EngineResponse) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<number>;
}

interface Waiting { readonly resolve: (result: never) => void; readonly reject: (error: Error) => void }

/** One engine in one worker. After its death every request fails with the reason; make a new link then. */
export class EngineLink {
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();
  private dead: Problem | null = null;
  private closing = false;
  private readonly onDeath: ((problem: Problem) => void)[] = [];

  constructor(private readonly worker: WorkerPort) {
    worker.on('message', (message) => this.take(message));
    worker.on('error', (error) => this.die({ code: 'worker-crashed', message: `The worker that runs the packet failed: ${error.message}. Start the trace again; if it fails again, please report it with the scenario.` }));
    worker.on('exit', (code) => this.die({ code: 'worker-ended', message: `The worker that runs the packet ended (code ${code}). Start the trace again.` }));
  }

  /** Starts a worker from its bundle. */
  static start(file: string): EngineLink {
    return new EngineLink(new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: 3072 } }));
  }

  get isDead(): boolean { return this.dead !== null; }

  /** Calls once when the worker dies by itself, not by `close`. */
  whenDead(listener: (problem: Problem) => void): void {
    if (this.dead && !this.closing) listener(this.dead);
    else this.onDeath.push(listener);
  }

  /** Sends a request; rejects with LinkError. */
  call<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineResult<M>> {
    if (this.dead) return Promise.reject(new LinkError(this.dead));
    const id = this.nextId++;
    return new Promise<EngineResult<M>>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (result: never) => void, reject });
      this.worker.postMessage({ id, method, params });
    });
  }

  private take(message: EngineResponse): void {
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    this.waiting.delete(message.id);
    if ('problem' in message) waiting.reject(new LinkError(message.problem));
    else waiting.resolve(message.result as never);
  }

  private die(problem: Problem): void {
    if (this.dead) return;
    this.dead = problem;
    for (const { reject } of this.waiting.values()) reject(new LinkError(problem));
    this.waiting.clear();
    if (!this.closing) for (const listener of this.onDeath) listener(problem);
  }

  /** Ends the worker; what is still asked for is rejected. */
  async close(): Promise<void> {
    this.closing = true;
    this.die({ code: 'closed', message: 'The session is over.' });
    await this.worker.terminate();
  }
}
