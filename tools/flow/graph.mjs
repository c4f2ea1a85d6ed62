// The ways through a C function: a graph of its statements, made by the project's own statement parser (src/source/parse).
// A node is a statement, or the head of a control statement; `a && b` is one node. Macros with hidden control flow are plain nodes, unless they are loops.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { groupsOf } from '../mirror/config.mjs';
import { parser } from '../mirror/parser.mjs';

/** The parser, which also remembers where statements end and which token a site is about: a tree of {at, end, first, last, place, children}. */
function treeReader(StatementReader) {
  return class extends StatementReader {
    constructor(...given) {
      super(...given);
      this.tokenOf = [];
      this.tree = { children: [] };
      this.here = this.tree;
    }

    emit(kind, text, line, at, ...rest) {
      this.tokenOf.push(at);
      return super.emit(kind, text, line, at, ...rest);
    }

    statement(at, to, place) {
      const outer = this.here, node = { at, end: at, first: this.sites.length, last: 0, place, children: [] };
      outer.children.push(node);
      this.here = node;
      node.end = super.statement(at, to, place);
      node.last = this.sites.length;
      this.here = outer;
      return node.end;
    }
  };
}

/** Is the callee at token `at` a member, a parameter or a local variable? */
function isPointer({ t }, span, at) {
  if (['->', '.'].includes(t.text[at - 1]) || span.params.includes(t.text[at])) return true;
  // a local pointer to a function: `T (*name)(...)`, or `T name` with a type of that kind
  for (let i = span.body; i < at; i++) {
    if (t.text[i] !== t.text[at]) continue;
    if (t.text[i - 1] === '*' && t.text[i - 2] === '(') return true;
    if (/^\w+$/.test(t.text[i - 1]) && t.text[i - 1] !== 'return' && [';', '='].includes(t.text[i + 1])) return true;
  }
  return false;
}

/** One function's graph while it is made. Nodes: {sites: indices, to: node numbers}. Built from the end, so that each statement knows what comes after it. */
class Maker {
  constructor(file, reader) {
    Object.assign(this, file, { reader, nodes: [], labels: new Map(), jumps: [] });
    this.exit = this.node([], []);
  }

  node(sites, to, at = -1) { return this.nodes.push({ sites, to, at }) - 1; }

  text(i) { return this.t.text[i]; }

  /** Sites of a statement that belong to none of its parts, from `after` on. */
  own(s, from = s.first, to = s.last) {
    const out = [];
    for (let i = from; i < to; i++) if (!s.children.some((c) => i >= c.first && i < c.last)) out.push(i);
    return out;
  }

  /** Statements one after the other; gives the first one's node. `starts` hears where each begins. */
  list(statements, next, jump, starts) {
    let after = next;
    for (let i = statements.length - 1; i >= 0; i--) {
      const group = this.groupOf(statements[i]);
      if (!group) { after = this.start(statements[i], after, jump, starts); continue; }
      let first = i;
      while (first > 0 && this.groupOf(statements[first - 1]) === group) first--;
      after = this.choices(group, statements.slice(first, i + 1), after, jump, starts);
      i = first;
    }
    return after;
  }

  start(statement, next, jump, starts) {
    const node = this.statement(statement, next, jump);
    starts?.set(statement, node);
    return node;
  }

  /** The outermost `#if` group that parts `statement` from what it stands in. */
  groupOf(statement) {
    const at = this.raw[statement.at], inside = (range) => at >= range.from && at < range.to;
    return this.openGroups().find((g) => g.branches.some(inside)) ?? null;
  }

  openGroups() { return this.groups.filter((g) => !this.taken.has(g)); }

  /** The branches of an `#if` group: the one that was compiled, or, where that is not known, any of them, or none unless there is an `#else`. */
  choices(group, statements, next, jump, starts) {
    const branchOf = (s) => group.branches.findIndex((b) => this.raw[s.at] >= b.from && this.raw[s.at] < b.to);
    this.taken.add(group);
    const found = new Map();
    for (const s of statements) found.set(branchOf(s), [...(found.get(branchOf(s)) ?? []), s]);
    const ways = new Map([...found].map(([branch, list]) => [branch, this.list(list, next, jump, starts)]));
    this.taken.delete(group);
    const sure = group.branches.findIndex((b) => b.life === true);
    if (sure >= 0) return ways.get(sure) ?? next;
    const open = group.branches.flatMap((b, i) => (b.life === false ? [] : [ways.get(i) ?? next]));
    return this.node([], group.whole ? open : [...open, next]);
  }

