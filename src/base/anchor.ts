/** A place in the kernel, named by its words and never by its line (ARCHITECTURE.md, "Anchors"). */

/** What the statement at an anchor is. */
export type AnchorKind = 'entry' | 'call' | 'assign' | 'if' | 'switch' | 'loop' | 'return' | 'goto' | 'label' | 'decl';

/**
 * `text` by kind: call: the callee's identifier (or member) as written; assign: the last member of the left side;
 * if, return, switch: the identifiers in order, joined by one space; else empty.
 */
export interface Anchor {
  /** Kernel path from the root of the tree, for example `net/ipv4/tcp_output.c`. */
  readonly path: string;
  /** Canonical function name (`sys_send` for a SYSCALL_DEFINE). */
  readonly function: string;
  /** Which definition of a function that stands more than once under `#if`, from 1. */
  readonly def: number;
  readonly kind: AnchorKind;
  readonly text: string;
  /** Among the sites of equal (kind, text) in this function, in source order, from 1. */
  readonly nth: number;
}

/** How sure a resolved line is. A line that is not exact is shown as such. */
export type AnchorStatus = 'exact' | 'function' | 'missing';

/** An anchor found (or not) in one tree. `line` counts from 1; 0 when missing. */
export interface ResolvedAnchor {
  readonly status: AnchorStatus;
  readonly line: number;
}

/** One string per anchor, for maps. */
export function anchorKey(a: Anchor): string {
  return `${a.path}\t${a.function}\t${a.def}\t${a.kind}\t${a.text}\t${a.nth}`;
}
