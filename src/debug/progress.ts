/** Work that takes longer than a moment is told to the client (DAP progressStart, progressEnd), so that nobody takes it for a hang. */
import { ProgressEndEvent, ProgressStartEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';

/** What is done within so many milliseconds is not worth a word. */
const MOMENT_MS = 400;

/** The progress that a session shows; `send` takes events to its client. */
export class Progress {
  /** Does the client show progress? */
  isShown = false;
  private last = 0;

  constructor(private readonly send: (event: DebugProtocol.Event) => void) {}

  /** Gives what `work` gives; shows `title` while it lasts. */
  async during<T>(title: string, work: Promise<T>): Promise<T> {
    const id = `skbwalk-${++this.last}`;
    let begun = false;
    const timer = setTimeout(() => { begun = this.isShown; if (begun) this.send(new ProgressStartEvent(id, title)); }, MOMENT_MS);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      if (begun) this.send(new ProgressEndEvent(id));
    }
  }
}
