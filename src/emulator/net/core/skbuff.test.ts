/** Laws of the socket buffer primitives, as properties over random buffers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Machine } from '../../machine/machine';
import { createHost } from '../../host';
import { current } from '../../include/ports';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { alloc_page, page_address } from '../../include/linux/mm';
import {
  __netdev_alloc_skb, __pskb_copy, __pskb_pull_tail, alloc_skb, alloc_skb_fclone, kfree_skb, pskb_expand_head, pskb_may_pull, pskb_trim, skb_checksum, skb_clone, skb_cloned, skb_copy,
  skb_copy_bits, skb_fill_page_desc, skb_headlen, skb_headroom, skb_pull, skb_push, skb_put, skb_queue_head_init, skb_queue_len, skb_reserve, skb_shift, skb_shinfo, skb_split, skb_store_bits,
  skb_tailroom, skb_try_coalesce, skb_dequeue, skb_queue_tail, skb_queue_head, sk_buff_head, type sk_buff,
} from '../../include/linux/skbuff';
import { csum_block_add, csum_fold, csum_partial } from '../../include/net/checksum';

function boot(): void {
  createHost(new Machine(1, 1200, { packetEvent() { /* not looked at */ } }), 0, 'a', 1);
}
/** Every byte of a packet, in order. */
function bytesOf(skb: sk_buff): Uint8Array {
  const out = new Uint8Array(skb.len);
  assert.equal(skb_copy_bits(skb, 0, out, 0, skb.len), 0);
  return out;
}
/** A packet of `linear` bytes in its head and one fragment per entry of `frags`, all counted up. */
function build(linear: number, frags: readonly number[], headroom = 64): sk_buff {
  const skb = alloc_skb(headroom + linear + 32, GFP_ATOMIC);
  let n = 0;
  skb_reserve(skb, headroom);
  const at = skb_put(skb, linear);
  for (let i = 0; i < linear; i++) skb.head[at + i] = n++;
  frags.forEach((size, i) => {
    const page = alloc_page(GFP_ATOMIC);
    const from = 100 + i;
    for (let k = 0; k < size; k++) page_address(page)[from + k] = n++;
    skb_fill_page_desc(skb, i, page, from, size);
    skb.len += size;
    skb.data_len += size;
    skb.truesize += size;
  });
  return skb;
}
const shape = fc.record({ linear: fc.integer({ min: 0, max: 200 }), frags: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 6 }) });
function pagesOf(skb: sk_buff): { _count: { counter: number } }[] {
  return skb_shinfo(skb).frags.slice(0, skb_shinfo(skb).nr_frags).map((f) => f.page.p);
}

test('put, push and pull move data and tail by what they are told, and give the place', () => {
  boot();
  fc.assert(fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 64 }), (room, len, front) => {
    const skb = alloc_skb(room + len + 64, GFP_ATOMIC);
    skb_reserve(skb, room + 64);
    const end = skb.end, tail = skb_put(skb, len);
    assert.equal(tail, room + 64);
    assert.deepEqual([skb.len, skb_headroom(skb), skb.tail, skb_tailroom(skb)], [len, room + 64, room + 64 + len, end - room - 64 - len]);
    assert.equal(skb_push(skb, front), room + 64 - front);
    assert.equal(skb.len, len + front);
    assert.equal(skb_pull(skb, front), room + 64);
    assert.equal(skb.len, len);
    assert.equal(skb_pull(skb, len + 1), null);
  }));
});

test('putting more than there is room for ends the run', () => {
  boot();
  const skb = alloc_skb(64, GFP_ATOMIC);
  assert.throws(() => skb_put(skb, skb.end + 1), /BUG/);
});

test('truesize is the slab block, the sk_buff and the shared info', () => {
  boot();
  assert.equal(alloc_skb(64, GFP_ATOMIC).truesize, 512 - 320 + 256 + 320);
  assert.equal(alloc_skb(1500, GFP_ATOMIC).truesize, 2048 - 320 + 256 + 320);
});

