/** What the traced window changed in a host's counter files: the difference of two readings, by name. */

/** By file, then by the counter's name; counters that did not change are left out. */
export type CounterChanges = Readonly<Record<string, Readonly<Record<string, number>>>>;
type Files = Readonly<Record<string, string>>;
type Numbers = Map<string, number>;

const SOFTNET = ['processed', 'dropped', 'time_squeeze', '', '', '', '', '', 'cpu_collision', 'received_rps'];
const NETDEV = ['rx bytes', 'rx packets', 'rx errs', 'rx drop', 'rx fifo', 'rx frame', 'rx compressed', 'rx multicast', 'tx bytes', 'tx packets', 'tx errs', 'tx drop', 'tx fifo', 'tx colls', 'tx carrier', 'tx compressed'];

/** Pairs of lines: names, then numbers, after the same title. */
function titled(lines: readonly string[]): Numbers {
  const found: Numbers = new Map();
  for (let i = 0; i + 1 < lines.length; i++) {
    const [title, ...names] = lines[i].split(' '), [again, ...values] = lines[i + 1].split(' ');
    if (title !== again || !/^-?\d/.test(values[0] ?? '') || /^-?\d/.test(names[0])) continue;
    names.forEach((name, k) => found.set(`${title.slice(0, -1)} ${name}`, Number(values[k])));
  }
  return found;
}

/** Rows of a name and one number per CPU. `nameOf` gives a row's name from what stands beside the numbers. */
function perCpu(lines: readonly string[], nameOf: (first: string, rest: string) => string): Numbers {
  const found: Numbers = new Map();
  for (const line of lines) {
    const match = /^\s*(\w+):((?:\s+\d+)+)\s*(.*)$/.exec(line);
    if (match) match[2].trim().split(/\s+/).forEach((value, cpu) => found.set(`${nameOf(match[1], match[3])} cpu${cpu}`, Number(value)));
  }
  return found;
}

const PARSERS: Readonly<Record<string, (lines: readonly string[]) => Numbers>> = {
  'proc/net/snmp': titled,
  'proc/net/netstat': titled,
  'proc/softirqs': (lines) => perCpu(lines, (first) => first),
  'proc/interrupts': (lines) => perCpu(lines, (_first, rest) => rest.split(/\s+/).pop()!),
  'proc/net/softnet_stat': (lines) => new Map(lines.flatMap((line, cpu) => line.split(' ').map((value, k) => [`${SOFTNET[k]} cpu${cpu}`, parseInt(value, 16)] as const).filter(([name]) => !name.startsWith(' ')))),
  'proc/net/dev': (lines) => new Map(lines.slice(2).flatMap((line) => { const [name, ...values] = line.trim().split(/[:\s]+/); return values.map((value, k) => [`${name} ${NETDEV[k]}`, Number(value)] as const); })),
  times: (lines) => new Map(lines.flatMap((line) => { const [cpu, ...rest] = line.split(' '); return [0, 2, 4].map((k) => [`${cpu} ${rest[k]}`, Number(rest[k + 1])] as const); })),
  copies: (lines) => new Map(lines.flatMap((line) => { const match = /^(.+?)\s+(\d+) times\s+(\d+) bytes$/.exec(line)!; return [[`${match[1]} times`, Number(match[2])], [`${match[1]} bytes`, Number(match[3])]] as const; })),
};

/** `after` less `before`, file by file. */
export function changesBetween(before: Files, after: Files): CounterChanges {
  const all: Record<string, Record<string, number>> = {};
  for (const [file, parse] of Object.entries(PARSERS)) {
    const lines = (text: string | undefined): string[] => (text ?? '').split('\n').filter((line) => line !== '');
    const was = parse(lines(before[file])), rows: Record<string, number> = {};
    for (const [name, value] of parse(lines(after[file]))) {
      const more = value - (was.get(name) ?? 0);
      if (more !== 0) rows[name] = file === 'times' ? Math.round(more * 1e6) / 1e6 : more;
    }
    if (Object.keys(rows).length) all[file] = rows;
  }
  return all;
}
