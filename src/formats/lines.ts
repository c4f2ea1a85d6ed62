/** `--format lines`: one step a row, path TAB line TAB function, in order. Steps of the machine itself, and steps whose line is not exact, have no row. */
import { anchorOfStep, type Trace } from '../trace/model';
import { pieces, wanted, type Exporter, type ExportOptions } from './format';

/** The body of a SYSCALL_DEFINEn is a function SYSC_x to the compiler, and so in recordings of lines; sys_recv is an ordinary function. */
function bodyName(name: string): string { return name.startsWith('sys_') && name !== 'sys_recv' ? 'SYSC_' + name.slice(4) : name; }

function* text(trace: Trace, options: ExportOptions): Generator<string> {
  const known = new Map<number, string>();
  for (let s = 0; s < trace.steps.count; s++) {
    const frame = trace.steps.frame[s];
    if (!wanted(trace, frame, options)) continue;
    const site = trace.steps.site[s], key = site >= 0 ? site : -1 - trace.frames.fn[frame];
    let row = known.get(key);
    if (row === undefined) {
      const anchor = anchorOfStep(trace, s);
      const found = anchor ? (anchor.kind === 'entry' ? options.entryLine ?? options.line : options.line)(anchor) : null;
      row = anchor && found && found.status === 'exact' ? `${anchor.path}\t${found.line}\t${bodyName(anchor.function)}\n` : '';
      known.set(key, row);
    }
    yield row;
  }
}

export const linesFormat: Exporter = {
  id: 'lines', title: 'Source lines in order', extension: 'tsv',
  export: (trace, options) => pieces(text(trace, options)),
};
