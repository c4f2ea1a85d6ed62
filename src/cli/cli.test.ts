/** The command line as its users meet it: help, wrong words, wrong files, in both languages. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { EXIT, readArgs, UsageError, type CliIo } from './args';
import { HELP, overview } from './help';
import { outlineCommand } from './outline';
import { resolveCommand } from './resolve';
import { scenariosCommand, traceCommand } from './trace';
import { isChinese, translator } from './words';

/** Tests that read the outline want the build's folder. */
const built = { skip: existsSync('dist/anchors.tsv') ? false : 'no build here (npm run build)' };
const CHINESE = translator({ LANG: 'zh_CN.UTF-8' }, 'l10n/bundle.l10n.zh-cn.json');

interface Said { readonly code: number; readonly out: string; readonly err: string }
async function run(command: (argv: string[], io: CliIo) => Promise<number>, argv: readonly string[], t = translator({})): Promise<Said> {
  let out = '', err = '';
  const code = await command([...argv], { out: (text) => { out += text; }, err: (text) => { err += text; }, env: {}, t, assets: 'dist' });
  return { code, out, err };
}

/** A folder of files for one test. */
async function withFiles(files: Readonly<Record<string, string | Uint8Array>>, work: (dir: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'skbwalk-cli-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dir, name), text);
    await work(dir);
  } finally { rmSync(dir, { recursive: true, force: true }); }
}

test('a locale of Simplified Chinese is one, in the order of POSIX', () => {
  for (const LANG of ['zh', 'zh_CN', 'zh_CN.UTF-8', 'zh_SG.utf8', 'zh.UTF-8']) assert.ok(isChinese({ LANG }), LANG);
  for (const LANG of ['', 'C', 'C.UTF-8', 'en_US.UTF-8', 'zh_TW.UTF-8', 'zha_CN']) assert.ok(!isChinese({ LANG }), LANG);
  assert.ok(!isChinese({ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }));
  assert.ok(isChinese({ LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'C' }));
  assert.equal(translator({ LANG: 'zh_CN' }, '/none.json')('{0} is missing', 'x'), 'x is missing');
});

test('every command explains itself in both languages, and names each of its options', async () => {
  for (const t of [translator({}), CHINESE]) {
    for (const name of Object.keys(HELP)) assert.ok(overview(t).includes(`  ${name}`), name);
    for (const [name, command] of [['trace', traceCommand], ['scenarios', scenariosCommand], ['resolve', resolveCommand], ['outline', outlineCommand]] as const) {
      const { code, out, err } = await run(command, ['--help'], t);
      assert.deepEqual([code, err], [EXIT.FINE, ''], name);
      assert.match(out, new RegExp(`skbwalk ${name}`));
      for (const [flag] of HELP[name].options) assert.ok(out.includes(flag), `${name} ${flag}`);
      assert.equal(/[一-鿿]/.test(out), t === CHINESE, name);
    }
  }
  assert.match((await run(traceCommand, ['-h'])).out, /one of: text, json, lines/);
});

test('arguments are read as the help says, and everything else is refused', () => {
  const { words, flags } = readArgs('trace', ['a', '--host=b', '-o', 'x', '--all', '--', '--bogus']);
  assert.deepEqual([words, [...flags]], [['a', '--bogus'], [['host', 'b'], ['output', 'x'], ['all', '']]]);
  for (const argv of [['--bogus'], ['-host', 'a'], ['--o', 'x'], ['--host'], ['--host', '--all'], ['--all=1'], ['-x'], ['--__proto__']]) assert.throws(() => readArgs('trace', argv), UsageError, argv.join(' '));
  assert.deepEqual(readArgs('trace', ['-']).words, ['-']);
});

test('wrong usage and wrong files give 2, say what to do, and never a stack', built, async () => {
  const bad = { 'empty.json': '', 'array.json': '[]', 'key.json': '{"id": "x", "bogus": 1, "hosts": [{"name": "a"}]}', 'number.json': '{"id": "x", "seed": 1e999, "hosts": [{"name": "a"}]}', 'twice.json': '{"id": "x", "id": "y", "hosts": []}',
    'none.json': '{"id": "x", "hosts": []}', 'utf16.json': Uint8Array.from([0xff, 0xfe, 0x7b, 0]), 'hello.txt': 'hello\n', 'bad.gz': Uint8Array.from([0x1f, 0x8b, 1, 2, 3]), 'nothing.txt': '' };
  await withFiles(bad, async (dir) => {
    mkdirSync(path.join(dir, 'folder.json'));
    const files = [...Object.keys(bad), 'folder.json', 'missing.json', 'missing.txt', ''].map((f) => [path.join(dir, f)]);
    for (const argv of [...files, ['nope'], [''], [], ['ping', 'ping'], ['ping', '--format', 'odd'], ['ping', '--format', ''], ['ping', '--host', 'z'], ['ping', '--kernel', '/none'], ['ping', '--kernel', dir], ['ping', '-o', dir], ['ping', '-o', path.join(dir, 'a/b')], ['--bogus']]) {
      for (const t of [translator({}), CHINESE]) {
        const { code, out, err } = await run(traceCommand, argv, t);
        assert.deepEqual([code, out], [EXIT.USAGE, ''], argv.join(' '));
        assert.ok(/^skbwalk/.test(err) && err.length > 30 && !/\n\s+at /.test(err), `${argv.join(' ')}: ${err}`);
        assert.equal(/[一-鿿]/.test(err), t === CHINESE, `${argv.join(' ')}: ${err}`);
      }
    }
  });
});

