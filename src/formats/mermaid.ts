/** Mermaid sequence diagram: hosts as participants, the frames between them and the marks and system calls of their programs. */
import { resultText } from '../base/errno';
import type { Trace } from '../trace/model';
import type { Exporter, ExportOptions } from './format';
import { describeFrame } from './packet-text';

/** Mermaid reads `;` and `#` as syntax. */
function plain(text: string): string {
  return text.replace(/[;#\n]/g, ' ');
}

/** Hosts by number: a host may be called `end`, which Mermaid would take for its own word. */
const id = (host: number): string => `h${host}`;

export const mermaidFormat: Exporter = {
  id: 'mermaid', title: 'Mermaid sequence diagram', extension: 'mmd',
  export(trace: Trace, options: ExportOptions): string[] {
    const rows: { time: number; text: string }[] = [];
    const first = trace.steps.count ? trace.steps.time[0] : 0;
    for (const w of trace.wire) {
      if (w.sent < first || (options.host !== undefined && w.from !== options.host && w.to !== options.host)) continue;
      rows.push({ time: w.sent, text: `${id(w.from)}${w.dropped ? '-x' : '->>'}${id(w.to)}: ${plain(describeFrame(w.bytes))}` });
    }
    for (const r of trace.results) if (r.time >= first && (options.host === undefined || r.host === options.host)) rows.push({ time: r.time, text: `Note over ${id(r.host)}: ${plain(`${r.call} = ${resultText(r.result)}`)}` });
    rows.sort((a, b) => a.time - b.time);
    return ['sequenceDiagram\n', ...trace.hosts.map((h, i) => `  participant ${id(i)} as ${plain(h.name)}\n`), ...rows.map((r) => `  ${r.text}\n`)];
  },
};
