/** Captures of every built-in scenario before an outside witness: tshark reads them, checks every checksum, and follows every connection. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { builtinScenarios, loadScenario, runScenario } from '../scenario';
import { exporterFor } from './registry';

const noTshark = spawnSync('tshark', ['--version']).error ? 'tshark is not installed' : false;
/** Not the preferences of whoever runs the tests: checksums are looked at, names are not looked up, sequence numbers are analysed and relative. */
const SETTINGS = ['-C', 'Default', '-n', '-o', 'tcp.analyze_sequence_numbers:TRUE', '-o', 'tcp.relative_sequence_numbers:TRUE', '-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE'];
const BROKEN = '_ws.malformed or ip.checksum.status==0 or tcp.checksum.status==0 or udp.checksum.status==0 or icmp.checksum.status==0 or igmp.checksum.status==0 or ip.bogus_header_length or tcp.bogus_header_length';

const BEHIND_A_HOLE = /retransmission|duplicate_ack|lost_segment|out_of_order|window_full|window_update/;
/** What an analyser rightly remarks upon, by scenario: frames are lost or reordered there (behind a hole a window fills up, or grows with what is queued there), or that is what the scenario shows. Everywhere else nothing may be remarked. */
const REMARKS: Readonly<Record<string, RegExp>> = {
  'tcp-loss-rto': /retransmission/, 'tcp-loss-tail-tlp': /retransmission|duplicate_ack/, 'tcp-syn-loss': /retransmission/, 'tcp-synack-loss': /retransmission/,
  'tcp-loss-fastrexmit': BEHIND_A_HOLE, 'tcp-fastrexmit-2loss-100k': BEHIND_A_HOLE, 'tcp-reorder': BEHIND_A_HOLE,
  'tcp-keepalive': /keep_alive/, 'tcp-zero-window': /window_full|zero_window|keep_alive|window_update/, 'send-nonblocking-full': /window_full|retransmission|window_update/,
};

const folder = mkdtempSync(path.join(os.tmpdir(), 'skbwalk-pcap-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function capture(id: string): string {
  const loaded = loadScenario({ id }), file = path.join(folder, `${id}.pcapng`);
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  writeFileSync(file, Buffer.concat([...exporterFor('pcapng')!.export(runScenario(loaded.value), { line: () => ({ status: 'missing', line: 0 }) })].map((piece) => Buffer.from(piece))));
  return file;
}

/** Rows of fields, tab-separated, of the frames that `filter` lets through. */
async function tshark(file: string, filter: string, fields: readonly string[]): Promise<string[][]> {
  const { stdout } = await promisify(execFile)('tshark', [...SETTINGS, '-r', file, '-Y', filter, '-T', 'fields', ...fields.flatMap((f) => ['-e', f])], { maxBuffer: 1 << 28, env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, LC_ALL: 'C.UTF-8' } });
  return stdout.split('\n').filter((row) => row !== '').map((row) => row.split('\t'));
}

/** The name of the first analysis flag that is set, for each frame that has one. */
const FLAGS = ['retransmission', 'fast_retransmission', 'spurious_retransmission', 'duplicate_ack', 'lost_segment', 'ack_lost_segment', 'out_of_order', 'window_full', 'zero_window', 'zero_window_probe', 'zero_window_probe_ack', 'keep_alive', 'keep_alive_ack', 'window_update', 'reused_ports'];

test('every built-in scenario: no malformed packet, no bad checksum, no remark where nothing is lost', { skip: noTshark }, async () => {
  const wrong: string[] = [], waiting = new Set<Promise<void>>();
  for (const { id } of builtinScenarios()) {
    const file = capture(id);
    const check = async (): Promise<void> => {
      const rows = await tshark(file, `${BROKEN} or tcp.analysis.flags`, ['frame.number', '_ws.malformed', 'ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status', ...FLAGS.map((f) => `tcp.analysis.${f}`)]);
      for (const [frame, malformed, ip, tcp, udp, ...set] of rows) {
        if (malformed || [ip, tcp, udp].some((s) => s?.split(',').includes('0'))) wrong.push(`${id}: frame ${frame} is broken (${malformed}, checksums ip ${ip} tcp ${tcp} udp ${udp})`);
        for (const [i, value] of set.entries()) if (value && !REMARKS[id]?.test(FLAGS[i])) wrong.push(`${id}: frame ${frame} ${FLAGS[i]}`);
      }
    };
    if (waiting.size >= 2) await Promise.race(waiting);
    const one = check().finally(() => waiting.delete(one));
    waiting.add(one);
  }
  await Promise.all(waiting);
  assert.deepEqual(wrong, []);
});

test('tshark does see a frame whose checksum was changed', { skip: noTshark }, async () => {
  const loaded = loadScenario({ id: 'tcp-send-64' });
  assert.ok(loaded.ok);
  const trace = runScenario(loaded.value), data = trace.wire.find((w) => w.bytes.length === 130)!;
  data.bytes[100] ^= 1;
  const file = path.join(folder, 'changed.pcapng');
  writeFileSync(file, Buffer.concat([...exporterFor('pcapng')!.export(trace, { line: () => ({ status: 'missing', line: 0 }) })].map((piece) => Buffer.from(piece))));
  assert.equal((await tshark(file, BROKEN, ['frame.number'])).length, 1);
});

const recordings = process.env.SKBWALK_TRACES ? path.join(process.env.SKBWALK_TRACES, '3.10.108') : path.join(process.cwd(), '../shared/traces/3.10.108');
const FIELDS = ['ip.src', 'tcp.flags.str', 'tcp.seq', 'tcp.ack', 'tcp.len', 'tcp.options.mss_val', 'tcp.options.wscale.shift', 'udp.srcport', 'udp.dstport', 'udp.length', 'frame.len'];

/** Segments that carry something, and datagrams, in order per sender; when pure ACKs go is a matter of timers. Ports are the scenario's or chosen by hash. */
async function meaningful(file: string): Promise<Record<string, string[]>> {
  const bySender: Record<string, string[]> = {};
  for (const row of await tshark(file, 'tcp or udp', FIELDS)) {
    const [src, flags, , , length, , , port] = row;
    if (flags && !/[SFR]/.test(flags) && length === '0') continue;
    (bySender[src] ??= []).push(row.map((v, i) => ((i === 7 || i === 8) && port ? 'port' : v)).join(' '));
  }
  return bySender;
}

for (const id of ['tcp-send-64', 'udp-send-64', 'tcp-connect', 'tcp-close']) {
  const missing = existsSync(path.join(recordings, `${id}.a.pcap`)) ? false : `no recordings here (SKBWALK_TRACES)`;
  test(`${id}: flags, lengths and relative numbers are those of the real kernel`, { skip: noTshark || missing }, async () => {
    const ours = await meaningful(capture(id)), theirs = await meaningful(path.join(recordings, `${id}.a.pcap`));
    // The recorded programs exit some time after the window, and their sockets are closed then: our runs end before.
    for (const sender of Object.keys(theirs)) while (theirs[sender].length > ours[sender].length && theirs[sender].at(-1)!.split(' ')[1].includes('F')) theirs[sender].pop();
    assert.deepEqual(ours, theirs);
  });
}
