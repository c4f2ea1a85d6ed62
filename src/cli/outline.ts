/** `skbwalk outline DIR`: writes the built-in outline of 3.10.108 under DIR and prints its folder. */
import { materialise } from '../source/outline/materialise';
import { readOutline } from '../source/open';
import { complain, EXIT, guarded, processIo } from './args';

/** `skbwalk outline`: writes the built-in outline as files into a folder. Gives the exit code. */
export function outlineCommand(argv: string[], io = processIo()): Promise<number> {
  return guarded('outline', argv, io, (args) => {
    const outline = readOutline(io.assets);
    if (!outline.ok) return complain(outline.error, io);
    const tree = materialise(outline.value, args.words[0]);
    if (!tree.ok) return complain(tree.error, io);
    io.out(`${tree.value.root}\n`);
    return EXIT.FINE;
  });
}
