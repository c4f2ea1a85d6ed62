import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import zlib from 'node:zlib';
import { anchorKey } from '../../base/anchor';
import { AnchorResolver } from '../anchor/resolve';
import { AnchorTable, parseAnchorTable, type AnchorRow } from '../anchor/table';
import { parse } from '../parse/parser';
import { functionsIn } from '../parse/sites';
import { codeOf, factsDir, gzTable, kernelDir, kernelText, skipWithout, valueOf } from '../parse/testing';
import { KernelIndex } from '../index/kernel-index';
import { Query } from '../index/query';
import { KernelTree } from '../tree';
import { decodeOutline, loadOutline, type Outline } from './data';
import { materialise, outlineFolder, outlineTree } from './materialise';

const DATA = path.resolve('media/outline-3.10.108.json.br');
const storage = fs.mkdtempSync(path.join(os.tmpdir(), 'skbwalk-outline-'));
after(() => fs.rmSync(storage, { recursive: true, force: true }));

function load(): Outline {
  return valueOf(loadOutline(DATA));
}
const tiny = (): Buffer => zlib.brotliCompressSync(JSON.stringify({
  format: 2, kernel: '3.10.108', names: ['', 'f', 'sk->ops->go', 'ops', 'table', 'go', 'MAX', 'for_each', 'x ? a : b', 'list(b)[2]->end', 'copy'],
  files: [{
    path: 'net/a.c', lines: 12, functions: [1, 2, 1, 5], calls: [4, 2, 1, 3, 0, 7, 3, 0, 1, 8, 2, 0, 1, 9, 1, 0], types: [1, 0, 6], tables: [[3, 4, 9, [1, 5, 1]]],
    stores: [5, 3, 5, 1, 5, 3, 5, 1, 0, 10, 5, 1, 2, 3, 5, 1],
  }],
}));

test('a file of the outline: what stands where', () => {
  const outline = decodeOutline(tiny(), 'tiny');
  assert.ok(outline.ok);
  const text = outlineTree(outline.value).read('net/a.c');
  assert.ok(text.ok);
  assert.deepEqual(text.value.split('\n'), ['#define MAX', 'void', 'f(void) {', '((struct ops *)ops)->go(); for_each(0);', 'a(); b(); ((struct ops *)p)->go = f;', 'list->end();', '}', '',
    'struct ops table = {', '.go = f, }; struct copy outline_10_go = { .go = f };', '', 'struct ops outline_12_go = { .go = f };', '']);
});

test('damaged, foreign and absent data are problems', () => {
  const code = (bytes: Buffer): string => codeOf(decodeOutline(bytes, 'x'));
  assert.equal(code(Buffer.from('not brotli')), 'outline-damaged');
  assert.equal(code(zlib.brotliCompressSync('{"format":99}')), 'outline-damaged');
  assert.equal(code(zlib.brotliCompressSync('{"format":2,"names":[]}')), 'outline-damaged');
  assert.equal(code(zlib.brotliCompressSync('{"format":2,"names":[],"files":[{"path":"a.c"}]}')), 'outline-damaged');
  assert.equal(codeOf(loadOutline(path.join(storage, 'none'))), 'outline-missing');
});

test('the data stays under 400 KB and holds the 198 files and more', () => {
  assert.ok(fs.statSync(DATA).size < 400 * 1024);
  const outline = load();
  assert.ok(outline.files.length >= 198);
  assert.equal(outline.kernel, '3.10.108');
});

test('materialise: a kernel tree, once, and again when a part is lost', () => {
  const outline = load(), first = valueOf(materialise(outline, storage));
  assert.deepEqual([first.version, first.isOutline], ['3.10.108', true]);
  const file = path.join(first.root, 'net/socket.c'), made = fs.statSync(file);
  assert.equal(materialise(outline, storage).ok, true);
  assert.equal(fs.statSync(file).ino, made.ino);
  fs.rmSync(path.join(first.root, '.skbwalk-outline.json'));
  assert.equal(materialise(outline, storage).ok, true);
  assert.notEqual(fs.statSync(file).ino, made.ino);
  assert.deepEqual(fs.readdirSync(storage), [outlineFolder(outline)]);
  const memory = outlineTree(outline).read('net/socket.c');
  assert.ok(memory.ok && memory.value === fs.readFileSync(file, 'latin1'));
});

