import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeHeaders, describeFrame, tcpFlags } from './headers';

const hexBytes = (text: string): Uint8Array => Uint8Array.from(text.replace(/\s/g, '').match(/../g) ?? [], (x) => parseInt(x, 16));
const SYN = hexBytes('525400000201 525400000101 0800  4500003c000040004006 0000 0a000001 0a000002  9c40 1389 00000001 00000000 a002 7210 0000 0000  020405b4 0402080a 00000064 00000000 01030307');
const ARP = hexBytes('ffffffffffff 525400000101 0806  0001 0800 06 04 0001 525400000101 0a000001 000000000000 0a000002 000000000000000000000000000000000000');

test('a SYN with its options', () => {
  const [eth, ip, tcp, ...rest] = decodeHeaders(SYN, 'ethernet'), field = (h: typeof tcp, name: string): string | undefined => h.fields.find((f) => f.name === name)?.value;
  assert.deepEqual([eth.protocol, ip.protocol, tcp.protocol, rest.length], ['ethernet', 'ip', 'tcp', 0]);
  assert.equal(field(tcp, 'options'), 'MSS 1460, SACK permitted, TS 100 0, NOP, WS 7');
  assert.equal(field(ip, 'frag_off'), '0x4000 (DF)');
  assert.equal(describeFrame(SYN), 'TCP 10.0.0.1:40000 > 10.0.0.2:5001 SYN len 0');
});

test('ARP, and the padding of short frames', () => {
  assert.equal(describeFrame(ARP), 'ARP request who has 10.0.0.2, tell 10.0.0.1');
  const padded = new Uint8Array(80);
  padded.set(SYN);
  assert.equal(describeFrame(padded), 'TCP 10.0.0.1:40000 > 10.0.0.2:5001 SYN len 0', 'the IP length ends the packet, not the frame');
});

test('no bytes are too strange: nothing throws, nothing reads behind the end', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom('ethernet', 'ip', 'tcp', 'arp', 'udp', 'icmp'), (bytes, kind) => {
    for (const h of decodeHeaders(bytes, kind as 'ip')) {
      assert.ok(h.offset <= bytes.length);
      for (const f of h.fields) assert.ok(f.offset + f.length <= bytes.length, `${h.protocol}.${f.name}`);
    }
    assert.ok(describeFrame(bytes).length > 0);
  }));
  assert.equal(tcpFlags(0x12), 'SYN ACK');
});
