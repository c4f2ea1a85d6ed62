/** Reads files for the scanner into one reused buffer that ends in a zero byte. */
import { isAscii } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Problem } from '../../base/result';

/** Larger files are no kernel source; they are named in the problems. */
export const MAX_FILE_BYTES = 32 << 20;
const MAX_LINES = (1 << 20) - 1;
const BINARY_PROBE = 4096;

/** A file in memory. The buffer is valid until the next read. */
export interface Loaded {
  readonly source: Buffer;
  readonly length: number;
  readonly mtime: number;
  readonly size: number;
  /** Has it bytes beyond ASCII? */
  readonly wide: boolean;
}

/** One reused buffer: what `read` and `load` give is valid until the next of them. */
export class Reader {
  private buffer = Buffer.alloc(1 << 18);

  /** Reads `root/relative`; a problem when it cannot be used. */
  read(root: string, relative: string): Loaded | Problem {
    let fd: number;
    try {
      fd = openSync(`${root}/${relative}`, 'r');
    } catch (e) {
      return unreadable(relative, e);
    }
    try {
      const stat = fstatSync(fd);
      if (stat.size > MAX_FILE_BYTES) return problem('too-large', `${relative} is larger than ${MAX_FILE_BYTES >> 20} MiB and is left out of the index.`, relative);
      if (this.buffer.length < stat.size + 16) this.buffer = Buffer.alloc(Math.ceil((stat.size + 16) * 1.5));
      let length = 0;
      while (length < stat.size) {
        const n = readSync(fd, this.buffer, length, stat.size - length, null);
        if (n === 0) break; // the file became shorter meanwhile
        length += n;
      }
      this.buffer.fill(0, length, length + 16);
      return usable(this.buffer, length, relative) ?? { source: this.buffer, length, mtime: stat.mtimeMs, size: stat.size, wide: !isAscii(this.buffer.subarray(0, length)) };
    } catch (e) {
      return unreadable(relative, e);
    } finally {
      closeSync(fd);
    }
  }

  /** Puts a text that is in memory (an open editor) into the buffer. */
  load(text: string, relative: string, stamp: { mtime: number; size: number }): Loaded | Problem {
    const bytes = Buffer.from(text, 'utf8');
    if (bytes.length > MAX_FILE_BYTES) return problem('too-large', `${relative} is larger than ${MAX_FILE_BYTES >> 20} MiB and is left out of the index.`, relative);
    if (this.buffer.length < bytes.length + 16) this.buffer = Buffer.alloc(bytes.length + 4096);
    bytes.copy(this.buffer);
    this.buffer.fill(0, bytes.length, bytes.length + 16);
    return usable(this.buffer, bytes.length, relative) ?? { source: this.buffer, length: bytes.length, mtime: stamp.mtime, size: stamp.size, wide: bytes.length !== text.length };
  }
}

/** Is this a problem rather than a file? */
export function isProblem(x: Loaded | Problem): x is Problem {
  return 'code' in x;
}

function usable(buffer: Buffer, length: number, relative: string): Problem | null {
  const zero = buffer.subarray(0, Math.min(length, BINARY_PROBE)).indexOf(0);
  if (zero >= 0) return problem('binary', `${relative} holds binary data and is left out of the index.`, relative);
  if (length > MAX_LINES) {
    let lines = 0;
    for (let at = buffer.indexOf(10); at >= 0 && at < length && lines <= MAX_LINES; at = buffer.indexOf(10, at + 1)) lines++;
    if (lines > MAX_LINES) return problem('too-large', `${relative} has more than ${MAX_LINES} lines and is left out of the index.`, relative);
  }
  return null;
}

/** `vanished` for a file that went away since the tree was listed: nobody misses it. */
function unreadable(relative: string, e: unknown): Problem {
  const code = (e as NodeJS.ErrnoException).code ?? 'error';
  return problem(code === 'ENOENT' || code === 'ENOTDIR' ? 'vanished' : 'unreadable', `${relative} cannot be read (${code}) and is left out of the index.`, relative);
}

function problem(code: string, message: string, where: string): Problem {
  return { code, message, where };
}
