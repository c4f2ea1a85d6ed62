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

/** Reads a section header; null when the line is none. */
export function sectionOf(line: string): Section | null {
  const m = SECTION.exec(line);
  return m ? { host: m[1] ?? '', cpu: Number(m[2]) } : null;
}

/** A time in seconds with 6 or 9 decimals to ns, without losing digits. */
function nanoseconds(text: string): number {
  const [whole, rest] = text.split('.');
  return Number(whole) * 1e9 + Number(rest.padEnd(9, '0').slice(0, 9));
}

function calls(text: string): Pick<Row, 'kind' | 'name' | 'indent'> | null {
  const body = text.trimStart(), indent = text.length - body.length, call = CALL.exec(body);
  if (call) return { kind: call[2] === ';' ? 'leaf' : 'open', name: call[1].replace(SUFFIX, ''), indent };
  const close = CLOSE.exec(body);
  return close ? { kind: 'close', name: (close[1] ?? '').replace(SUFFIX, ''), indent } : null;
}

function reported(m: RegExpExecArray): Row | null {
  const body = calls(m[7]), duration = DURATION.exec(m[6]);
  return body && { ...body, cpu: Number(m[3]), task: { comm: m[1].trim(), pid: Number(m[2]) }, time: nanoseconds(m[4]), duration: duration ? Number(duration[1]) * US : NaN };
}

function columns(line: string): Row | null {
  let rest = line, cpu = -1, time = NaN, task: TaskName | null = null, duration = NaN;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const m = pattern.exec(rest);
    if (m) rest = rest.slice(m[0].length);
    return m;
  };
  const stamp = take(/^\s*(\d+\.\d{6,9})\s*\|/);
  if (stamp) time = nanoseconds(stamp[1]);
  const processor = take(/^\s*(\d+)\)/);
  if (processor) cpu = Number(processor[1]);
  const who = take(/^\s*([^\s|][^|]*?)-(\d+)\s*\|/);
  if (who) task = { comm: who[1], pid: Number(who[2]) };
  take(/^\s*[dDbnNphHsSzZ.\d#]{4,6}\s*\|/);
  const arrow = /^\s*(==========>|<==========)\s*\|/.exec(rest);
  if (arrow) return { kind: arrow[1] === '==========>' ? 'begin' : 'end', name: '', cpu, task, time, duration, indent: 0 };
  const bar = rest.indexOf('|');
  if (bar >= 0) {
    const spent = DURATION.exec(rest.slice(0, bar));
    if (spent) duration = Number(spent[1]) * US;
    else if (rest.slice(0, bar).trim() !== '') return null;
    rest = rest.slice(bar + 1);
  } else if (!stamp && !processor) return null;
  const body = calls(rest);
  return body && { ...body, cpu, task, time, duration };
}

/** Reads a row; null when the line is none (a comment, another event, something broken). */
export function rowOf(line: string): Row | null {
  const report = REPORT.exec(line);
  if (report) return reported(report);
  const other = SWITCH.exec(line);
  if (other) return { kind: 'switch', name: '', cpu: Number(other[1]), task: { comm: other[4].trim(), pid: Number(other[5]) }, time: NaN, duration: NaN, indent: 0 };
  return columns(line);
}
