import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsExactly, holdsInOrder, holdsLoosely, matchScore } from './match';
import { SymbolSearch } from './symbols';
import { makeTree, openTree } from './testing';

async function searchOver(names: readonly string[], run: (find: (text: string) => string[]) => void): Promise<void> {
  const { root, dispose } = makeTree({ 'net/a.c': names.map((n) => `int ${n}(void) { return 0; }`).join('\n') });
  try {
    const search = new SymbolSearch((await openTree(root)).query);
    run((text) => search.find(text).map((d) => d.name));
  } finally {
    dispose();
  }
}

test('a text is found as typed, without its underscores, by initials and by some of its letters', () => searchOver(
  ['dev_hard_start_xmit', 'dev_queue_xmit', 'tcp_sendmsg', 'tcp_transmit_skb', 'dhsx_not', 'netif_receive_skb', 'udp_sendmsg', 'DEV_QUEUE'], (find) => {
    assert.deepEqual(find('devqueue'), ['dev_queue_xmit', 'DEV_QUEUE'], 'of the same case first');
    assert.deepEqual(find('dhsx'), ['dhsx_not'], 'as typed before initials');
    assert.deepEqual(find('dqx'), ['dev_queue_xmit']);
    assert.deepEqual(find('ntfrcvsk'), ['netif_receive_skb']);
    assert.deepEqual(find('tcpsndmsg'), ['tcp_sendmsg']);
    assert.deepEqual(find('zq'), []);
  }));

test('no name is lost to what is looked at first: random names and texts against a look at each', () => {
  let seed = 7;
  const random = (n: number): number => (seed = Math.imul(seed, 1103515245) + 12345 >>> 0) % 65521 % n;
  const word = (length: number): string => Array.from({ length }, () => 'abcX_'[random(5)]).join('');
  const names = [...new Set(Array.from({ length: 120 }, () => `v${word(1 + random(12))}`))];
  return searchOver(names, (find) => {
    for (let n = 0; n < 300; n++) {
      const text = word(1 + random(5)), wanted = Buffer.from(text), fits = (holds: typeof holdsExactly) => names.filter((name) => holds(Buffer.from(name), 0, name.length, wanted));
      const found = find(text), exactly = fits(holdsExactly), well = fits(holdsLoosely).filter((name) => matchScore(Buffer.from(name), 0, name.length, wanted) > 7 * text.length - 8);
      const asTyped = new Set(text[0] === '_' && exactly.length > 0 ? exactly : [...exactly, ...well]);
      if (asTyped.size > 0) assert.deepEqual(new Set(found), asTyped, text);
      else assert.equal(found.length > 0, fits(holdsInOrder).length > 0, text);
    }
  });
});

test('declarations are found where there is no definition', () => searchOver(['one(void); int two', 'one'], (find) => {
  assert.deepEqual(find('one'), ['one']);
}));