test('a clone shares the bytes, a copy does not', () => {
  boot();
  fc.assert(fc.property(shape, ({ linear, frags }) => {
    const skb = build(linear, frags), before = bytesOf(skb);
    const clone = skb_clone(skb, GFP_ATOMIC), copy = skb_copy(skb, GFP_ATOMIC), half = __pskb_copy(skb, 64, GFP_ATOMIC);
    assert.ok(clone.head === skb.head && skb_cloned(skb) && skb_cloned(clone));
    assert.equal(clone.pkt, skb.pkt);
    assert.equal(copy.pkt, skb.pkt);
    for (const other of [clone, copy, half]) assert.deepEqual(bytesOf(other), before);
    assert.ok(copy.head !== skb.head && half.head !== skb.head);
    assert.equal(copy.data_len, 0);
    if (linear) {
      skb.head[skb.data] ^= 0xff;
      assert.notDeepEqual(bytesOf(clone), before);
      assert.deepEqual(bytesOf(copy), before);
      assert.deepEqual(bytesOf(half), before);
    }
    const pages = pagesOf(skb);
    for (const other of [clone, copy, half]) kfree_skb(other);
    assert.ok(!skb_cloned(skb));
    for (const p of pages) assert.equal(p._count.counter, 1);
    kfree_skb(skb);
    for (const p of pages) assert.equal(p._count.counter, 0);
  }));
});

test('the clone that lies beside an fclone buffer is used, and used again', () => {
  boot();
  const skb = alloc_skb_fclone(100, GFP_ATOMIC);
  const first = skb_clone(skb, GFP_ATOMIC), second = skb_clone(skb, GFP_ATOMIC);
  assert.equal(first, skb.fclone_child);
  assert.notEqual(second, first);
  kfree_skb(first);
  assert.equal(skb_clone(skb, GFP_ATOMIC), first);
});

test('split cuts in two without losing, adding or changing a byte', () => {
  boot();
  fc.assert(fc.property(shape, fc.nat(), ({ linear, frags }, cut) => {
    const skb = build(linear, frags), before = bytesOf(skb), pages = pagesOf(skb);
    const len = skb.len ? cut % skb.len : 0;
    const rest = alloc_skb(linear + 64, GFP_ATOMIC);
    skb_split(skb, rest, len);
    assert.deepEqual([skb.len, rest.len], [len, before.length - len]);
    assert.deepEqual(Buffer.concat([bytesOf(skb), bytesOf(rest)]), Buffer.from(before));
    assert.equal(skb_headlen(skb) + skb.data_len, skb.len);
    kfree_skb(skb);
    kfree_skb(rest);
    for (const p of pages) assert.equal(p._count.counter, 0);
  }));
});

test('shift moves the front of one packet to the end of the other', () => {
  boot();
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }), fc.nat(), (a, b, n) => {
    const tgt = build(0, a), skb = build(0, b), all = Buffer.concat([bytesOf(tgt), bytesOf(skb)]), pages = [...pagesOf(tgt), ...pagesOf(skb)];
    const len = 1 + (n % skb.len), was = tgt.len;
    assert.equal(skb_shift(tgt, skb, len), len);
    assert.equal(tgt.len, was + len);
    assert.deepEqual(Buffer.concat([bytesOf(tgt), bytesOf(skb)]), all);
    kfree_skb(tgt);
    kfree_skb(skb);
    for (const p of pages) assert.equal(p._count.counter, 0);
  }));
});

test('pulling, trimming, expanding keep the bytes that are left', () => {
  boot();
  fc.assert(fc.property(shape, fc.nat(), fc.nat(), fc.boolean(), ({ linear, frags }, p, t, cloned) => {
    const skb = build(linear, frags), before = bytesOf(skb), pages = pagesOf(skb);
    const other = cloned ? skb_clone(skb, GFP_ATOMIC) : null;
    const pull = skb.len ? p % (skb.len + 1) : 0;
    assert.equal(pskb_may_pull(skb, pull), true);
    assert.equal(pskb_may_pull(skb, skb.len + 1), false);
    assert.ok(skb_headlen(skb) >= pull);
    assert.deepEqual(bytesOf(skb), before);
    assert.equal(pskb_expand_head(skb, 128, 64, GFP_ATOMIC), 0);
    assert.ok(skb_headroom(skb) >= 128);
    assert.deepEqual(bytesOf(skb), before);
    const trim = skb.len ? t % (skb.len + 1) : 0;
    assert.equal(pskb_trim(skb, trim), 0);
    assert.deepEqual(bytesOf(skb), before.slice(0, trim));
    if (other) {
      assert.deepEqual(bytesOf(other), before);
      kfree_skb(other);
    }
    kfree_skb(skb);
    for (const page of pages) assert.equal(page._count.counter, 0);
  }));
});

