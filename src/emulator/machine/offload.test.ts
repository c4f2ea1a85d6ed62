import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fold16, segment, sum16, type TxContext } from './offload';
import { parseRx } from './rss';
import * as D from '../drivers/net/ethernet/intel/igb/e1000_defines';

const CONTEXT: TxContext = { maclen: 14, iplen: 20, l4len: 20, mss: 100, ipv4: true, tcp: true };

/** A TCP segment over IPv4 as the host hands it over for segmentation: lengths and IP checksum 0, the pseudo header's sum without length. */
function tcpPacket(payload: Uint8Array, flags: number, whole: boolean): Uint8Array {
  const p = new Uint8Array(54 + payload.length);
  p.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 0, 0xff, 0xfe, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
  p.set([0x80, 0, 0x1f, 0x90, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1, 0x50, flags, 0x10, 0], 34);
  p.set(payload, 54);
  if (whole) { const total = p.length - 14; p[16] = total >> 8; p[17] = total & 255; }
  const pseudo = fold16(sum16(p, 26, 34, 6 + (whole ? p.length - 34 : 0)));
  p[50] = pseudo >> 8;
  p[51] = pseudo & 255;
  return p;
}

test('segments carry the payload in order, with right lengths, checksums, ids and sequence numbers that wrap', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 900 }), (payload) => {
    const frames = segment(tcpPacket(payload, 0x99, false), CONTEXT, true, true, true);
    assert.equal(frames.length, Math.ceil(payload.length / 100));
    const joined: number[] = [];
    frames.forEach((f, n) => {
      const found = parseRx(f);
      assert.equal(found.status & (D.E1000_RXDEXT_STATERR_TCPE | D.E1000_RXDEXT_STATERR_IPE), 0);
      assert.notEqual(found.status & D.E1000_RXD_STAT_TCPCS, 0);
      assert.equal((f[16] << 8) | f[17], f.length - 14);
      assert.equal((f[18] << 8) | f[19], (0xfffe + n) & 0xffff);
      assert.equal(((f[38] << 24) | (f[39] << 16) | (f[40] << 8) | f[41]) >>> 0, (0xffffff00 + n * 100) >>> 0);
      const last = n === frames.length - 1;
      assert.equal((f[47] & 0x09) !== 0, last, 'FIN and PSH on the last segment only');
      assert.equal((f[47] & 0x80) !== 0, n === 0, 'CWR on the first segment only');
      joined.push(...f.subarray(54));
    });
    assert.deepEqual(joined, [...payload]);
  }));
});

test('a lone packet gets its TCP checksum from the pseudo header that the host put there', () => {
  const frames = segment(tcpPacket(Uint8Array.of(1, 2, 3), 0x18, true), CONTEXT, false, true, true);
  assert.equal(frames.length, 1);
  assert.notEqual(parseRx(frames[0]).status & D.E1000_RXD_STAT_TCPCS, 0);
});

test('one flipped bit anywhere in the segment is noticed on receive', () => {
  const good = segment(tcpPacket(Uint8Array.from({ length: 64 }, (_, i) => i), 0x18, true), CONTEXT, false, true, true)[0];
  for (let at = 14; at < good.length; at++) {
    if (at === 14 || at === 16 || at === 17 || at === 20 || at === 21 || at === 23) continue; // these change what the frame is
    const bad = good.slice();
    bad[at] ^= 0x10;
    assert.notEqual(parseRx(bad).status & (D.E1000_RXDEXT_STATERR_TCPE | D.E1000_RXDEXT_STATERR_IPE), 0, `byte ${at}`);
  }
});
