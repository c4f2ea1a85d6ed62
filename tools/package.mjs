// npm run package: builds an installable skbwalk-VERSION.vsix with the parser's native prebuilds for six platforms, at most 5 MB.
//   node tools/package.mjs [--out FILE.vsix] [--no-build]
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { npm, root, run } from './project.mjs';

const MAX_BYTES = 5 * 1024 * 1024;
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];
/** What is shipped of dist/ (node_modules comes apart): bundles but the command line's, their data, the webviews' pages. */
const SHIPPED = /^dist(\/(?!(?:cli|nav|emulation|objects)\.)[\w-]+\.js|\/anchors\.tsv|\/media(\/outline-.*)?|\/webview(\/.*)?)?$/;
/** What is shipped of media/: icons and the schema. The outline's data is in dist/media, where the code looks for it. */
const SHIPPED_MEDIA = /^media(\/[\w.-]+\.(svg|png|schema\.json))?$/;
/** What each native package needs at run time, besides its prebuilds. */
const NATIVE = {
  'tree-sitter': ['package.json', 'index.js', 'LICENSE'],
  'tree-sitter-c': ['package.json', 'bindings/node/index.js', 'src/node-types.json', 'LICENSE'],
  'node-gyp-build': ['package.json', 'index.js', 'node-gyp-build.js', 'LICENSE'],
};
/** Fields of package.json that a user's VS Code has no use for. */
const DEVELOPMENT = ['scripts', 'devDependencies', 'dependencies', 'private', 'bin'];

/** Copies what is shipped to `stage`; gives what is missing. */
export function stageExtension(stage) {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const name of readdirSync(root).filter((file) => /^(package\.nls.*\.json|README.*\.md|LICENSE|CHANGELOG\.md)$/.test(file))) cpSync(path.join(root, name), path.join(stage, name));
  for (const folder of ['dist', 'media', 'l10n', 'syntaxes', 'docs/images']) {
    const from = path.join(root, folder);
    if (existsSync(from)) cpSync(from, path.join(stage, folder), { recursive: true, filter: shipped });
  }
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  for (const field of DEVELOPMENT) delete manifest[field];
  writeFileSync(path.join(stage, 'package.json'), JSON.stringify(manifest, null, 2));
  return stageNative(path.join(stage, 'dist/node_modules'));
}

function shipped(file) {
  const name = path.relative(root, file).replaceAll(path.sep, '/');
  if (name.endsWith('.map')) return false;
  return name.startsWith('dist') ? SHIPPED.test(name) : !name.startsWith('media') || SHIPPED_MEDIA.test(name);
}

function stageNative(target) {
  const missing = [];
  for (const [name, files] of Object.entries(NATIVE)) {
    const from = path.join(root, 'node_modules', name);
    for (const file of files) if (existsSync(path.join(from, file))) cpSync(path.join(from, file), path.join(target, name, file));
    if (name === 'node-gyp-build') continue;
    for (const platform of PLATFORMS) {
      const prebuild = path.join(from, 'prebuilds', platform);
      if (existsSync(prebuild)) cpSync(prebuild, path.join(target, name, 'prebuilds', platform), { recursive: true });
      else missing.push(`${name} for ${platform}`);
    }
  }
  return missing;
}

/** Builds the package; gives {file, bytes} or throws with what to do. */
export async function makePackage({ out, build = true } = {}) {
  if (build && (await run(npm, ['run', '--silent', 'build'])).code !== 0) throw new Error('the build failed (see above)');
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const file = path.resolve(out ?? path.join(root, `${manifest.name}-${manifest.version}.vsix`));
  const stage = path.join(root, '.out/package');
  const missing = stageExtension(stage);
  if (missing.length > 0) throw new Error(`native prebuilds are missing: ${missing.join(', ')}. Run npm ci and try again.`);
  if (!existsSync(path.join(stage, manifest.main))) throw new Error(`${manifest.main} is missing. Run npm run build and look at its messages.`);
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const made = spawnSync(process.execPath, [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file], { cwd: stage, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`vsce could not make the package:\n${made.stdout}${made.stderr}`);
  rmSync(stage, { recursive: true, force: true });
  const bytes = statSync(file).size;
  if (bytes > MAX_BYTES) throw new Error(`${file} has ${(bytes / 1048576).toFixed(1)} MB, more than the 5 MB it may have`);
  return { file, bytes };
}

if (process.argv[1]?.endsWith('package.mjs')) {
  const { values } = parseArgs({ options: { out: { type: 'string' }, 'no-build': { type: 'boolean' } } });
  try {
    const { file, bytes } = await makePackage({ out: values.out, build: !values['no-build'] });
    console.log(`${path.relative(process.cwd(), file)}: ${(bytes / 1048576).toFixed(2)} MB, ${PLATFORMS.length} platforms. Install it with: code --install-extension ${path.basename(file)}`);
  } catch (error) {
    console.error(`package: ${error.message}`);
    process.exit(1);
  }
}
