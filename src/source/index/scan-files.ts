/** Scans a list of files into segments: what a worker does, and the main thread when there are no workers. */
import type { Problem } from '../../base/result';
import { FactSink } from './facts';
import { isProblem, Reader } from './reader';
import { Scanner } from './scanner';
import { type FileStamp, sealSegment, type SegmentData } from './segment';
import type { StringTable } from './strings';

/** Bytes of source after which a segment is closed: results show up early, and memory stays even. */
const SEGMENT_BYTES = 12 << 20;

/** Where the next files come from. */
export interface Source {
  readonly root: string;
  readonly files: readonly FileStamp[];
  /** Takes the next range of files, or null at the end or when cancelled. */
  next(): { from: number; to: number } | null;
}

/** Scans until the source is empty. `emit` gets each finished segment. A pause can be awaited between ranges. */
export class FileScanner {
  private sink: FactSink;
  private scanner: Scanner;
  private stamps: FileStamp[] = [];
  private bytes = 0;
  private readonly reader = new Reader();
  readonly problems: Problem[] = [];

  constructor(private readonly source: Source, private readonly strings: StringTable, private readonly expectBytes: number, private readonly emit: (segment: SegmentData) => void) {
    this.sink = new FactSink(strings, Math.min(expectBytes, SEGMENT_BYTES));
    this.scanner = new Scanner(this.sink);
  }

  /** Scans one range; false when there is none left. */
  step(): boolean {
    const range = this.source.next();
    if (range === null) return false;
    for (let k = range.from; k < range.to; k++) this.file(this.source.files[k]);
    if (this.bytes >= SEGMENT_BYTES) this.flush();
    return true;
  }

  /** Closes the last segment. */
  finish(): void {
    if (this.stamps.length > 0) this.flush();
  }

  private file(stamp: FileStamp): void {
    const loaded = this.reader.read(this.source.root, stamp.path);
    if (isProblem(loaded)) { this.problems.push(loaded); return; }
    const farmed = this.scanner.scan(loaded.source, loaded.length);
    this.stamps.push({ path: stamp.path, mtime: loaded.mtime, size: loaded.size, farmed, wide: loaded.wide });
    this.bytes += loaded.length;
  }

  private flush(): void {
    this.emit(sealSegment(this.sink, this.stamps, this.strings.count));
    this.stamps = [];
    this.bytes = 0;
    this.sink.reset();
  }
}
