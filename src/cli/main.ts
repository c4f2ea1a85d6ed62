/** The `skbwalk` command: parse, call, print. Data on stdout, messages on stderr; exit 0 fine, 1 nothing found or a check failed, 2 wrong usage or bad input. */
import { resolveCommand } from './resolve';
import { outlineCommand } from './outline';
import { scenariosCommand, traceCommand } from './trace';
import { NAV_COMMANDS } from './nav';

const USAGE = `usage: skbwalk COMMAND ...
  scenarios [--json]
  trace ID|FILE.json [--host H] [--all] [--kernel DIR] [--format F] [-o FILE]
  resolve [--kernel DIR] [--scenario ID] [--json]
  outline DIR
  index DIR [--stats] [--json] [--no-cache] [--format scip -o FILE]
  def|refs|callers|callees|impl WHAT --kernel DIR [--json]      WHAT: a symbol, or FILE:LINE:COL
  path FROM TO --kernel DIR [--json]
`;

/** A command gets its arguments and gives the exit code. */
export type Command = (argv: string[]) => number | Promise<number>;

const commands: Record<string, Command> = { scenarios: scenariosCommand, trace: traceCommand, resolve: resolveCommand, outline: outlineCommand,
  ...Object.fromEntries(Object.entries(NAV_COMMANDS).map(([name, run]) => [name, (argv: string[]) => run(argv)])),
};

async function main(): Promise<number> {
  const [name, ...rest] = process.argv.slice(2);
  if (name === '--help' || name === '-h' || name === 'help') { process.stdout.write(USAGE); return 0; }
  const command = name === undefined ? undefined : Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    process.stderr.write(name === undefined ? USAGE : `skbwalk: there is no command "${name}"\n${USAGE}`);
    return 2;
  }
  return command(rest);
}

// A reader that goes away early (`| head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'EPIPE') process.exit(0); throw error; });
main().then((code) => { process.exitCode = code; }, (error: Error) => {
  process.stderr.write(`skbwalk: internal error: ${error.stack ?? error.message}\nPlease report this with the command you ran.\n`);
  process.exitCode = 2;
});
