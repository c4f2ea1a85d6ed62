/**
 * Writes a SCIP index (Sourcegraph's code intelligence format, scip.proto): definitions and direct calls of every file, encoded by hand as protocol
 * buffers, so that no generated code is needed. The file is written document by document: memory does not grow with the tree.
 */

/** What the exporter needs to know of an index. Lines and columns count from 1. */
export interface ScipSource {
  readonly root: string;
  paths(): Iterable<string>;
  definitions(path: string): Iterable<ScipDefinition>;
  /** Uses of definitions: calls. */
  uses(path: string): Iterable<ScipUse>;
}
export interface ScipDefinition { readonly name: string; readonly kind: string; readonly path: string; readonly line: number; readonly column: number; readonly local: boolean }
export interface ScipUse { readonly target: ScipDefinition; readonly line: number; readonly column: number; readonly length: number }

const ROLE_DEFINITION = 1;
const UTF8_OFFSETS = 1;

/** Protocol-buffer fields appended to a list of chunks. */
class Message {
  private readonly chunks: Buffer[] = [];

  number(field: number, value: number): this {
    if (value !== 0) this.chunks.push(varint(field << 3), varint(value));
    return this;
  }

  bytes(field: number, value: Buffer): this {
    this.chunks.push(varint((field << 3) | 2), varint(value.length), value);
    return this;
  }

  text(field: number, value: string): this {
    return value === '' ? this : this.bytes(field, Buffer.from(value, 'utf8'));
  }

  packed(field: number, values: readonly number[]): this {
    return this.bytes(field, Buffer.concat(values.map(varint)));
  }

  build(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** A protocol-buffer variable-length integer. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  while (value > 127) { bytes.push((value & 127) | 128); value = Math.floor(value / 128); }
  bytes.push(value);
  return Buffer.from(bytes);
}

/** SCIP's symbol string of a definition: what one file keeps to itself carries the file in its descriptor. */
export function scipSymbol(d: ScipDefinition): string {
  const suffix = d.kind === 'function' || d.kind === 'tracepoint' ? '().' : d.kind === 'macro' ? '!' : d.kind === 'struct' || d.kind === 'union' || d.kind === 'enum' || d.kind === 'typedef' ? '#' : '.';
  const scope = d.local ? `\`${d.path}\`/` : '';
  return `skbwalk c linux . ${scope}${d.name}${suffix}`;
}

/** The index, a piece at a time: first its metadata, then a document a file, in order of path. */
export function* scipChunks(source: ScipSource): Generator<Uint8Array> {
  yield new Message().bytes(1, metadata(source.root)).build();
  for (const path of [...source.paths()].sort()) yield new Message().bytes(2, document(source, path)).build();
}

function metadata(root: string): Buffer {
  const tool = new Message().text(1, 'skbwalk').text(2, '0.1.0').build();
  return new Message().bytes(2, tool).text(3, `file://${root}`).number(4, UTF8_OFFSETS).build();
}

function document(source: ScipSource, path: string): Buffer {
  const m = new Message().text(1, path).text(4, 'C');
  const seen = new Set<string>();
  for (const d of source.definitions(path)) {
    const symbol = scipSymbol(d);
    m.bytes(2, occurrence(d.line, d.column, d.name.length, symbol, ROLE_DEFINITION));
    if (!seen.has(symbol)) m.bytes(3, new Message().text(1, symbol).text(6, d.name).build());
    seen.add(symbol);
  }
  for (const u of source.uses(path)) m.bytes(2, occurrence(u.line, u.column, u.length, scipSymbol(u.target), 0));
  return m.build();
}

function occurrence(line: number, column: number, length: number, symbol: string, role: number): Buffer {
  return new Message().packed(1, [line - 1, column - 1, column - 1 + length]).text(2, symbol).number(3, role).build();
}
