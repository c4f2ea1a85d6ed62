/** The commands that set fields of the emulator's objects: a bundle of their own, whose probes know the locals. */
export { traceCommand as trace } from './trace';
