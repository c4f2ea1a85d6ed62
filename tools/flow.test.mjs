import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentence } from './flow.mjs';
import { graphsOf } from './flow/graph.mjs';
import { judgeMoves, passed } from './flow/judge.mjs';
import { END, ENTRY } from './flow/runs.mjs';

const root = process.cwd();
const graph = (body) => graphsOf(root, `int f(struct s *p)\n{\n${body.replace(/^(?!#)/gm, '\t')}\n}\n`).get('f\t1')();

/** Lines (of the body, from 1) passed on the way between two lines when every node is visible; null when there is no way. */
function way(g, from, to) {
  const at = (line) => g.nodes.findIndex(({ sites }) => sites.length > 0 && g.sites[sites[0]].line === line + 2);
  const found = passed(g, from === 'entry' ? g.entry : at(from), to === 'end' ? g.exit : at(to), g.nodes.map(({ sites }) => sites.length > 0));
  return found && found.map((n) => g.sites[g.nodes[n].sites[0]].line - 2);
}

test('branches, loops and what follows them', () => {
  const g = graph('if (a(p)) {\nb();\n} else\nc();\nwhile (d(p))\ne();\ng();');
  assert.deepEqual(way(g, 'entry', 1), []);
  assert.deepEqual(way(g, 1, 2), []);
  assert.deepEqual(way(g, 2, 4), null);
  assert.deepEqual(way(g, 4, 5), []);
  assert.deepEqual(way(g, 6, 6), [5]);
  assert.deepEqual(way(g, 5, 7), []);
  assert.deepEqual(way(g, 1, 7), [2, 5]);
  assert.deepEqual(way(g, 7, 'end'), []);
  assert.deepEqual(way(g, 2, 1), null);
});

test('a goto, a switch that falls through, do while, loop macros, endless loops', () => {
  const g = graph('again:\na();\nswitch (x(p)) {\ncase 1:\nb();\ncase 2:\nc();\nbreak;\ncase 3:\ngoto again;\n}\ndo {\nd();\n} while (e());\nlist_for_each(q, p) {\nif (h())\nbreak;\n}\nfor (;;) {\nif (k())\nreturn 1;\n}\nm();');
  assert.deepEqual(way(g, 3, 7), []);
  assert.deepEqual(way(g, 5, 7), []);
  assert.deepEqual(way(g, 7, 12), [8]);
  assert.deepEqual(way(g, 10, 2), [1]);
  assert.deepEqual(way(g, 3, 12), [], 'no default');
  assert.deepEqual(way(g, 13, 13), [14]);
  assert.deepEqual(way(g, 17, 20), [19]);
  assert.equal(way(g, 16, 23), null, 'nothing leaves for (;;) but its return');
  assert.deepEqual(way(g, 21, 'end'), []);
});

test('#if: what was not compiled is no way; of the unknown any branch is one', () => {
  const g = graph('a();\n#ifdef CONFIG_NUMA\nif (b())\nc();\nelse\n#endif\nd();\n#ifdef CONFIG_UNHEARD_OF\nreturn 1;\n#else\ne();\n#endif\nd();');
  assert.deepEqual(way(g, 1, 7), []);
  assert.deepEqual(way(g, 7, 9), []);
  assert.deepEqual(way(g, 7, 11), []);
  assert.equal(way(g, 9, 13), null);
  assert.equal(g.nodeOf.has('call\td\t2'), true, 'anchors count what was not compiled, too');
  assert.equal(g.nodeOf.has('call\tc\t1'), false);
});

const A = { path: 'f.c', function: 'f', def: 1, kind: 'call', text: 'a', nth: 1 };
const runs = (moves) => ({ functions: [{ path: 'f.c', name: 'f', def: 1 }], sites: [A, { ...A, text: 'b' }, { ...A, text: 'c' }], moves: moves.map(([from, to]) => ({ fn: 0, from, to, times: 1, where: 'x.a step 1' })) });
const judged = (body, moves, unseen = []) => judgeMoves(runs(moves), () => graph(body), new Map([['f.c\tf', { shown: new Map(['a', 'b', 'c'].filter((x) => !unseen.includes(x)).map((x) => [`call\t${x}\t1`, { always: true }])) }]]));

test('moves: skipped, impossible, cut short; what the mirror does not show may be passed', () => {
  const kinds = (...args) => judged(...args).map((row) => row.kind);
  assert.deepEqual(kinds('a();\nb();\nc();', [[ENTRY, 0], [0, 1], [1, 2], [2, END]]), []);
  assert.deepEqual(kinds('a();\nb();\nc();', [[ENTRY, 1], [0, 2], [1, END], [2, 0]]), ['first', 'passes', 'last', 'no way']);
  assert.deepEqual(kinds('a();\nb();\nc();', [[0, 2]], ['b']), []);
  assert.deepEqual(kinds('if (x)\na();\nelse\nb();\nc();', [[0, 2], [1, 2], [0, 1]]), ['no way']);
  assert.deepEqual(kinds('a(b() ? 1 : c());', [[1, 0], [ENTRY, 2], [2, 2]]), ['no way'], 'inside a statement any order, but nothing twice');
  assert.match(sentence(judged('a();\nb();\nc();', [[0, 2]])[0]), /^f\.c f: passes: 3 -> 5, passing 4 \(1 times, first x\.a step 1\)$/);
});

test('a call behind && may be passed unseen', () => {
  assert.deepEqual(judged('a();\nif (x && b())\ny();\nc();', [[0, 2]]), []);
  assert.deepEqual(judged('a();\nif (b() && x)\ny();\nc();', [[0, 2]]).map((row) => row.passed), [[4]]);
});
