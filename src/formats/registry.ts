/** The exporters and importers, in the order they are offered. Adding one is a file here and a line below. */
import { countersFormat } from './counters';
import { dotFormat } from './dot';
import { foldedFormat } from './folded';
import type { Exporter, Importer } from './format';
import { functionGraphImporter } from './ftrace-import';
import { functionGraph } from './function-graph';
import { jsonFormat } from './json';
import { linesFormat } from './lines';
import { mermaidFormat } from './mermaid';
import { pcapngFormat } from './pcapng';
import { perfettoFormat } from './perfetto';
import { textFormat } from './text';

export const exporters: readonly Exporter[] = [textFormat, jsonFormat, linesFormat, functionGraph, pcapngFormat, perfettoFormat, mermaidFormat, foldedFormat, dotFormat, countersFormat];
export const importers: readonly Importer[] = [functionGraphImporter];

/** The exporter called `id`, if there is one. */
export function exporterFor(id: string): Exporter | undefined {
  return exporters.find((e) => e.id === id);
}

/** The importer that takes a file which begins with `head`, if there is one. */
export function importerFor(head: string): Importer | undefined {
  return importers.find((i) => i.recognises(head));
}
