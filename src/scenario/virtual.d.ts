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
declare module 'skbwalk:validators' {
  import type { ErrorObject } from 'ajv';
  /** True when the data holds; else `errors` says why not. */
  export type Validator = ((data: unknown) => boolean) & { readonly errors?: readonly ErrorObject[] | null };
  /** A whole scenario: up to the first complaint, or with all of them. */
  export const first: Validator, all: Validator;
  /** One kind of step, by its name in the schema's `definitions.steps`. */
  export const steps: Readonly<Record<string, Validator>>;
}