test('linearising a packet with everything in fragments', () => {
  boot();
  const skb = build(0, [300, 200, 100]), before = bytesOf(skb);
  assert.notEqual(__pskb_pull_tail(skb, skb.data_len), null);
  assert.equal(skb.data_len, 0);
  assert.deepEqual(bytesOf(skb), before);
});

test('stored bits are read back, and nothing beside them changes', () => {
  boot();
  fc.assert(fc.property(shape, fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(), ({ linear, frags }, data, o) => {
    const skb = build(linear, frags), expected = bytesOf(skb);
    if (data.length > skb.len) { assert.equal(skb_store_bits(skb, 0, data, 0, data.length), -14); return; }
    const offset = o % (skb.len - data.length + 1);
    assert.equal(skb_store_bits(skb, offset, data, 0, data.length), 0);
    expected.set(data, offset);
    assert.deepEqual(bytesOf(skb), expected);
  }));
});

/** RFC 1071 in its plainest form. */
function slowSum(b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < b.length; i += 2) sum += (b[i] << 8) | (i + 1 < b.length ? b[i + 1] : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
test('the checksum over head and fragments is that over the bytes', () => {
  boot();
  fc.assert(fc.property(shape, fc.nat(), ({ linear, frags }, o) => {
    const skb = build(linear, frags), all = bytesOf(skb);
    const offset = skb.len ? o % skb.len : 0;
    if (skb.len === offset) return;
    assert.equal(csum_fold(skb_checksum(skb, offset, skb.len - offset, 0)), slowSum(all.slice(offset)));
  }));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
    const sum = csum_block_add(csum_partial(a, 0, a.length, 0), csum_partial(b, 0, b.length, 0), a.length);
    assert.equal(csum_fold(sum), slowSum(Uint8Array.from([...a, ...b])));
  }));
});

test('receive buffers are cut from one page per CPU and give it back', () => {
  boot();
  const made: sk_buff[] = [];
  for (let i = 0; i < 400; i++) {
    const skb = __netdev_alloc_skb(null, 256, GFP_ATOMIC);
    assert.equal(skb.head_frag, 1);
    assert.equal(skb.truesize, 320 + 256 + 320);
    skb.head[0] = i & 255;
    made.push(skb);
    if (made.length > 20) kfree_skb(made.shift());
    assert.deepEqual(made.map((s) => s.head[0]), made.map((_, k) => (i - made.length + 1 + k) & 255));
  }
  made.forEach((s) => kfree_skb(s));
  const nc = current.cpu.netdev_alloc_cache;
  assert.equal(nc.frag.page._count.counter, nc.pagecnt_bias);
});

test('coalescing appends the other packet, by copy or by taking its head', () => {
  boot();
  const to = build(100, [50]), from = __netdev_alloc_skb(null, 256, GFP_ATOMIC);
  const at = skb_put(from, 200);
  for (let i = 0; i < 200; i++) from.head[at + i] = i;
  const expected = Buffer.concat([bytesOf(to), bytesOf(from)]);
  const stolen = { v: false }, delta = { v: 0 };
  assert.equal(skb_try_coalesce(to, from, stolen, delta), true);
  assert.deepEqual(Buffer.from(bytesOf(to)), expected);
  assert.equal(stolen.v, true);
  assert.equal(delta.v, from.truesize - 256);
});

test('queues keep order and count', () => {
  boot();
  fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (ends) => {
    const list = new sk_buff_head(), model: sk_buff[] = [];
    skb_queue_head_init(list);
    for (const front of ends) {
      const skb = alloc_skb(10, GFP_ATOMIC);
      if (front) { skb_queue_head(list, skb); model.unshift(skb); } else { skb_queue_tail(list, skb); model.push(skb); }
      assert.equal(skb_queue_len(list), model.length);
    }
    for (const skb of model) assert.equal(skb_dequeue(list), skb);
    assert.equal(skb_dequeue(list), null);
  }));
});
