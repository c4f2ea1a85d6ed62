// The build's stand-in for the kernel's mcount: puts probes (src/emulator/include/probe.ts) into every mirrored function as text insertions.
//   entry   __enter(function, () => ({parameters}), skb)
//   exit    return __leave(value), and one before the closing brace
//   places  __step(site, () => ({locals})) before a statement; in a loop's condition each time round
//   calls   f(a, b, __call(site)): the last argument, so that it runs when the others have been evaluated; f(a, b, __at(site)) where the call has no place of its own
// Code that never looks at an object (the command line, the benches) is built without the closures over locals: `null` in their place, a quarter less time.
// Which statement is which site comes from tools/mirror/table.mjs. The module `skbwalk:sites` lists functions and sites by number.
import path from 'node:path';
import ts from 'typescript';
import { kernelPath, planOf } from './mirror/table.mjs';

const BUILTIN = new Set(['push', 'unshift', 'concat', 'splice', 'fill', 'slice', 'subarray']);

class Edits {
  constructor(text) { this.text = text; this.list = []; this.n = 0; }
  /** Insertions at one place keep the order they were made in; `outer` ones (closing brackets) go by what they close. */
  at(pos, text) { this.list.push({ pos, text, n: this.n++ }); }
  apply() {
    this.list.sort((a, b) => a.pos - b.pos || a.n - b.n);
    let out = '', from = 0;
    for (const e of this.list) { out += this.text.slice(from, e.pos) + e.text; from = e.pos; }
    return out + this.text.slice(from);
  }
}

/** Names declared before `pos` in the scopes around `node`, up to and with the function's parameters. */
function localsAt(node, pos, fn) {
  const names = new Set();
  const declare = (list, before) => { for (const d of list.declarations) if (d.end <= before && ts.isIdentifier(d.name)) names.add(d.name.text); };
  for (let n = node; n && n !== fn.parent; n = n.parent) {
    if (ts.isBlock(n) || ts.isCaseClause(n) || ts.isDefaultClause(n)) { for (const s of n.statements) if (ts.isVariableStatement(s)) declare(s.declarationList, pos); }
    if (ts.isCaseBlock(n)) for (const c of n.clauses) for (const s of c.statements) if (ts.isVariableStatement(s)) declare(s.declarationList, pos);
    if (ts.isForStatement(n) && n.initializer && ts.isVariableDeclarationList(n.initializer)) declare(n.initializer, pos);
    if ((ts.isForOfStatement(n) || ts.isForInStatement(n)) && ts.isVariableDeclarationList(n.initializer) && n.statement.pos <= pos) declare(n.initializer, pos);
    if (ts.isArrowFunction(n) || ts.isFunctionExpression(n) || ts.isFunctionDeclaration(n)) for (const p of n.parameters) if (ts.isIdentifier(p.name)) names.add(p.name.text);
  }
  return `() => ({${[...names].filter((x) => !x.startsWith('_')).join(', ')}})`;
}

function isList(parent) { return ts.isBlock(parent) || ts.isCaseClause(parent) || ts.isDefaultClause(parent) || ts.isSourceFile(parent); }

function probeStatement(edits, site, id, source, fn) {
  const node = site.node, start = node.getStart(source);
  // A loop each time round; an `if` that a jump may enter past its condition only when it is looked at.
  if (site.condition && !ts.isDoStatement(node)) {
    const c = site.condition.getStart(source);
    edits.at(c, `(__step(${id}, ${localsAt(site.condition, c, fn)}), (`);
    edits.at(site.condition.end, '))');
    return;
  }
  if (site.kind === 'loop' && !ts.isDoStatement(node) && ts.isBlock(node.statement)) {
    edits.at(node.statement.getStart(source) + 1, `__step(${id}, ${localsAt(node.statement, node.statement.getStart(source) + 1, fn)});`);
    return;
  }
  const step = `__step(${id}, ${localsAt(node, start, fn)});`;
  let owner = node;
  while (ts.isLabeledStatement(owner.parent)) owner = owner.parent;
  if (isList(owner.parent)) edits.at(owner.getStart(source), step);
  else { edits.at(start, `{${step}`); edits.at(node.end, '}'); }
}

