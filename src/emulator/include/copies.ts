/** What CPUs copied, by the kernel function that copied it: the answer to "how many copies does it make?". */
import { current } from './ports';

declare module './ports' { interface Host { copied: Copies } }
export class Copies {
  /** By function id: how often, and how many bytes. */
  readonly times: number[] = [];
  readonly bytes: number[] = [];
}
export function copies_globals(host: import('./ports').Host): void { host.copied = new Copies(); }

/** `length` bytes were copied by the running function. Copying is an assembly routine in the kernel: it has no frame of its own. */
export function copied(length: number): void {
  const { host, stack } = current;
  if (host === null || host === undefined || host.copied === undefined || stack.depth === 0) return;
  const fn = stack.fn[stack.depth - 1], { times, bytes } = host.copied;
  times[fn] = (times[fn] ?? 0) + 1;
  bytes[fn] = (bytes[fn] ?? 0) + length;
}
