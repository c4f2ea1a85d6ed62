import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NavigatorNode, NeighbourhoodReply } from '../../protocol/navigator';
import { readFromNeighbourhood } from '../../protocol/neighbourhood';
import { exported } from './exports';
import { idOf, MOST_VISIBLE, Neighbourhood } from './model';

const node = (name: string, path = 'net/ipv4/a.c', line = 1): NavigatorNode => ({ name, kind: 'function', path, line, column: 5 });
const graph = (nodes: NavigatorNode[], edges: Array<[number, number, string?]>, cut = false): NeighbourhoodReply => ({
  nodes, cut, edges: edges.map(([from, to, member]) => ({ from, to, site: { path: 'net/ipv4/a.c', line: 7, column: 2 }, via: member === undefined ? null : { struct: 'proto', member } })),
});

function small(): Neighbourhood {
  const m = new Neighbourhood();
  m.reset('around mid', graph([node('mid'), node('out'), node('deep', 'drivers/net/x.c'), node('caller', 'net/core/b.c')], [[0, 1], [1, 2, 'sendmsg'], [3, 0]]), [0]);
  return m;
}

test('callers stand to the left, what is called to the right, nothing overlaps', () => {
  const { nodes } = small().layout();
  const x = Object.fromEntries(nodes.map((p) => [p.node.name, p.x]));
  assert.ok(x.caller < x.mid && x.mid < x.out && x.out < x.deep);
  for (const a of nodes) for (const b of nodes) if (a !== b) assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || Math.abs(a.y - b.y) >= 24);
});

test('hiding and folders take functions away and give them back; the centre stays', () => {
  const m = small();
  m.hide(idOf(node('mid')));
  m.hide(idOf(node('out')));
  assert.deepEqual(m.visible().map((n) => n.name), ['mid', 'deep', 'caller']);
  m.filter = ['net', '-net/core'];
  assert.deepEqual(m.visible().map((n) => n.name), ['mid']);
  assert.equal(m.hiddenCount, 3);
  m.filter = [];
  m.showAll();
  assert.equal(m.visible().length, 4);
  assert.deepEqual(m.folders(), ['drivers/net', 'net/core', 'net/ipv4']);
});

test('a node opens to what it calls, and never beyond what can be shown', () => {
  const m = small();
  assert.equal(m.merge(node('out'), 'callees', graph([node('out'), node('new', 'lib/n.c')], [[0, 1]])), 1);
  assert.equal([...m.nodes.values()].find((n) => n.name === 'new')?.layer, 2);
  assert.equal(m.merge(node('out'), 'callees', graph([node('out'), node('new', 'lib/n.c')], [[0, 1]])), 0);
  const many = Array.from({ length: 2 * MOST_VISIBLE }, (_, k) => node(`f${k}`, 'lib/many.c', k + 1));
  m.merge(node('mid'), 'callers', graph([node('mid'), ...many], many.map((_, k) => [k + 1, 0])));
  assert.equal(m.visible().length, MOST_VISIBLE);
  assert.equal(m.cut, true);
  const start = performance.now();
  assert.equal(m.layout().nodes.length, MOST_VISIBLE);
  assert.ok(performance.now() - start < 1000);
});

test('the picture is saved as SVG, DOT and JSON of what shows, with names made harmless', () => {
  const m = small();
  m.title = 'a <b> "c"';
  m.hide(idOf(node('deep', 'drivers/net/x.c')));
  const json = JSON.parse(exported('json', m.title, m.layout())) as { nodes: Array<{ name: string }>; edges: unknown[] };
  assert.deepEqual(json.nodes.map((n) => n.name).sort(), ['caller', 'mid', 'out']);
  assert.equal(json.edges.length, 2);
  const dot = exported('dot', m.title, m.layout());
  assert.ok(dot.startsWith('digraph "a <b> \\"c\\"" {') && dot.includes('"net/core/b.c:1:caller" -> "net/ipv4/a.c:1:mid"'));
  const svg = exported('svg', m.title, m.layout());
  assert.ok(svg.includes('&#60;b&#62;') && !svg.includes('<b>') && (svg.match(/<rect /g) ?? []).length === 3);
});

test('the extension takes only messages that are whole', () => {
  assert.deepEqual(readFromNeighbourhood({ type: 'expand', node: node('x'), direction: 'callers' }), { type: 'expand', node: node('x'), direction: 'callers' });
  for (const bad of [null, 1, {}, { type: 'open', path: 'a', line: 0 }, { type: 'expand', node: { name: 'x' }, direction: 'callers' }, { type: 'save', format: 'exe', text: '' }, { type: 'expand', node: node('x'), direction: 'up' }]) assert.equal(readFromNeighbourhood(bad), null);
});
