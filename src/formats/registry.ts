/** The exporters, in the order they are offered. Adding one is a file here and a line below. */
import type { Exporter } from './format';
import { functionGraph } from './function-graph';
import { jsonFormat } from './json';
import { linesFormat } from './lines';
import { mermaidFormat } from './mermaid';
import { pcapngFormat } from './pcapng';
import { perfettoFormat } from './perfetto';
import { textFormat } from './text';

export const exporters: readonly Exporter[] = [textFormat, jsonFormat, linesFormat, functionGraph, pcapngFormat, perfettoFormat, mermaidFormat];

/** The exporter called `id`, if there is one. */
export function exporterFor(id: string): Exporter | undefined {
  return exporters.find((e) => e.id === id);
}
