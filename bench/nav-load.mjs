// Bundles the navigator's modules for the benches and gives them with the worker's script.
import { build } from 'esbuild';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { nodeOptions, root } from '../tools/bundle.mjs';

const MODULES = ['kernel-index', 'query', 'symbols', 'places', 'facts', 'path', 'scanner', 'strings', 'implementations', 'walk', 'scan-files', 'graphs', 'neighbourhood'];

/** { modules, worker, cli }: everything exported by src/source/index/*, and the path of the bundled worker. */
export async function loadNavigator() {
  const out = path.join(root, 'dist/bench');
  mkdirSync(out, { recursive: true });
  const contents = MODULES.map((m) => `export * from './src/source/index/${m}';`).join('\n');
  await build(nodeOptions({ stdin: { contents, resolveDir: root, loader: 'ts' }, outfile: path.join(out, 'navigator.cjs'), sourcemap: false }));
  await build(nodeOptions({ entryPoints: [path.join(root, 'src/source/index/worker.ts')], outfile: path.join(out, 'index-worker.js'), sourcemap: false }));
  return { modules: createRequire(import.meta.url)(path.join(out, 'navigator.cjs')), worker: path.join(out, 'index-worker.js') };
}

/** The tree to measure on; ends the program when it is not set. */
export function kernelTree() {
  const tree = process.env.SKBWALK_KERNEL;
  if (!tree) { console.error('Set SKBWALK_KERNEL to a kernel tree.'); process.exit(2); }
  return tree;
}

/** The value below which a share of the numbers lies. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
