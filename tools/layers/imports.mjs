// Who may import whom; what activation may load; import cycles.
import { HEAVY, LAYERS, MIRRORED, isTest, layerOf } from './table.mjs';

const violation = (file, line, message) => ({ file, line, message });

/** Every import keeps to the layer table. */
export function layerRule({ sources }) {
  return sources.flatMap((source) => {
    const layer = layerOf(source.file);
    if (!layer) return [violation(source.file, 1, 'stands in no layer of the table (tools/layers/table.mjs)')];
    return source.imports.flatMap((item) => {
      const why = isTest(source.file) ? testComplaint(item) : complaint(layer, item);
      return why ? [violation(source.file, item.line, why)] : [];
    });
  });
}

function testComplaint(item) {
  return item.kind === 'package' && item.target === 'vscode' ? 'a unit test must run without VS Code: import of \'vscode\'' : '';
}

function complaint(layer, item) {
  if (item.kind === 'unresolved') return `import of '${item.specifier}' leads to no file`;
  if (item.kind === 'made') return '';
  if (item.kind === 'node') return layer.node ? '' : `${layer.name} may not use Node's own modules: '${item.specifier}'`;
  if (item.kind === 'package') return (layer.packages ?? []).includes(item.target) ? '' : `${layer.name} may not import the package '${item.target}'`;
  if (/\.(json|css|txt|md|tsv)$/.test(item.target)) return '';
  const target = layerOf(item.target);
  if (!target) return `import of '${item.specifier}' leaves src/`;
  if (target === layer || layer.may.includes(target.name)) return '';
  if ((layer.types ?? []).includes(target.name)) return item.typeOnly ? '' : `${layer.name} may import types only from ${target.name}: '${item.specifier}'`;
  return `${layer.name} may not import ${target.name}: '${item.specifier}' (allowed: ${[...layer.may, ...(layer.types ?? [])].join(', ') || 'nothing'})`;
}

/** Edges that exist at run time when a module is loaded. */
function staticEdges(source) {
  return source.imports.filter((item) => item.kind === 'file' && !item.typeOnly && !item.dynamic);
}

/** Activation loads nothing heavy: no static import of src/extension leads to the emulator or the parser. */
export function lazyRule({ sources }) {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const found = [];
  for (const start of sources.filter((source) => layerOf(source.file)?.name === 'extension' && !isTest(source.file))) {
    for (const item of start.imports.filter((one) => !one.typeOnly && !one.dynamic)) {
      const heavy = heavyFrom(item, byFile);
      if (heavy) found.push(violation(start.file, item.line, `loads ${heavy} at activation: import it lazily (await import) or run it in a worker`));
    }
  }
  return found;
}

function heavyFrom(item, byFile) {
  if (item.kind === 'package') return HEAVY.packages.has(item.target) ? item.target : '';
  const queue = item.kind === 'file' ? [item.target] : [];
  const seen = new Set(queue);
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const source = byFile.get(file);
    if (!source || layerOf(file)?.name === 'extension') continue;
    if (HEAVY.layers.has(layerOf(file)?.name)) return file;
    const parser = source.imports.find((one) => !one.typeOnly && !one.dynamic && one.kind === 'package' && HEAVY.packages.has(one.target));
    if (parser) return `${parser.target} (through ${file})`;
    for (const edge of staticEdges(source)) if (!seen.has(edge.target)) { seen.add(edge.target); queue.push(edge.target); }
  }
  return '';
}

/** Import cycles are allowed inside the mirror and nowhere else. */
export function cycleRule({ sources }) {
  const code = sources.filter((source) => !isTest(source.file));
  const byFile = new Map(code.map((source) => [source.file, source]));
  return components(code, byFile).filter((group) => group.length > 1 && !group.every((file) => MIRRORED.has(layerOf(file)?.name)))
    .map((group) => {
      const first = group.find((file) => !MIRRORED.has(layerOf(file)?.name));
      const edge = staticEdges(byFile.get(first)).find((item) => group.includes(item.target));
      return violation(first, edge?.line ?? 1, `import cycle of ${group.length} files outside the mirror: ${[...group].sort().join(' ')}`);
    });
}

/** Strongly connected components (Tarjan) of the run-time import graph; a file that imports itself counts as a pair. */
export function components(code, byFile) {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const groups = [];
  const connect = (file) => {
    index.set(file, index.size);
    low.set(file, index.get(file));
    stack.push(file);
    for (const { target } of staticEdges(byFile.get(file))) {
      if (!byFile.has(target)) continue;
      if (target === file) groups.push([file, file]);
      if (!index.has(target)) { connect(target); low.set(file, Math.min(low.get(file), low.get(target))); }
      else if (stack.includes(target)) low.set(file, Math.min(low.get(file), index.get(target)));
    }
    if (low.get(file) === index.get(file)) groups.push(stack.splice(stack.indexOf(file)));
  };
  for (const { file } of code) if (!index.has(file)) connect(file);
  return groups;
}

/** Only src/extension imports `vscode`; said once more because everything else rests on it. */
export function vscodeRule({ sources }) {
  return sources.filter((source) => layerOf(source.file)?.name !== 'extension')
    .flatMap((source) => source.imports.filter((item) => item.target === 'vscode').map((item) => violation(source.file, item.line, 'only src/extension may import \'vscode\'')));
}

/** The table itself is sound: every layer that is named exists. */
export function tableRule() {
  const names = new Set(LAYERS.map((layer) => layer.name));
  return LAYERS.flatMap((layer) => [...layer.may, ...(layer.types ?? [])].filter((name) => !names.has(name))
    .map((name) => violation('tools/layers/table.mjs', 1, `${layer.name} names an unknown layer ${name}`)));
}