const isStatement = (node) => ts.isExpressionStatement(node.parent) || (ts.isYieldExpression(node.parent) && ts.isExpressionStatement(node.parent.parent));

/** Does a call's site get a probe? Inside a larger statement only calls that can open a frame matter: the statement has its own step. */
export function isProbedCall(site, fn, mirrored) {
  const { expression } = site.node;
  if (ts.isPropertyAccessExpression(expression) && BUILTIN.has(expression.name.text)) return false;
  return !ts.isIdentifier(expression) || isStatement(site.node) || mirrored.has(site.text) || localName(fn, site.text);
}

function probeCall(edits, site, id, source, fn, mirrored) {
  if (!isProbedCall(site, fn, mirrored)) return;
  const { node } = site, statement = isStatement(node);
  const probe = statement ? `__call(${id}, ${localsAt(node, node.getStart(source), fn)})` : `__call(${id})`;
  lastArgument(edits, node, probe);
}

function lastArgument(edits, node, probe) {
  edits.at(node.end - 1, node.arguments.length && !node.arguments.hasTrailingComma ? `, ${probe}` : probe);
}

/** A mirrored function called where the C function has no such call: its frame stands at the statement around it, never at the call before. */
function placeCall(edits, f, i, numbers, probed) {
  const { sites } = f.fn, { node, text, parent, branch } = sites[i];
  if (!ts.isIdentifier(node.expression) || !probed.has(text)) return;
  let s = i - 1;
  while (s >= 0 && (sites[s].kind === 'call' || sites[s].start > node.pos || sites[s].end < node.end)) s--;
  const isPart = s >= 0 && (['decl', 'assign', 'return'].includes(sites[s].kind) || (s === parent && branch === 'cond'));
  lastArgument(edits, node, `__at(${isPart && f.anchors[s] ? numbers(f.anchors[s]) : -1})`);
}

/** Is `name` a parameter or local of the function (a callback), rather than a primitive it imports? */
function localName(fn, name) {
  let found = fn.parameters.some((p) => ts.isIdentifier(p.name) && p.name.text === name);
  const walk = (n) => { if (ts.isVariableDeclaration(n) && ts.isIdentifier(n.name) && n.name.text === name) found = true; if (!found) ts.forEachChild(n, walk); };
  if (!found) walk(fn.body);
  return found;
}

/** An expression's packet: the parameter that is an sk_buff. */
function packetParameter(fn) {
  const found = fn.parameters.find((p) => p.type && /^sk_buff(\s*\|\s*null)?$/.test(p.type.getText())) ?? fn.parameters.find((p) => ts.isIdentifier(p.name) && p.name.text === 'skb');
  return found ? found.name.getText() : 'null';
}

function probeFunction(edits, f, numbers, mirrored, probed) {
  const { fn } = f, node = fn.node, source = fn.source, body = node.body;
  const params = node.parameters.filter((p) => ts.isIdentifier(p.name)).map((p) => p.name.text).filter((x) => !x.startsWith('_'));
  edits.at(body.getStart(source) + 1, `__enter(${f.id}, () => ({${params.join(', ')}}), ${packetParameter(node)});`);
  // Statement probes first: at one position they must stand before what belongs to the statement itself.
  for (const [i, site] of fn.sites.entries()) {
    if (f.anchors[i] && site.kind !== 'call') probeStatement(edits, site, numbers(f.anchors[i]), source, node);
    if (site.kind === 'return' && !site.inner) {
      const r = site.node;
      if (r.expression) { edits.at(r.expression.getStart(source), '__leave('); edits.at(r.expression.end, ')'); }
      else edits.at(r.getStart(source) + 'return'.length, ' __leave()');
    }
    if (site.kind !== 'call') continue;
    if (f.anchors[i]) probeCall(edits, site, numbers(f.anchors[i]), source, node, mirrored);
    else placeCall(edits, f, i, numbers, probed);
  }
  const last = body.statements[body.statements.length - 1];
  if (!last || !ts.isReturnStatement(last)) edits.at(body.end - 1, '__leave();');
}

