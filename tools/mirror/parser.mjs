// The project's own reader of C (src/source/parse), bundled for this process.
import { createRequire } from 'node:module';
import { buildSync } from 'esbuild';

const NAMES = { sites: 'functionsIn', statements: 'StatementReader', tokens: 'tokenize, readable', conditionals: 'keptTokens', functions: 'functionSpans, matchBrackets' };
let parts = null;

/** {functionsIn, StatementReader, tokenize, readable, keptTokens, functionSpans, matchBrackets}. */
export function parser(root) {
  if (parts) return parts;
  const contents = Object.entries(NAMES).map(([file, what]) => `export { ${what} } from './src/source/parse/${file}';`).join('\n');
  const { outputFiles } = buildSync({ stdin: { contents, resolveDir: root, loader: 'ts' }, bundle: true, write: false, format: 'cjs', platform: 'node', logLevel: 'warning' });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, createRequire(import.meta.url));
  return (parts = module.exports);
}
