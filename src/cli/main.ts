/** The `skbwalk` command: parse, call, print. Data on stdout, messages on stderr; exit 0 fine, 1 nothing found or a check failed, 2 wrong usage or bad input. */
import { HELP, overview } from './help';
import { translator } from './words';

/** Of package.json, put in by the build. */
declare const SKBWALK_VERSION: string;

/** A command gets its arguments and gives the exit code. */
export type Command = (argv: string[]) => number | Promise<number>;

// Its parts are bundles of their own (tools/build.mjs), read when a command of theirs is given.
const emulation = (name: 'scenarios' | 'trace' | 'resolve' | 'outline'): Command => async (argv) => (await import('./emulation'))[name](argv);
// Only who changes an object needs to get at them, which makes runs slower.
const trace: Command = async (argv) => (argv.some((word) => /^--change(=|$)/.test(word)) ? (await import('./objects')).trace(argv) : emulation('trace')(argv));
const navigation = (name: string): Command => async (argv) => (await import('./nav')).NAV_COMMANDS[name](argv);

const commands: Record<string, Command> = {
  ...Object.fromEntries((['scenarios', 'resolve', 'outline'] as const).map((name) => [name, emulation(name)])), trace,
  ...Object.fromEntries(['index', 'def', 'refs', 'callers', 'callees', 'impl', 'path', 'symbols'].map((name) => [name, navigation(name)])),
};
const t = translator(process.env);

async function main(): Promise<number> {
  const [name, ...rest] = process.argv.slice(2);
  if (name === '--help' || name === '-h' || name === 'help') {
    if (rest.length && Object.hasOwn(HELP, rest[0])) return commands[rest[0]](['--help']);
    process.stdout.write(overview(t));
    return 0;
  }
  if (name === '--version') { process.stdout.write(`${SKBWALK_VERSION}\n`); return 0; }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    process.stderr.write(name === undefined ? overview(t) : `skbwalk: ${t('there is no command "{0}". "skbwalk --help" lists them.', name)}\n`);
    return 2;
  }
  return command(rest);
}

// A reader that goes away early (`| head`) is no failure of ours; a full disk is the user's to know of.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`skbwalk: ${t('the output cannot be written ({0})', error.code ?? error.message)}\n`);
  process.exit(2);
});
// Without stderr there is nobody to tell.
process.stderr.on('error', () => undefined);
main().then((code) => { process.exitCode = code; }, (error: Error) => {
  process.stderr.write(`skbwalk: ${t('this is a mistake of skbwalk itself: {0}', error.stack ?? error.message)}\n${t('Please report it with the command you ran.')}\n`);
  process.exitCode = 2;
});
