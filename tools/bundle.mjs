// The esbuild settings that every bundle shares: one place for targets, externals and the emulator's instrumentation.
import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { instrumentation } from './instrument.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The module `skbwalk:scenarios`: the text of every file in scenarios/, by file name without `.json`. */
function scenarios(dir) {
  return {
    name: 'skbwalk-scenarios',
    setup(b) {
      b.onResolve({ filter: /^skbwalk:scenarios$/ }, () => ({ path: 'skbwalk:scenarios', namespace: 'skbwalk-scenarios' }));
      b.onLoad({ filter: /.*/, namespace: 'skbwalk-scenarios' }, () => {
        const folder = path.join(dir, 'scenarios'), names = readdirSync(folder).filter((f) => f.endsWith('.json')).sort();
        const files = Object.fromEntries(names.map((f) => [f.slice(0, -5), JSON.stringify(JSON.parse(readFileSync(path.join(folder, f), 'utf8')))]));
        return { contents: `export const files = ${JSON.stringify(files)};`, loader: 'js', watchDirs: [folder] };
      });
    },
  };
}

/** Settings for code that runs in Node (CLI, server, workers, tests, extension host). `blind`: it runs the emulator but never looks at its objects. */
export function nodeOptions(extra = {}, blind = false) {
  return {
    absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', format: 'cjs', mainFields: ['module', 'main'], sourcemap: true, logLevel: 'warning',
    external: ['vscode', 'tree-sitter', 'tree-sitter-c', 'esbuild', 'typescript'], plugins: [instrumentation(root, blind), scenarios(root)], ...extra,
  };
}

/** Bundles test files one by one beside each other under `outdir`; gives the output paths. */
export async function bundleTests(files, outdir) {
  const entries = Object.fromEntries(files.map((f) => [path.relative(root, path.resolve(f)).replace(/\.ts$/, '').replaceAll(path.sep, '/'), path.resolve(f)]));
  await build(nodeOptions({ entryPoints: entries, outdir, splitting: false, format: 'cjs' }));
  return Object.keys(entries).map((name) => path.join(root, outdir, `${name}.js`));
}
