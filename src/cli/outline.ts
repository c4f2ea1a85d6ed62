/** `skbwalk outline DIR`: writes the built-in outline of 3.10.108 under DIR and prints its folder. */
import { materialise } from '../source/outline/materialise';
import { readOutline } from '../source/open';
import { complain, parse } from './args';

/** `skbwalk outline`: writes the built-in outline as files into a folder. Gives the exit code. */
export function outlineCommand(argv: string[]): number {
  const args = parse(argv, {}, 'outline DIR');
  if (!args) return 2;
  if (args.positionals.length !== 1) { process.stderr.write('usage: skbwalk outline DIR\n'); return 2; }
  const outline = readOutline(__dirname);
  if (!outline.ok) return complain(outline.error);
  const tree = materialise(outline.value, args.positionals[0]);
  if (!tree.ok) return complain(tree.error);
  process.stdout.write(tree.value.root + '\n');
  return 0;
}
