import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { AnchorResolver } from '../source/anchor/resolve';
import { KernelTree } from '../source/tree';
import { readRecording } from './recording';

/** Where the outline lies for bundles: beside them, in media/. */
const ASSETS = process.cwd();
const ROWS = ['# tracer: function_graph', ' 0)               |  sys_sendto() {', ' 0)               |    newly_named_send() {', ' 0)   1.000 us    |      tcp_sendmsg.isra.3();', ' 0)   1.000 us    |      nowhere_at_all();', ' 0)   9.000 us    |    }', ' 0)   9.000 us    |  }', 'what is this?', ''];

function withTree(work: (dir: string, resolver: AnchorResolver) => void): void {
  const dir = mkdtempSync(path.join(tmpdir(), 'skbwalk-recording-'));
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  };
  try {
    put('Makefile', 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n');
    put('net/socket.c', 'int newly_named_send(int fd);\n\nSYSCALL_DEFINE6(sendto, int, fd, void __user *, buff)\n{\n\treturn newly_named_send(fd);\n}\n');
    // Another version has the function elsewhere than the outline says, and one that it does not know.
    put('net/ipv4/tcp_new.c', 'int tcp_sendmsg(int a)\n{\n\treturn a;\n}\n');
    put('net/ipv4/other.c', 'static struct file *newly_named_send(struct sock *sk,\n\t\tint fd)\n{\n\ttcp_sendmsg(1);\n\treturn fd;\n}\n');
    put('include/linux/skbuff.h', '');
    const tree = KernelTree.open(dir);
    assert.ok(tree.ok);
    work(dir, new AnchorResolver(tree.value));
  } finally { rmSync(dir, { recursive: true, force: true }); }
}

test('names of a recording are found in a tree of another version, by their definitions only', () => withTree((dir, resolver) => {
  writeFileSync(path.join(dir, 'a.txt'), ROWS.join('\n'));
  const made = readRecording(path.join(dir, 'a.txt'), resolver, ASSETS);
  assert.ok(made.ok, made.ok === false ? made.error.message : '');
  const { trace, problems } = made.value;
  assert.deepEqual(trace.functions.map((f) => [f.name, f.path]), [['sys_sendto', 'net/socket.c'], ['newly_named_send', 'net/ipv4/other.c'], ['tcp_sendmsg', 'net/ipv4/tcp_new.c'], ['nowhere_at_all', '']]);
  assert.deepEqual(trace.sites.map((s) => [s.function, s.text, resolver.resolve(s).line]), [['sys_sendto', 'newly_named_send', 5], ['newly_named_send', 'tcp_sendmsg', 4]]);
  assert.deepEqual([trace.kernel, trace.title, problems.map((p) => p.code)], ['6.1.0', 'Recorded: a', ['ftrace-line']]);
}));

test('a packed recording is unpacked; one that is cut gives what is left, with a word about it', () => withTree((dir, resolver) => {
  const packed = gzipSync(ROWS.join('\n')), rest = gzipSync(`${ROWS.join('\n')}${' 0)   1.000 us    |  kfree();\n'.repeat(20_000)}`);
  writeFileSync(path.join(dir, 'b.graph.txt.gz'), packed);
  writeFileSync(path.join(dir, 'c.gz'), rest.subarray(0, rest.length - 20));
  const whole = readRecording(path.join(dir, 'b.graph.txt.gz'), resolver, ASSETS), cut = readRecording(path.join(dir, 'c.gz'), resolver, ASSETS);
  assert.ok(whole.ok && whole.value.trace.scenario === 'b' && whole.value.trace.frames.count === 4);
  assert.ok(cut.ok && cut.value.trace.frames.count > 100 && cut.value.problems[0].code === 'trace-cut');
}));

test('what is no recording is said, with what would be one', () => withTree((dir, resolver) => {
  writeFileSync(path.join(dir, 'none.txt'), 'hello\n');
  writeFileSync(path.join(dir, 'bad.gz'), Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(100, 7)]));
  const code = (file: string): string => { const made = readRecording(path.join(dir, file), resolver, ASSETS); return made.ok === false ? made.error.code : 'ok'; };
  assert.deepEqual(['none.txt', 'bad.gz', 'absent.txt', '.'].map(code), ['trace-unknown', 'trace-broken', 'trace-unreadable', 'trace-unreadable']);
}));
