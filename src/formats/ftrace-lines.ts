/** Rows of ftrace's function_graph output, as the `trace` file prints them (with whichever columns were on) and as `trace-cmd report` does. */

export interface TaskName { readonly comm: string; readonly pid: number }

export interface Row {
  /** `begin`, `end`: the arrows around a hard interrupt. `switch`: another task runs on this CPU from here on. */
  readonly kind: 'open' | 'leaf' | 'close' | 'begin' | 'end' | 'switch';
  /** Function; empty for a brace without a comment and for arrows. */
  readonly name: string;
  /** -1 when there is no such column. */
  readonly cpu: number;
  readonly task: TaskName | null;
  /** ns; NaN when there is no such column. */
  readonly time: number;
  /** ns; NaN when the row has none. */
  readonly duration: number;
  /** Column of the text within the calls column. */
  readonly indent: number;
}

/** A header that says whose rows follow: `###### CPU 0 ######`, with a host's name before it in our own files. */
export interface Section { readonly host: string; readonly cpu: number }

const US = 1000;
const SECTION = /^#+\s*(?:(\S+)\s+)?CPU (\d+)\s*#+\s*$/;
const SWITCH = /^\s*(?:\d+\.\d+\s*\|\s*)?(\d+)\)\s+(.+?)-(\d+)\s*=>\s*(.+?)-(\d+)\s*$/;
const DURATION = /^\s*[!+#*@$]?\s*([\d.]+)\s*us\s*$/;
const REPORT = /^\s*(.+?)-(\d+)\s+\[(\d+)\]\s+(?:[\w.#]{4,6}\s+)?(\d+\.\d+):\s+funcgraph_(entry|exit):([^|]*)\|(.*)$/;
/** `name() {`, `name [module]();`, with arguments or a return value in newer kernels. */
const CALL = /^([A-Za-z_$][\w$.]*)(?:\s+\[[\w-]+\])?\s*\(.*?\)\s*(;|\{)/;
const CLOSE = /^\}(?:\s*\/\*\s*([A-Za-z_$][\w$.]*))?/;
/** What compilers append to the names of the copies they make. */
const SUFFIX = /\.(isra|constprop|part|cold|llvm)\b.*$/;

/** A name without what the compiler appended. */
const plain = (name: string): string => (name.includes('.') ? name.replace(SUFFIX, '') : name);

/** Reads a section header; null when the line is none. */
export function sectionOf(line: string): Section | null {
  const m = SECTION.exec(line);
  return m ? { host: m[1] ?? '', cpu: Number(m[2]) } : null;
}

/** A time in seconds with 6 or 9 decimals to ns, without losing digits. */
function nanoseconds(text: string): number {
  const dot = text.indexOf('.'), rest = text.slice(dot + 1, dot + 10);
  return Number(text.slice(0, dot)) * 1e9 + Number(rest) * 10 ** (9 - rest.length);
}

function calls(text: string): Pick<Row, 'kind' | 'name' | 'indent'> | null {
  const body = text.trimStart(), indent = text.length - body.length, call = CALL.exec(body);
  if (call) return { kind: call[2] === ';' ? 'leaf' : 'open', name: plain(call[1]), indent };
  const close = CLOSE.exec(body);
  return close ? { kind: 'close', name: plain(close[1] ?? ''), indent } : null;
}

function reported(m: RegExpExecArray): Row | null {
  const body = calls(m[7]), duration = DURATION.exec(m[6]);
  return body && { ...body, cpu: Number(m[3]), task: { comm: m[1].trim(), pid: Number(m[2]) }, time: nanoseconds(m[4]), duration: duration ? Number(duration[1]) * US : NaN };
}

/** Time, CPU, task and latency flags, each if it was on. */
const BEFORE = /^(?:\s*(\d+\.\d{6,9})\s*\|)?(?:\s*(\d+)\))?(?:\s*([^\s|][^|]*?)-(\d+)\s*\|)?(?:\s*[dDbnNphHsSzZ.\d#]{4,6}\s*\|)?/;

function columns(line: string): Row | null {
  const before = BEFORE.exec(line)!, bar = line.indexOf('|', before[0].length);
  const cpu = before[2] === undefined ? -1 : Number(before[2]), time = before[1] === undefined ? NaN : nanoseconds(before[1]), task = before[3] === undefined ? null : { comm: before[3], pid: Number(before[4]) };
  if (bar < 0 && before[1] === undefined && before[2] === undefined) return null;
  const spent = bar >= 0 ? line.slice(before[0].length, bar) : '', middle = spent.trim();
  if (middle === '==========>' || middle === '<==========') return { kind: middle === '==========>' ? 'begin' : 'end', name: '', cpu, task, time, duration: NaN, indent: 0 };
  const duration = middle === '' ? null : DURATION.exec(spent);
  if (middle !== '' && !duration) return null;
  const body = calls(line.slice(bar >= 0 ? bar + 1 : before[0].length));
  return body && { kind: body.kind, name: body.name, indent: body.indent, cpu, task, time, duration: duration ? Number(duration[1]) * US : NaN };
}

/** Reads a row; null when the line is none (a comment, another event, something broken). */
export function rowOf(line: string): Row | null {
  const report = line.includes('funcgraph_') ? REPORT.exec(line) : null;
  if (report) return reported(report);
  const other = line.includes('=>') ? SWITCH.exec(line) : null;
  if (other) return { kind: 'switch', name: '', cpu: Number(other[1]), task: { comm: other[4].trim(), pid: Number(other[5]) }, time: NaN, duration: NaN, indent: 0 };
  return columns(line);
}