test('a slip in a name is understood', built, async () => {
  assert.match((await run(traceCommand, ['tcp-sned-64'])).err, /Did you mean tcp-send-64/);
  assert.doesNotMatch((await run(traceCommand, [''])).err, /Did you mean/);
});

test('a run that shows nothing is told from one that does', built, async () => {
  await withFiles({ 'quiet.json': '{"id": "quiet", "hosts": [{"name": "a", "programs": [{"steps": [{"call": "trace", "on": false}, {"call": "socket", "type": "udp"}]}]}]}' }, async (dir) => {
    const file = path.join(dir, 'out');
    const quiet = await run(traceCommand, [path.join(dir, 'quiet.json'), '--format', 'json', '-o', file]);
    assert.equal(quiet.code, EXIT.NOTHING);
    assert.match(quiet.err, /Nothing was recorded.*"trace"/);
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).calls.length, 0);
  });
});

test('a recording is read plain or compressed, whole or cut', built, async () => {
  const text = `# tracer: function_graph\n${' 0)   1.000 us    |  tcp_sendmsg();\n'.repeat(2000)}`, packed = gzipSync(text);
  await withFiles({ 'a.txt': text, 'a.txt.gz': packed, 'cut.txt.gz': packed.subarray(0, packed.length - 20) }, async (dir) => {
    const file = path.join(dir, 'out');
    for (const [name, said] of [['a.txt', /^$/], ['a.txt.gz', /^$/], ['cut.txt.gz', /cut short/]] as const) {
      const { code, err } = await run(traceCommand, [path.join(dir, name), '--format', 'json', '-o', file]);
      assert.equal(code, EXIT.FINE, `${name}: ${err}`);
      assert.match(err, said);
      assert.ok(JSON.parse(readFileSync(file, 'utf8')).calls.length > (name.startsWith('cut') ? 0 : 1999), name);
    }
  });
});

test('resolve takes a scenario or its file, and refuses what is neither', built, async () => {
  assert.equal((await run(resolveCommand, ['--scenario', 'nope'])).code, EXIT.USAGE);
  assert.equal((await run(resolveCommand, ['extra'])).code, EXIT.USAGE);
  const { code, out, err } = await run(resolveCommand, ['--scenario', 'scenarios/ping.json', '--json']);
  assert.equal(code, EXIT.FINE, err);
  assert.ok((JSON.parse(out) as { status: string }[]).every((row) => row.status === 'exact'));
});

test('the outline is written where it can be, and said where it cannot', built, async () => {
  await withFiles({ file: '' }, async (dir) => {
    const { code, out } = await run(outlineCommand, [path.join(dir, 'deep/er')]);
    assert.equal(code, EXIT.FINE);
    assert.match(readFileSync(path.join(out.trim(), 'Makefile'), 'utf8'), /^VERSION = 3/m);
    for (const bad of [path.join(dir, 'file'), '/proc/skbwalk']) {
      const refused = await run(outlineCommand, [bad], CHINESE);
      assert.equal(refused.code, EXIT.USAGE);
      assert.match(refused.err, /[一-鿿]/);
    }
  });
});

test('changes make another run, the same as in the debugger; what is none is said', built, async () => {
  await withFiles({ 'r.txt': ' 0)   1.000 us    |  x();\n' }, async (dir) => {
    const file = path.join(dir, 'out.txt'), trace = async (change: string, what = 'tcp-send-64'): Promise<Said> => run(traceCommand, [what, '--format', 'json', '--change', change, '-o', file]);
    const wire = (): { dropped: boolean; packet: number }[] => (JSON.parse(readFileSync(file, 'utf8')) as { wire: { dropped: boolean; packet: number }[] }).wire;
    assert.deepEqual(await trace(''), { code: EXIT.FINE, out: '', err: '' });
    const { packet } = wire().at(-2)!;
    assert.equal((await trace(`880: sk->snd_cwnd = 2; 880: lose ${packet}`)).code, EXIT.FINE);
    assert.deepEqual(wire().filter((frame) => frame.dropped).map((frame) => frame.packet), [packet]);
    for (const [change, why] of [['now', /"now" is no change\. Write "STEP/], ['999999: lose 1', /has no step 999999; it has \d+\./], ['900: lose 1; 880: lose 1', /Step 880 is before/], ['880: sk->nothing = 1', /has no field nothing/], ['880: skb = 0', /is no field/]] as const) {
      const { code, err } = await trace(change);
      assert.deepEqual([code, why.test(err)], [EXIT.USAGE, true], err);
    }
    assert.match((await trace('1: lose 1', path.join(dir, 'r.txt'))).err, /is a recording/);
  });
});