  statement(s, next, jump) {
    switch (this.text(s.at)) {
      case '{': return this.list(s.children, next, jump);
      case 'if': return this.choice(s, next, jump);
      case 'while': case 'for': return this.loop(s, next, jump);
      case 'do': return this.untilLoop(s, next, jump);
      case 'switch': return this.cases(s, next, jump);
      case 'return': return this.node(this.own(s), [this.exit], s.at);
      case 'break': return this.node(this.own(s), [jump.end ?? this.exit]);
      case 'continue': return this.node(this.own(s), [jump.again ?? this.exit]);
      case 'goto': {
        const node = this.node(this.own(s), []);
        this.jumps.push({ node, label: this.text(s.at + 1) });
        return node;
      }
    }
    const site = this.reader.sites[s.first];
    if (site?.kind === 'label' && s.last > s.first) {
      const node = this.node(this.own(s), [next]);
      this.labels.set(this.text(s.at), node);
      return node;
    }
    if (site?.macro !== undefined) return this.loop(s, next, jump);
    return this.node(this.own(s), [next], s.at);
  }

  choice(s, next, jump) {
    const way = (branch) => s.children.filter((c) => c.place.branch === branch);
    const has = (branch) => way(branch).length > 0;
    return this.node(this.own(s), [has('then') ? this.list(way('then'), next, jump) : next, has('else') ? this.list(way('else'), next, jump) : next], s.at);
  }

  loop(s, next, jump) {
    const head = this.node(this.own(s), [], s.at);
    const body = this.list(s.children, head, { end: next, again: head });
    this.nodes[head].to = this.isEndless(s) ? [body] : [body, next];
    return head;
  }

  /** `while (1)`, `for (;;)`: left by a jump only. */
  isEndless(s) {
    const open = s.at + 1;
    if (this.text(s.at) === 'while') return this.partner[open] === open + 2 && ['1', 'true'].includes(this.text(open + 1));
    if (this.text(s.at) !== 'for') return false;
    for (let i = open + 1; i < this.partner[open]; i++) if (this.text(i) === ';') return this.text(i + 1) === ';';
    return false;
  }

  untilLoop(s, next, jump) {
    const last = s.children.at(-1)?.last ?? s.first + 1, check = this.node(this.own(s, last), [], s.children.at(-1)?.end ?? s.at);
    const body = this.list(s.children, check, { end: next, again: check });
    // do { } while (0) is done once
    const once = this.text(s.end - 1) === ';' && this.text(s.end - 3) === '0' && this.text(s.end - 4) === '(';
    this.nodes[check].to = once ? [next] : [body, next];
    return this.node(this.own(s, s.first, last), [body]);
  }

  cases(s, next, jump) {
    const head = this.node(this.own(s), [], s.at), body = s.children[0]?.children ?? [], starts = new Map();
    this.list(body, next, { ...jump, end: next }, starts);
    const entered = body.filter((c, i) => c.place.branch !== 'body' && (i === 0 || body[i - 1].place !== c.place));
    const isComplete = entered.some((c) => c.place.branch === 'default');
    this.nodes[head].to = [...entered.map((c) => starts.get(c)), ...(isComplete ? [] : [next])];
    return head;
  }

  /** The whole function. */
  make() {
    this.taken = new Set(this.groups.filter((g) => g.branches.some((b) => this.raw[this.span.body] >= b.from && this.raw[this.span.close] < b.to)));
    const entry = this.list(this.reader.tree.children, this.exit, {});
    for (const { node, label } of this.jumps) this.nodes[node].to = [this.labels.get(label) ?? this.exit];
    return entry;
  }
}

/** Call sites that a run through their statement may pass over: behind `&&`, `||`, `?`, or in a loop's head. */
function perhaps(t, from, at) {
  const levels = [false];
  for (let i = from; i < at; i++) {
    const x = t.text[i];
    if (x === '(' || x === '[' || x === '{') levels.push(levels.at(-1));
    else if (x === ')' || x === ']' || x === '}') levels.pop();
    else if (x === '&&' || x === '||' || x === '?') levels[levels.length - 1] = true;
    else if (x === ',' || x === ';') levels[levels.length - 1] = levels.at(-2) ?? false;
  }
  return levels.at(-1) ?? false;
}

