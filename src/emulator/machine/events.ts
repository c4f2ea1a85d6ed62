/** The event queue: by time, same-time events in insertion order. */
import type { Cpu, MachineEvent } from '../include/ports';

/** Something due: for a CPU's interrupt input, or (cpu null) for a device or a wire. */
export class QueuedEvent implements MachineEvent {
  cancelled = false;
  constructor(readonly time: number, readonly seq: number, readonly cpu: Cpu | null, readonly fire: () => void) {}
}

function earlier(a: QueuedEvent, b: QueuedEvent): boolean {
  return a.time !== b.time ? a.time < b.time : a.seq < b.seq;
}

/** Binary min-heap. */
export class EventQueue {
  private readonly heap: QueuedEvent[] = [];
  private seq = 0;

  /** The earliest event that is not cancelled; null when there is none. */
  peek(): QueuedEvent | null {
    while (this.heap.length && this.heap[0].cancelled) this.remove();
    return this.heap.length ? this.heap[0] : null;
  }

  push(time: number, cpu: Cpu | null, fire: () => void): QueuedEvent {
    const event = new QueuedEvent(time, this.seq++, cpu, fire);
    this.insert(event);
    return event;
  }

  /** Puts back an event that was taken out: at its old place. */
  insert(event: QueuedEvent): void {
    let i = this.heap.length;
    this.heap.push(event);
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!earlier(event, this.heap[up])) break;
      this.heap[i] = this.heap[up];
      i = up;
    }
    this.heap[i] = event;
  }

  /** Takes the earliest event out. The caller has peeked. */
  pop(): QueuedEvent {
    const top = this.heap[0];
    this.remove();
    return top;
  }

  private remove(): void {
    const last = this.heap.pop(), n = this.heap.length;
    if (n === 0) return;
    let i = 0;
    for (;;) {
      let kid = 2 * i + 1;
      if (kid >= n) break;
      if (kid + 1 < n && earlier(this.heap[kid + 1], this.heap[kid])) kid++;
      if (!earlier(this.heap[kid], last)) break;
      this.heap[i] = this.heap[kid];
      i = kid;
    }
    this.heap[i] = last;
  }
}
