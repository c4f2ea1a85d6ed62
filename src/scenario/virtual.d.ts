/** Modules that the build makes (tools/instrument.mjs, tools/bundle.mjs). */
declare module 'skbwalk:sites' {
  /** The mirrored functions; a function id is an index. */
  export const functions: readonly import('../trace/model').FunctionInfo[];
  /** The places in them; a site id is an index. */
  export const sites: readonly import('../base/anchor').Anchor[];
}
declare module 'skbwalk:scenarios' {
  /** Text of each built-in scenario file by id. */
  export const files: Readonly<Record<string, string>>;
}
