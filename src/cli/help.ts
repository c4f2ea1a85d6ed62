/** What each command takes: its words, its options, and what `--help` says of them. Reading the command line and explaining it use the same table. */
import type { Translate } from '../debug/labels';

/** An option as it is shown: `--host H` takes a value, `--all` none, `-o, --output FILE` has two names. */
export type Option = readonly [flag: string, what: string];

/** A command. `words`: the arguments that are no options, by the names they are shown with. */
export interface Help { readonly words: readonly string[]; readonly about: string; readonly options: readonly Option[] }

const KERNEL: Option = ['--kernel DIR', 'the kernel tree; SKBWALK_KERNEL when not given, else the built-in outline of 3.10.108'];
const TREE: Option = ['--kernel DIR', 'the kernel tree; SKBWALK_KERNEL when not given'];
const JSON_ROWS: Option = ['--json', 'one JSON text instead of lines'];
const INDEXING: readonly Option[] = [
  ['--only FOLDERS', 'read these folders only, separated by commas'], ['--no-cache', 'neither read nor save the index'], ['--clear-cache', 'delete the saved index first'],
  ['--cache DIR', 'where indexes are saved; SKBWALK_CACHE when not given'], ['--threads N', 'how many threads read the tree'], ['--quiet', 'no progress'],
];
const asks = (about: string, words: readonly string[], ...options: readonly Option[]): Help => ({ words, about, options: [TREE, JSON_ROWS, ...options, ...INDEXING] });

export const HELP: Readonly<Record<string, Help>> = {
  scenarios: { words: [], about: 'Lists what can be traced.', options: [JSON_ROWS] },
  trace: {
    words: ['ID|FILE.json|RECORDED.txt[.gz]'], about: 'Runs a scenario, or reads a function_graph recording, and writes it in a format.', options: [
      ['--host H', 'only this host'], ['--all', 'from the start of the machines, not only the traced window'],
      ['--change CHANGES', 'what if: "STEP: FIELD = VALUE" or "STEP: lose PACKET", several with ; between them'], KERNEL, ['--format F', 'one of: {0}; text when not given'], ['-o, --output FILE', 'write there instead of to stdout'],
    ],
  },
  resolve: { words: [], about: 'Says where every place that the scenarios pass stands in a tree. Exit code 1 when one is not exact.', options: [KERNEL, ['--scenario ID|FILE.json', 'only this scenario'], JSON_ROWS] },
  outline: { words: ['DIR'], about: 'Writes the built-in outline of 3.10.108 into a folder, as files, and prints its path.', options: [] },
  index: {
    words: ['DIR'], about: 'Reads a kernel tree and saves its index, which the commands below ask.',
    options: [['--stats', 'more figures'], ['--json', 'the figures as JSON'], ['--format scip', 'also write the index as SCIP, to -o FILE'], ['-o, --output FILE', 'where --format writes'], ...INDEXING],
  },
  def: asks('Where something is defined.', ['WHAT']),
  refs: asks('Where something is mentioned.', ['WHAT']),
  callers: asks('What calls a function, also through pointers.', ['WHAT']),
  callees: asks('What a function calls, also through pointers.', ['WHAT']),
  impl: asks('What a function pointer can call: of a member (proto.sendmsg), or at a call through one.', ['WHAT']),
  path: asks('How one function reaches another: the chain of calls.', ['FROM', 'TO'], ['--chains N', 'up to N chains, numbered']),
  symbols: asks('Names that hold these letters in their order, best first.', ['TEXT'], ['--limit N', 'at most N of them; 50 when not given']),
};

const REST = [
  'usage: skbwalk {0}', 'Steps packets through a model of the Linux 3.10.108 network stack, and asks a kernel tree who calls whom.', 'Commands:', 'Options:', 'Show this help.', 'Show the version.',
  'WHAT is a symbol, or a place: FILE:LINE:COLUMN, counted from 1, the file from the root of the tree.', '"skbwalk COMMAND --help" explains a command.',
  'Exit codes: 0 fine, 1 nothing found or a check failed, 2 wrong usage or bad input.',
] as const;

/** Everything that is said here, in English, for the translations. */
export const HELP_WORDS: readonly string[] = [...new Set([...REST, ...Object.values(HELP).flatMap(({ about, options }) => [about, ...options.map(([, what]) => what)])])];

/** The names of an option: `o` and `output` of `-o, --output FILE`; `value` is what it takes, '' when nothing. */
export function readFlag(flag: string): { readonly names: readonly string[]; readonly value: string } {
  const m = /^((?:-{1,2}[\w-]+(?:, )?)+)(?: (.+))?$/.exec(flag);
  return { names: (m?.[1] ?? '').split(', ').map((name) => name.replace(/^-+/, '')), value: m?.[2] ?? '' };
}

/** `usage: skbwalk trace ID ... [options]` */
export function usageOf(command: string, t: Translate): string {
  const { words, options } = HELP[command];
  return `${t(REST[0], [command, ...words, ...options.filter((option) => !INDEXING.includes(option)).map(([flag]) => `[${flag.replace(/^-o, --output/, '-o')}]`)].join(' '))}\n`;
}

const rows = (of: readonly Option[]): string => {
  const width = Math.max(...of.map(([flag]) => flag.length)) + 2;
  return of.map(([flag, what]) => `  ${flag.padEnd(width)}${what}\n`).join('');
};

/** What `skbwalk COMMAND --help` prints; `formats` are the exporters' names. */
export function helpOf(command: string, t: Translate, formats: string): string {
  const { words, about, options } = HELP[command], end: Option = ['-h, --help', t(REST[4])];
  const what = words.some((word) => ['WHAT', 'FROM'].includes(word)) ? `${t(REST[6])}\n` : '';
  return `${usageOf(command, t)}\n${t(about)}\n${what}\n${t(REST[3])}\n${rows([...options.map(([flag, said]): Option => [flag, t(said, formats)]), end])}`;
}

/** What `skbwalk --help` prints. */
export function overview(t: Translate): string {
  const commands = Object.entries(HELP).map(([name, { words, about }]): Option => [[name, ...words].join(' ').replace('ID|FILE.json|RECORDED.txt[.gz]', 'ID|FILE'), t(about)]);
  return `${t(REST[0], 'COMMAND ...')}\n\n${t(REST[1])}\n\n${t(REST[2])}\n${rows(commands)}\n${t(REST[3])}\n${rows([['-h, --help', t(REST[4])], ['--version', t(REST[5])]])}\n${t(REST[6])}\n${t(REST[7])}\n${t(REST[8])}\n`;
}
