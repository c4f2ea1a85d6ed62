// npm run build: bundles everything under dist/. One entry per process.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync, chmodSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { nodeOptions, root } from './bundle.mjs';

const minify = process.argv.includes('--minify');
const node = {
  nav: 'src/cli/nav.ts', objects: 'src/cli/objects.ts', extension: 'src/extension/activate.ts', server: 'src/server/main.ts',
  'index-worker': 'src/source/index/worker.ts', 'debug-worker': 'src/debug/worker.ts',
};
const present = (entries) => Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(path.join(root, file))));

rmSync(path.join(root, 'dist/webview'), { recursive: true, force: true });
await build(nodeOptions({ entryPoints: present(node), outdir: 'dist', minify, sourcemap: !minify, banner: { js: '' } }));
// The command line shows no objects: its emulator goes without what the debugger looks at them with.
await build(nodeOptions({ entryPoints: present({ emulation: 'src/cli/emulation.ts' }), outdir: 'dist', minify, sourcemap: !minify }, true));
// The command itself only chooses: reading the emulator's six megabytes would double the time of a look-up in a saved index.
const halves = { name: 'halves', setup: (b) => b.onResolve({ filter: /^\.\/(nav|emulation|objects)$/ }, (a) => ({ path: `${a.path}.js`, external: true })) };
const options = nodeOptions({ entryPoints: present({ cli: 'src/cli/main.ts' }), outdir: 'dist', minify, sourcemap: !minify, supported: { 'dynamic-import': false }, define: { SKBWALK_VERSION: JSON.stringify(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version) } });
await build({ ...options, plugins: [halves, ...options.plugins] });
const panels = existsSync(path.join(root, 'src/webview')) ? readdirSync(path.join(root, 'src/webview'), { withFileTypes: true }).filter((e) => e.isDirectory() && existsSync(path.join(root, 'src/webview', e.name, 'main.ts'))) : [];
if (panels.length) {
  await build({
    absWorkingDir: root, bundle: true, platform: 'browser', target: 'es2022', format: 'esm', minify, sourcemap: !minify, logLevel: 'warning', outdir: 'dist/webview',
    entryPoints: Object.fromEntries(panels.map((p) => [p.name, `src/webview/${p.name}/main.ts`])), loader: { '.ttf': 'file' },
  });
  for (const p of panels) { const css = path.join(root, 'src/webview', p.name, 'style.css'); if (existsSync(css)) cpSync(css, path.join(root, 'dist/webview', `${p.name}.css`)); }
  const icons = path.join(root, 'node_modules/@vscode/codicons/dist');
  for (const f of ['codicon.css', 'codicon.ttf']) cpSync(path.join(icons, f), path.join(root, 'dist/webview', f));
}
for (const folder of ['media']) if (existsSync(path.join(root, folder))) cpSync(path.join(root, folder), path.join(root, 'dist', folder), { recursive: true });
if (existsSync(path.join(root, 'src/emulator/anchors.tsv'))) cpSync(path.join(root, 'src/emulator/anchors.tsv'), path.join(root, 'dist/anchors.tsv'));
// The native grammar travels in dist/node_modules, so that a package without the root node_modules still finds it.
for (const name of ['tree-sitter', 'tree-sitter-c', 'node-gyp-build']) {
  const from = path.join(root, 'node_modules', name), to = path.join(root, 'dist/node_modules', name);
  if (!existsSync(from)) continue;
  mkdirSync(to, { recursive: true });
  for (const part of ['package.json', 'index.js', 'node-gyp-build.js', 'bindings/node', 'prebuilds', 'src/node-types.json']) if (existsSync(path.join(from, part))) cpSync(path.join(from, part), path.join(to, part), { recursive: true });
}
const cli = path.join(root, 'dist/cli.js');
if (existsSync(cli)) {
  const text = readFileSync(cli, 'utf8');
  if (!text.startsWith('#!')) writeFileSync(cli, `#!/usr/bin/env node\n${text}`);
  chmodSync(cli, 0o755);
}
