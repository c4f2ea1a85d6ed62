import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as R from '../drivers/net/ethernet/intel/igb/e1000_regs';
import { Toeplitz, type RxFrame } from './rss';

/** The verification suite of Microsoft's description of RSS, which the 82576's datasheet refers to. */
const KEY = '6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa';
const SUITE = [
  { from: [66, 9, 149, 187], to: [161, 142, 100, 80], ports: [2794, 1766], addresses: 0x323e8fc2, all: 0x51ccc178 },
  { from: [199, 92, 111, 2], to: [65, 69, 140, 83], ports: [14230, 4739], addresses: 0xd718262a, all: 0xc626b0ea },
  { from: [24, 19, 198, 95], to: [12, 22, 207, 184], ports: [12898, 38024], addresses: 0xd2d0a5de, all: 0x5c2b394a },
];

function registers(key: string): Int32Array {
  const regs = new Int32Array(0x20000 >> 2);
  regs[R.E1000_MRQC >> 2] = 2;
  Buffer.from(key, 'hex').forEach((byte, i) => { regs[(R.E1000_RSSRK(0) >> 2) + (i >> 2)] |= byte << ((i & 3) * 8); });
  return regs;
}

function frame({ from, to, ports }: typeof SUITE[number], tcp: boolean): RxFrame {
  const bytes = Uint8Array.from([...from, ...to, ...ports.flatMap((p) => [p >> 8, p & 255])]);
  return { bytes, status: 0, addresses: 0, ports: 8, tcp };
}

test('the receive hash is that of the verification suite', () => {
  const rss = new Toeplitz(), regs = registers(KEY);
  for (const row of SUITE) {
    assert.equal(rss.hash(frame(row, false), regs), row.addresses);
    assert.equal(rss.hash(frame(row, true), regs), row.all);
  }
});

test('another key counts once the old one is forgotten; without RSS there is no hash', () => {
  const rss = new Toeplitz(), regs = registers(KEY), [row] = SUITE;
  rss.hash(frame(row, true), regs);
  regs.set(registers('00'.repeat(40)).subarray(R.E1000_RSSRK(0) >> 2, R.E1000_RSSRK(10) >> 2), R.E1000_RSSRK(0) >> 2);
  rss.forget();
  assert.equal(rss.hash(frame(row, true), regs), 0);
  regs[R.E1000_MRQC >> 2] = 0;
  assert.equal(new Toeplitz().hash(frame(row, true), registers(KEY).fill(0)), 0);
});
