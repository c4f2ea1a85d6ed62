/** The tree-sitter parser behind a face that gives problems instead of exceptions. Works in the main thread and in workers. */
import type Parser from 'tree-sitter';
import { fail, ok, type Result } from '../../base/result';
import { MAX_SOURCE_BYTES } from '../tree';
import { rewriteForParser } from './rewrite';

/** A parse is given up after this long; the largest kernel files take a second. */
const PARSE_LIMIT_MICROS = 5_000_000;

/** A syntax tree and the texts it belongs to. Offsets into `original` and `rewritten` are the same. */
export interface Syntax {
  readonly tree: Parser.Tree;
  readonly original: string;
  /** What the parser saw. Read names from `original`: some are blanks or stand-ins here. */
  readonly rewritten: string;
}

let parser: Parser | null = null;

function createParser(): Parser {
  // Loaded on first use: everything but the syntax tree works without the native module.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const Native = require('tree-sitter') as typeof Parser;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const grammar = require('tree-sitter-c') as Parser.Language;
  const made = new Native();
  made.setLanguage(grammar);
  made.setTimeoutMicros(PARSE_LIMIT_MICROS);
  return made;
}

/** The parser of this thread, loading the native module on first use. A module that cannot load is a problem, each time. */
function theParser(): Result<Parser> {
  if (parser) return ok(parser);
  try {
    return ok(parser = createParser());
  } catch (error) {
    const why = (error as Error).message.split('\n')[0];
    return fail('parser-not-loaded', `The C parser (tree-sitter) cannot be loaded for ${process.platform}-${process.arch} on Node ${process.versions.node}: ${why}. Reinstall skbwalk for this platform; tracing and line resolution work without it.`);
  }
}

/** Rewrites and parses C text (decode files as latin1). Too large, binary or unparsable text is a problem; bad C is not. */
export function parse(text: string): Result<Syntax> {
  if (text.length > MAX_SOURCE_BYTES) return fail('file-too-large', `The text has ${(text.length / 1048576).toFixed(0)} MB; texts above ${MAX_SOURCE_BYTES / 1048576} MB are not parsed. Open a smaller file.`);
  if (text.slice(0, 8192).includes('\0')) return fail('file-binary', 'This is a binary file, not C source. Open a source file instead.');
  const native = theParser();
  if (!native.ok) return native;
  const rewritten = rewriteForParser(text);
  try {
    const tree = native.value.parse(rewritten, null, { bufferSize: Math.max(32 * 1024, rewritten.length + 1) }) as Parser.Tree | null;
    if (tree) return ok({ tree, original: text, rewritten });
    native.value.reset();
    return fail('parse-timeout', `The file took longer than ${PARSE_LIMIT_MICROS / 1_000_000} s to parse and was given up. Close it, or exclude it from the index.`);
  } catch (error) {
    native.value.reset();
    return fail('parse-failed', `The C parser gave up on this text (${(error as Error).message}). Please report the file.`);
  }
}

/** Frees a tree where the binding can; else the garbage collector does. */
export function release(syntax: Syntax): void {
  const tree = syntax.tree as Parser.Tree & { delete?: () => void };
  tree.delete?.();
}
