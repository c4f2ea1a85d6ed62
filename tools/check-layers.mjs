// Checks what design and taste ask of the sources: layers, cycles, purity, mirror rules, sizes, docs, dependencies.
//   node tools/check-layers.mjs [--root DIR] [--warnings] [--count]     --count: a last line for tools/test.mjs, one test a rule
// Prints FILE:LINE: RULE: MESSAGE for each violation; exit code 1 if there is one. Warnings are counted, and listed with --warnings.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cycleRule, lazyRule, layerRule, tableRule, vscodeRule } from './layers/imports.mjs';
import { loadRule } from './layers/loading.mjs';
import { readProject } from './layers/model.mjs';
import { hoistRule, mirrorRule, pureRule, stateRule } from './layers/purity.mjs';
import { dependencyRule, docsRule, docstringRule, fileSizeRule, functionSizeRule, leftoverRule } from './layers/size.mjs';

export const RULES = {
  table: tableRule, layer: layerRule, vscode: vscodeRule, lazy: lazyRule, cycle: cycleRule, pure: pureRule, state: stateRule, hoist: hoistRule, load: loadRule,
  mirror: mirrorRule, 'file-size': fileSizeRule, 'function-size': functionSizeRule, docstring: docstringRule, docs: docsRule, dependency: dependencyRule,
  leftover: leftoverRule,
};

/** Runs every rule on the checkout at `root`; gives [{rule, violations, warnings}]. */
export function checkLayers(root, rules = RULES) {
  const project = readProject(root);
  return Object.entries(rules).map(([rule, check]) => {
    const found = check(project);
    return { rule, violations: found.filter((item) => !item.warning), warnings: found.filter((item) => item.warning) };
  });
}

function main() {
  const { values } = parseArgs({ options: { root: { type: 'string' }, warnings: { type: 'boolean' }, count: { type: 'boolean' } } });
  const root = path.resolve(values.root ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '..'));
  const results = checkLayers(root);
  for (const { rule, violations, warnings } of results) {
    for (const item of violations) console.log(`${item.file}:${item.line}: ${rule}: ${item.message}`);
    if (values.warnings) for (const item of warnings) console.log(`${item.file}:${item.line}: ${rule}: warning: ${item.message}`);
  }
  const count = (key) => results.reduce((sum, result) => sum + result[key].length, 0);
  console.log(`layers: ${results.length} rules, ${count('violations')} violations, ${count('warnings')} warnings${values.warnings ? '' : ' (--warnings lists them)'}`);
  const broken = results.filter((result) => result.violations.length > 0).length;
  if (values.count) console.log(`@@counts ${results.length - broken} ${broken} 0`);
  return broken > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(main());
