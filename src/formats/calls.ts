/** Calls while a recording is read, in columns: an object a call would take five times as much. */

/** A column of numbers that grows by half. */
class Column<A extends Int32Array | Uint16Array | Uint8Array | Float64Array> {
  constructor(private array: A, private readonly longer: (length: number) => A) {}

  at(i: number): number { return this.array[i]; }

  set(i: number, value: number): void {
    if (i >= this.array.length) {
      const array = this.longer(Math.ceil(this.array.length * 1.5));
      array.set(this.array);
      this.array = array;
    }
    this.array[i] = value;
  }
}

const FIRST = 1 << 14;
const int32 = (): Column<Int32Array> => new Column(new Int32Array(FIRST), (n) => new Int32Array(n));
const uint16 = (): Column<Uint16Array> => new Column(new Uint16Array(FIRST), (n) => new Uint16Array(n));
const uint8 = (): Column<Uint8Array> => new Column(new Uint8Array(FIRST), (n) => new Uint8Array(n));
const float64 = (): Column<Float64Array> => new Column(new Float64Array(FIRST), (n) => new Float64Array(n));

/** `numbers` in the order of `time` and then of `row`; as they are when they are in that order already, as those of one section are. */
function sorted(numbers: Int32Array, time: (i: number) => number, row: (i: number) => number): Int32Array {
  const order = (a: number, b: number): number => time(a) - time(b) || row(a) - row(b);
  for (let k = 1; k < numbers.length; k++) if (order(numbers[k - 1], numbers[k]) > 0) return numbers.sort(order);
  return numbers;
}

/** Calls as they were read: columns of the later frame table, and when each began and ended in the order of rows. Times in ns. */
export class Calls {
  count = 0;
  readonly name = int32();
  readonly host = uint8();
  readonly cpu = uint8();
  readonly task = int32();
  readonly context = uint8();
  /** The calling call, -1 when there is none. */
  readonly parent = int32();
  /** The call that an interrupt came into, -1 when it is none. */
  readonly inside = int32();
  readonly indent = uint16();
  readonly enter = float64();
  /** NaN while it has not ended. */
  readonly leave = float64();
  private readonly enterRow = int32();
  private readonly leaveClock = float64();
  private readonly leaveRow = int32();
  private readonly ended = int32();
  private endedCount = 0;

  /** Adds a call that begins at `enter` in row `row`; gives its number. */
  add(name: number, host: number, cpu: number, task: number, context: number, parent: number, inside: number, indent: number, enter: number, row: number): number {
    const i = this.count++;
    this.name.set(i, name);
    this.host.set(i, host);
    this.cpu.set(i, cpu);
    this.task.set(i, task);
    this.context.set(i, context);
    this.parent.set(i, parent);
    this.inside.set(i, inside);
    this.indent.set(i, indent);
    this.enter.set(i, enter);
    this.leave.set(i, NaN);
    this.enterRow.set(i, row);
    this.leaveClock.set(i, Infinity);
    this.leaveRow.set(i, -1);
    return i;
  }

  /** The call ended at `leave`, in row `row`, when its CPU's clock was at `clock`. */
  left(i: number, leave: number, clock: number, row: number): void {
    this.leave.set(i, leave);
    this.leaveClock.set(i, clock);
    this.leaveRow.set(i, row);
    this.ended.set(this.endedCount++, i);
  }

  /** The stamp of the row that closed the call; NaN when one row tells its begin and its end, or when it has not ended. */
  closedAt(i: number): number {
    return this.leaveRow.at(i) > this.enterRow.at(i) + 1 ? this.leaveClock.at(i) : NaN;
  }

  /** All calls in the order in which they began. */
  inOrder(): Int32Array {
    return sorted(Int32Array.from({ length: this.count }, (_, i) => i), (i) => this.enter.at(i), (i) => this.enterRow.at(i));
  }

  /** Those that ended, in the order in which they did. */
  inOrderOfLeaving(): Int32Array {
    return sorted(Int32Array.from({ length: this.endedCount }, (_, i) => this.ended.at(i)), (i) => this.leaveClock.at(i), (i) => this.leaveRow.at(i));
  }

  /** Had call `a` ended when call `b` began? */
  leftBefore(a: number, b: number): boolean {
    const clock = this.leaveClock.at(a), began = this.enter.at(b);
    return clock < began || clock === began && this.leaveRow.at(a) < this.enterRow.at(b);
  }
}