test('materialise: a folder that cannot be written is a problem', () => {
  const blocked = path.join(storage, outlineFolder(load()), 'Makefile', 'below');
  assert.equal(codeOf(materialise(load(), blocked)), 'outline-not-written');
});

test('every file parses without an error and has its line count', () => {
  const outline = load(), tree = outlineTree(outline);
  for (const file of outline.files) {
    const text = tree.read(file.path);
    assert.ok(text.ok);
    assert.equal(text.value.split('\n').length - 1, file.lines, file.path);
    const syntax = parse(text.value);
    assert.ok(syntax.ok && !syntax.value.tree.rootNode.hasError, file.path);
  }
});

test('functions, calls and tables are those of the facts', skipWithout('facts'), () => {
  const tree = outlineTree(load()), table = (name: string): string[][] => gzTable(path.join(factsDir!, `${name}.tsv.gz`));
  const functions = new Set<string>(), calls = new Set<string>(), texts = new Map<string, string[]>();
  for (const [file, lines] of table('files')) {
    const text = tree.read(file);
    assert.ok(text.ok);
    assert.equal(text.value.split('\n').length - 1, Number(lines), file);
    texts.set(file, text.value.split('\n'));
    for (const f of functionsIn(text.value)) {
      functions.add([file, f.name, f.line, f.endLine, f.nameLine].join(' '));
      for (const s of f.sites) if (s.kind === 'call' || s.macro) calls.add([file, s.macro ?? s.text, s.tokenLine].join(' '));
    }
  }
  assert.deepEqual(new Set(table('functions').map((r) => r.join(' '))), functions);
  const wanted = table('calls').map((r) => [r[0], r[2].replace(/.*(->|\.)/, '').replace(/[()*]/g, ''), r[3]].join(' '));
  const missed = wanted.filter((c) => !calls.has(c));
  assert.ok(missed.length <= 6, missed.join('; '));
  for (const [file, struct, variable, first, member, value, line] of table('ops')) {
    assert.ok(texts.get(file)![Number(first) - 1].includes(`struct ${struct} ${variable} = {`), `${file}:${first}`);
    assert.ok(texts.get(file)![Number(line) - 1].includes(`.${member} = ${value},`), `${file}:${line}`);
  }
});

test('pointer calls have their candidates: assigned, copied, handed over and from tables', async () => {
  const tree = valueOf(materialise(load(), storage)), index = new KernelIndex(tree.root);
  await index.open({ threads: { script: '', count: 0 } });
  const query = new Query(index);
  const wanted: Record<string, string[]> = {
    __do_softirq: ['net_rx_action', 'net_tx_action', 'run_timer_softirq'], net_rx_action: ['igb_poll', 'process_backlog'], dst_output: ['ip_output', 'ip_mc_output'],
    ip_local_deliver_finish: ['tcp_v4_rcv', 'udp_rcv', 'icmp_rcv'], dequeue_skb: ['pfifo_fast_dequeue', 'tbf_dequeue'], handle_irq_event_percpu: ['igb_msix_ring'],
    dev_hard_start_xmit: ['igb_xmit_frame', 'loopback_xmit'], __sock_sendmsg_nosec: ['inet_sendmsg'], skb_release_head_state: ['tcp_wfree', 'sock_wfree'], inet_sendmsg: ['tcp_sendmsg', 'udp_sendmsg'],
  };
  for (const [caller, callees] of Object.entries(wanted)) {
    const found = query.callees(query.definitions(caller)[0]).filter((row) => row.via !== null).map((row) => row.name);
    for (const callee of callees) assert.ok(found.includes(callee), `${caller} calls ${found.join(', ')}; ${callee} is missing`);
  }
});

test('3.10.108: without a table, a call is on its own line as in the tree', skipWithout('kernel'), () => {
  const bare = new AnchorResolver(outlineTree(load()));
  for (const [file, name] of [['net/ipv4/tcp_output.c', 'tcp_write_xmit'], ['net/ipv4/tcp.c', 'tcp_sendmsg'], ['net/core/dev.c', 'dev_queue_xmit'], ['net/socket.c', 'sys_sendto']]) {
    const f = functionsIn(kernelText(file)).find((x) => x.name === name)!;
    for (const s of f.sites.filter((x) => x.kind === 'call')) assert.deepEqual(bare.resolve({ path: file, function: name, def: 1, kind: 'call', text: s.text, nth: s.nth }), { status: 'exact', line: s.tokenLine }, `${name} ${s.text} ${s.nth}`);
    assert.equal(bare.resolve({ path: file, function: name, def: 1, kind: 'return', text: '', nth: 1 }).status, 'function');
  }
});

