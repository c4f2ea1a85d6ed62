// The esbuild settings that every bundle shares: one place for targets, externals and the emulator's instrumentation.
import Ajv from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
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

/**
 * The module `skbwalk:validators`: the scenario schema as code, so that nobody compiles it while a user waits. `first` ends at the first complaint, `all` gives them all;
 * `steps` has one validator for each kind of step, by its name in the schema.
 */
function validators(dir) {
  const name = 'skbwalk-validators', filter = /^skbwalk:validators/;
  const compiled = (which) => {
    const schema = JSON.parse(readFileSync(path.join(dir, 'media/scenario.schema.json'), 'utf8'));
    const ajv = new Ajv({ allErrors: which === 'all', strict: false, code: { source: true, esm: true } }), kinds = which === 'all' ? Object.keys(schema.definitions.steps) : [];
    ajv.addSchema(schema, 'scenario');
    for (const kind of kinds) ajv.addSchema({ $ref: `scenario#/definitions/steps/${kind}` }, `step_${kind}`);
    return standalone(ajv, Object.fromEntries(['scenario', ...kinds.map((kind) => `step_${kind}`)].map((id) => [id.replaceAll(/\W/g, '_'), id])));
  };
  return {
    name,
    setup(b) {
      b.onResolve({ filter }, (args) => ({ path: args.path, namespace: name }));
      b.onLoad({ filter: /:validators$/, namespace: name }, () => ({
        contents: `import * as all from 'skbwalk:validators/all';\nexport { scenario as first } from 'skbwalk:validators/first';\nexport { scenario as all } from 'skbwalk:validators/all';\nexport const steps = Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith('step_')).map(([name, check]) => [name.slice(5), check]));`,
        loader: 'js', watchFiles: [path.join(dir, 'media/scenario.schema.json')],
      }));
      b.onLoad({ filter: /\/(first|all)$/, namespace: name }, (args) => ({ contents: compiled(args.path.split('/')[1]), loader: 'js', resolveDir: dir }));
    },
  };
}

/** Settings for code that runs in Node (CLI, server, workers, tests, extension host). `blind`: it runs the emulator but never looks at its objects. */
export function nodeOptions(extra = {}, blind = false) {
  return {
    absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', format: 'cjs', mainFields: ['module', 'main'], sourcemap: true, logLevel: 'warning',
    external: ['vscode', 'tree-sitter', 'tree-sitter-c', 'esbuild', 'typescript'], plugins: [instrumentation(root, blind), scenarios(root), validators(root)], ...extra,
  };
}

/** Bundles test files one by one beside each other under `outdir`; gives the output paths. */
export async function bundleTests(files, outdir) {
  const entries = Object.fromEntries(files.map((f) => [path.relative(root, path.resolve(f)).replace(/\.ts$/, '').replaceAll(path.sep, '/'), path.resolve(f)]));
  await build(nodeOptions({ entryPoints: entries, outdir, splitting: false, format: 'cjs' }));
  return Object.keys(entries).map((name) => path.join(root, outdir, `${name}.js`));
}