/** Instruments the whole mirror: { code: Map(relative file → text), sites: source of `skbwalk:sites` }. */
export function instrumentMirror(root, kernel = process.env.SKBWALK_KERNEL) {
  const plan = planOf(root, kernel), code = new Map(), functions = [], sites = [], numberOf = new Map();
  const numbers = (a) => {
    const key = `${a.path}\t${a.function}\t${a.def}\t${a.kind}\t${a.text}\t${a.nth}`;
    if (!numberOf.has(key)) { numberOf.set(key, sites.length); sites.push([a.path, a.function, a.def, a.kind, a.text, a.nth]); }
    return numberOf.get(key);
  };
  const mirrored = new Set(), probed = new Set();
  for (const { names, functions: list } of plan.values()) {
    for (const n of names) mirrored.add(n);
    for (const f of list) probed.add(f.fn.name);
  }
  for (const [file, { text, functions: list }] of plan) {
    const edits = new Edits(text);
    const up = path.posix.relative(path.posix.dirname(file), 'include/probe');
    if (list.length) edits.at(0, `import { __enter, __leave, __step, __call, __at } from '${up.startsWith('.') ? up : './' + up}'; `);
    for (const f of list) {
      f.id = functions.length;
      functions.push([kernelPath(file), f.fn.name, f.def, f.minor ? 1 : 0]);
      probeFunction(edits, f, numbers, mirrored, probed);
    }
    code.set(file, edits.apply());
  }
  return { code, sites: sitesModule(functions, sites), functions, siteList: sites };
}

function sitesModule(functions, sites) {
  const paths = [...new Set([...functions, ...sites].map((x) => x[0]))], index = new Map(paths.map((p, i) => [p, i]));
  const compact = JSON.stringify({ paths, functions: functions.map(([p, ...r]) => [index.get(p), ...r]), sites: sites.map(([p, ...r]) => [index.get(p), ...r]) });
  return `const t = JSON.parse(${JSON.stringify(compact)});
export const functions = t.functions.map(([p, name, def, minor]) => ({ path: t.paths[p], name, def, minor: minor === 1 }));
export const sites = t.sites.map(([p, fn, def, kind, text, nth]) => ({ path: t.paths[p], function: fn, def, kind, text, nth }));`;
}

/** The same probes with `null` for the closures over locals: they alone have the form `() => ({names})` in a probe's second place. */
function withoutLocals(whole) {
  const strip = (text) => text.replace(/(__(?:enter|step|call)\(\d+, )\(\) => \(\{[\w$, ]*\}\)/g, '$1null');
  return { ...whole, code: new Map([...whole.code].map(([file, text]) => [file, strip(text)])) };
}

/** The esbuild plugin. `blind`: without locals. One instrumentation serves all bundles of a process. */
const made = new Map();
export function instrumentation(root, blind = false) {
  return {
    name: 'skbwalk-instrumentation',
    setup(build) {
      const base = path.join(root, 'src/emulator') + path.sep;
      const get = () => {
        if (!made.has('whole')) made.set('whole', instrumentMirror(root));
        if (blind && !made.has('blind')) made.set('blind', withoutLocals(made.get('whole')));
        return made.get(blind ? 'blind' : 'whole');
      };
      build.onResolve({ filter: /^skbwalk:sites$/ }, () => ({ path: 'skbwalk:sites', namespace: 'skbwalk' }));
      build.onLoad({ filter: /.*/, namespace: 'skbwalk' }, () => ({ contents: get().sites, loader: 'js' }));
      build.onLoad({ filter: /src[\\/]emulator[\\/].*\.ts$/ }, (args) => {
        const relative = args.path.startsWith(base) ? args.path.slice(base.length).replaceAll(path.sep, '/') : '';
        const contents = get().code.get(relative);
        return contents === undefined ? undefined : { contents, loader: 'ts' };
      });
    },
  };
}