/** A dozen functions' sites from the real tree, as the emulator's table has them. */
function realRows(): AnchorRow[] {
  const wanted: Record<string, string[]> = {
    'net/socket.c': ['sys_sendto', 'sys_send', 'sock_sendmsg'], 'net/ipv4/tcp.c': ['tcp_sendmsg', 'tcp_recvmsg'], 'net/ipv4/tcp_output.c': ['tcp_write_xmit', 'tcp_transmit_skb'],
    'net/core/dev.c': ['dev_queue_xmit', '__netif_receive_skb_core'], 'kernel/softirq.c': ['__do_softirq'], 'include/net/sock.h': ['sk_wait_event', 'sock_owned_by_user'], 'drivers/net/ethernet/intel/igb/igb_main.c': ['igb_poll', 'igb_xmit_frame_ring'],
  };
  return Object.entries(wanted).flatMap(([file, names]) => functionsIn(kernelText(file)).filter((f) => names.includes(f.name)).flatMap((f) => f.sites.map((s): AnchorRow => (
    { anchor: { path: file, function: f.name, def: f.def, kind: s.kind, text: s.text, nth: s.nth }, line: s.line }))));
}

test('with a table from the real tree, every anchor is exact on the same line as there', skipWithout('kernel'), () => {
  const rows = realRows(), real = KernelTree.open(kernelDir!);
  assert.ok(real.ok && rows.length > 500, `${rows.length} sites`);
  const onOutline = new AnchorResolver(outlineTree(load()), new AnchorTable(rows)), onReal = new AnchorResolver(real.value);
  for (const { anchor, line } of rows) {
    assert.deepEqual(onOutline.resolve(anchor), { status: 'exact', line });
    assert.deepEqual(onReal.resolve(anchor), { status: 'exact', line });
  }
});

test('without a table, entries and calls are still on their own lines', skipWithout('kernel'), () => {
  const bare = new AnchorResolver(outlineTree(load()));
  for (const { anchor, line } of realRows().filter((r) => r.anchor.kind === 'entry')) assert.deepEqual(bare.resolve(anchor), { status: 'exact', line }, anchorKey(anchor));
});

const ANCHORS = path.resolve('src/emulator/anchors.tsv');

function emulatorTable(): AnchorTable {
  const { table, problems } = valueOf(parseAnchorTable(fs.readFileSync(ANCHORS, 'utf8'), 'src/emulator/anchors.tsv'));
  assert.deepEqual(problems, []);
  return table;
}

test('every file and function of the emulator’s anchors is in the outline', { skip: fs.existsSync(ANCHORS) ? false : 'no src/emulator/anchors.tsv' }, () => {
  const resolver = new AnchorResolver(outlineTree(load()));
  const absent = emulatorTable().rows.filter(({ anchor, line }) => resolver.functions(anchor.path).filter((f) => f.name === anchor.function && f.line <= line && f.endLine >= line).length === 0);
  assert.deepEqual(absent.map(({ anchor, line }) => `${anchor.path}:${line} ${anchor.function}`), [], 'run node tools/make-outline.mjs, or make the anchors again');
});

test('3.10.108: every anchor of the emulator is exact, on the outline as in the tree', { skip: kernelDir === null || !fs.existsSync(ANCHORS) ? 'SKBWALK_KERNEL is not set, or no anchors yet' : false }, () => {
  const table = emulatorTable(), onOutline = new AnchorResolver(outlineTree(load()), table), onReal = new AnchorResolver(valueOf(KernelTree.open(kernelDir!)));
  for (const { anchor } of table.rows) {
    const there = onReal.resolve(anchor);
    assert.equal(there.status, 'exact', anchorKey(anchor));
    assert.deepEqual(onOutline.resolve(anchor), there, anchorKey(anchor));
  }
});
