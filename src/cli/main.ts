/** The `skbwalk` command: parse, call, print. Data on stdout, messages on stderr; exit 0 fine, 1 nothing found or a check failed, 2 wrong usage or bad input. */
const USAGE = `usage: skbwalk COMMAND ...
  scenarios [--json]
  trace ID|FILE.json|RECORDED.txt [--host H] [--all] [--kernel DIR] [--format F] [-o FILE]
  resolve [--kernel DIR] [--scenario ID] [--json]
  outline DIR
  index DIR [--stats] [--json] [--no-cache] [--format scip -o FILE]
  def|refs|callers|callees|impl WHAT --kernel DIR [--json]      WHAT: a symbol, or FILE:LINE:COL
  path FROM TO --kernel DIR [--json]
`;

/** A command gets its arguments and gives the exit code. */
export type Command = (argv: string[]) => number | Promise<number>;

// The two halves are bundles of their own (tools/build.mjs), read when a command of theirs is given.
const emulation = (name: 'scenarios' | 'trace' | 'resolve' | 'outline'): Command => async (argv) => (await import('./emulation'))[name](argv);
const navigation = (name: string): Command => async (argv) => (await import('./nav')).NAV_COMMANDS[name](argv);

const commands: Record<string, Command> = {
  ...Object.fromEntries((['scenarios', 'trace', 'resolve', 'outline'] as const).map((name) => [name, emulation(name)])),
  ...Object.fromEntries(['index', 'def', 'refs', 'callers', 'callees', 'impl', 'path', 'symbols'].map((name) => [name, navigation(name)])),
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
