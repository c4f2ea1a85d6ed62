/** A value or a reason. Parsers and readers give these; nothing on bad input throws. */
export type Result<T, E = Problem> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** What went wrong, in words a user can act on. `where` is a path, or a place in a file. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly where?: string;
}

/** Wraps a value. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps a reason. `code` is stable and kebab-case; `message` says what happened and what to do next. */
export function fail(code: string, message: string, where?: string): { readonly ok: false; readonly error: Problem } {
  return { ok: false, error: where === undefined ? { code, message } : { code, message, where } };
}
