/** The commands that need the emulator, a bundle of their own: the navigator's commands start without reading it. */
export { outlineCommand as outline } from './outline';
export { resolveCommand as resolve } from './resolve';
export { scenariosCommand as scenarios, traceCommand as trace } from './trace';