const siteKey = (kind, text, nth) => `${kind}\t${text}\t${nth}`;

function read(file, span) {
  const Reader = treeReader(file.StatementReader), reader = new Reader(file.t, file.partner, span.close);
  reader.emit('entry', '', file.t.line[span.nameAt], span.nameAt, -1, '');
  reader.block(span.body + 1, span.close, { parent: -1, branch: '' });
  return reader;
}

/** How anchors name the sites of a definition, words and count, by token in the file and kind. Both include what was not compiled. */
function names(whole, span) {
  const reader = read(whole, span);
  return new Map(reader.sites.map((s, i) => [`${whole.raw[reader.tokenOf[i]]} ${s.kind}`, { text: s.text, nth: s.nth }]));
}

/**
 * One definition's graph: {name, def, sites, nodes, entry, exit, nodeOf: Map of `kind TAB text TAB nth` to {node, index}, maybe, pointers: Sets of site indices}.
 * `entry` is where control is before the first statement. The function's own entry site is in no node.
 */
function graphOf(file, span, def, named) {
  const reader = read(file, span);
  const sites = reader.sites.map((s, i) => ({ ...s, ...named.get(`${file.raw[reader.tokenOf[i]]} ${s.kind}`) }));
  const maker = new Maker({ ...file, span }, reader), first = maker.make(), { nodes, exit } = maker;
  const entry = maker.node([], [first]), nodeOf = new Map(), maybe = new Set(), pointers = new Set();
  nodes.forEach(({ sites: own, at }, node) => {
    for (const i of own) {
      const s = sites[i], parent = s.parent >= 0 ? sites[s.parent] : null;
      nodeOf.set(siteKey(s.kind, s.text, s.nth), { node, index: i });
      if (s.kind !== 'call') continue;
      if (isPointer(file, span, reader.tokenOf[i])) pointers.add(i);
      if (parent?.kind === 'loop' && own.includes(s.parent) || perhaps(file.t, at, reader.tokenOf[i])) maybe.add(i);
    }
  });
  return { name: span.name, def, sites, nodes, entry, exit, nodeOf, maybe, pointers };
}

/** The tokens of a text whose flag in `keep` is set, and what the graphs need beside them. */
function fileOf(root, all, keep) {
  const { StatementReader, readable, functionSpans, matchBrackets } = parser(root), t = readable(all, keep), partner = matchBrackets(t), raw = [];
  keep.forEach((kept, i) => { if (kept) raw.push(i); });
  return { StatementReader, t, partner, raw, groups: groupsOf(all.directives, (d) => d.before).reverse(), spans: functionSpans(t, partner) };
}

/** Graphs of the C text's functions, made when called: Map of `name TAB def` to a function. What was not compiled is left out, unless all of the function was. */
export function graphsOf(root, text) {
  const { tokenize, keptTokens } = parser(root), all = tokenize(text), keep = keptTokens(all), whole = fileOf(root, all, keep), compiled = keep.slice();
  for (const { branches } of whole.groups) for (const b of branches) if (b.life === false) compiled.fill(0, b.from, b.to);
  const file = fileOf(root, all, compiled), left = new Map(file.spans.map((span) => [file.raw[span.nameAt], span])), seen = new Map(), out = new Map();
  for (const span of whole.spans) {
    const def = (seen.get(span.name) ?? 0) + 1, here = left.get(whole.raw[span.nameAt]);
    seen.set(span.name, def);
    out.set(`${span.name}\t${def}`, () => (here ? graphOf(file, here, def, names(whole, span)) : graphOf(whole, span, def, names(whole, span))));
  }
  return out;
}

/** Graphs of a tree's functions, made when asked for: `(path, name, def)` gives a graph or null. */
export function graphsIn(root, kernel) {
  const files = new Map();
  return (file, name, def) => {
    if (!files.has(file)) {
      const full = path.join(kernel, file);
      files.set(file, existsSync(full) ? graphsOf(root, readFileSync(full, 'latin1')) : new Map());
    }
    const key = `${name}\t${def}`, made = files.get(file).get(key);
    if (typeof made === 'function') files.get(file).set(key, made());
    return files.get(file).get(key) ?? null;
  };
}
