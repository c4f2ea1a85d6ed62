import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { Code, WIDTH } from './call-edges';
import { FIRST_SLOT, type GraphData } from './call-graph';
import { inactiveLines } from './config';
import { Kind } from './facts';
import { areShared, findCalls, GraphWork } from './graph-work';
import { graphOf, prepareGraph } from './graphs';
import { implementations } from './implementations';
import { KernelIndex } from './kernel-index';
import { neighbourhood } from './neighbourhood';
import { findPaths, findPathsGently } from './path';
import { definitionsAt, references, unitColumn, wordAt } from './places';
import { Query } from './query';
import { foldings, identifiers, spansAround } from './shapes';
import { SymbolSearch } from './symbols';
import { makeTree, openTree } from './testing';

const HEADER = `struct sk_buff;
struct sock_common { struct proto *skc_prot; };
struct proto { int (*sendmsg)(struct sock *sk); int (*close)(struct sock *sk); };
struct sock { struct sock_common __sk_common;
#define sk_prot __sk_common.skc_prot
	void (*sk_data_ready)(struct sock *sk);
};
struct dst { int (*output)(struct sk_buff *skb); };
static inline struct dst *skb_dst(struct sk_buff *skb) { return 0; }
typedef int (*handler_t)(int irq);
struct action { handler_t handler; };
int request_irq(int irq, handler_t handler);
`;
const TREE = {
  'include/net/sock.h': HEADER,
  'net/ipv4/tcp.c': `#include <net/sock.h>
int tcp_sendmsg(struct sock *sk) { return tcp_push(sk); }
static int helper(void) { return 1; }
int tcp_push(struct sock *sk) { helper(); return ip_output2(0); }
struct proto tcp_prot = { .sendmsg = tcp_sendmsg };
`,
  'net/ipv4/udp.c': `int udp_sendmsg(struct sock *sk) { return helper(); }
static int helper(void) { return 2; }
struct proto udp_prot = {
	.sendmsg = udp_sendmsg,
};
`,
  'net/ipv4/ip_output.c': `int ip_output(struct sk_buff *skb) { return 0; }
int ip_output2(struct sk_buff *skb) { return skb_dst(skb)->output(skb); }
void ip_init(struct dst *d) { d->output = ip_output; }
`,
  'net/core/sock.c': `int sock_send(struct sock *sk)
{
	return sk->sk_prot->sendmsg(sk);
}
void sock_init(struct sock *sk, void (*ready)(struct sock *)) { sk->sk_data_ready = ready; }
void sock_ready(struct sock *sk) { sk->sk_data_ready(sk); }
static void my_ready(struct sock *sk) { }
void make(struct sock *sk) { sock_init(sk, my_ready); }
SYSCALL_DEFINE1(send, int, fd) { return sock_send(0); }
`,
  'kernel/irq.c': `static struct action the_action;
int request_threaded(int irq, handler_t h) { struct action *a = &the_action; a->handler = h; return 0; }
int request_irq(int irq, handler_t handler) { return request_threaded(irq, handler); }
int do_irq(struct action *action) { return action->handler(1); }
`,
  'drivers/net/igb.c': `static int igb_msix(int irq) { return 0; }
int igb_open(void) { return request_irq(1, igb_msix); }
#define NF(okfn, skb) call_it(okfn, skb)
int call_it(int (*okfn)(struct sk_buff *), struct sk_buff *skb) { return okfn(skb); }
static int igb_ok(struct sk_buff *skb) { return 0; }
int igb_hook(struct sk_buff *skb) { return NF(igb_ok, skb); }
`,
};
const NONE = { name: '', path: '' };

async function withTree(run: (q: Query, root: string) => void | Promise<void>): Promise<void> {
  const { root, dispose } = makeTree(TREE);
  try {
    await run((await openTree(root)).query, root);
  } finally {
    dispose();
  }
}

const def = (q: Query, name: string) => { const d = q.definitions(name)[0]; assert.ok(d, `${name} is defined`); return d; };

test('a pointer call goes to what stands in the member, and back', () => withTree((q) => {
  const out = q.callees(def(q, 'sock_send')).filter((r) => r.via !== null);
  assert.deepEqual(out.map((r) => `${r.name} ${r.via?.struct}.${r.via?.member} ${r.site.line}`), ['tcp_sendmsg proto.sendmsg 3', 'udp_sendmsg proto.sendmsg 3']);
  assert.deepEqual(q.callers('tcp_sendmsg', null).map((r) => `${r.name} ${r.via?.member}`), ['sock_send sendmsg']);
}));

test('the three flows: assigned, handed over through a second function, stored in a callback member', () => withTree((q) => {
  assert.deepEqual(q.rankedCandidates({ struct: 'dst', member: 'output' }, NONE).map((d) => d.name), ['ip_output']);
  assert.deepEqual(q.rankedCandidates({ struct: 'action', member: 'handler' }, NONE).map((d) => d.name), ['igb_msix']);
  assert.deepEqual(q.rankedCandidates({ struct: 'sock', member: 'sk_data_ready' }, NONE).map((d) => d.name), ['my_ready']);
  assert.deepEqual(q.callers('igb_msix', null).map((r) => r.name), ['do_irq']);
  assert.deepEqual(q.callers('ip_output', null).map((r) => r.name), ['ip_output2']);
  assert.deepEqual(q.callers('igb_ok', null).map((r) => `${r.name} ${r.via?.struct} ${r.via?.member}`), ['call_it call_it() okfn']);
}));

test('static functions of one name are told apart by file', () => withTree((q) => {
  const [a, b] = ['net/ipv4/tcp.c', 'net/ipv4/udp.c'].map((p) => q.lookup.named('helper').find((d) => d.path === p));
  assert.deepEqual(q.callers('helper', a ?? null).map((r) => r.name), ['tcp_push']);
  assert.deepEqual(q.callers('helper', b ?? null).map((r) => r.name), ['udp_sendmsg']);
  assert.equal(q.callees(def(q, 'udp_sendmsg'))[0].path, 'net/ipv4/udp.c');
}));

test('a system call answers to all its names', () => withTree((q) => {
  for (const name of ['send', 'sys_send', 'SyS_send']) assert.equal(def(q, name).name, 'sys_send');
}));

test('words at places: members by their receiver, locals, initialisers', () => withTree((q) => {
  const at = (p: string, line: number, column: number) => { const w = wordAt(q, { path: p, line, column }); assert.ok(w); return w; };
  assert.deepEqual(definitionsAt(q, at('net/core/sock.c', 3, 23)).map((r) => `${r.kind} ${r.path}:${r.line}`), ['member include/net/sock.h:3']);
  assert.deepEqual(definitionsAt(q, at('net/core/sock.c', 3, 10)).map((r) => `${r.kind} ${r.line}:${r.column}`), ['local 1:28']);
  assert.deepEqual(definitionsAt(q, at('net/ipv4/udp.c', 4, 3)).map((r) => `${r.kind} ${r.path}:${r.line}`), ['member include/net/sock.h:3']);
  assert.deepEqual(implementations(q, { kind: 'place', word: at('net/core/sock.c', 3, 23) }).map((r) => r.name), ['tcp_sendmsg', 'udp_sendmsg']);
  assert.deepEqual(implementations(q, { kind: 'name', name: 'proto' }).map((r) => r.name).sort(), ['tcp_prot', 'udp_prot']);
  assert.equal(wordAt(q, { path: 'net/core/sock.c', line: 2, column: 1 }), null);
  assert.equal(wordAt(q, { path: 'net/core/sock.c', line: 4000, column: 1 }), null);
  assert.equal(wordAt(q, { path: 'no/such.c', line: 1, column: 1 }), null);
}));

test('references leave out comments and strings', () => {
  const { root, dispose } = makeTree({ 'a.c': 'int foo(void) { return 0; }\n/* foo */ // foo\nchar *s = "foo"; int foobar; int x = \'"\'; int (*p)(void) = foo;\n' });
  return openTree(root).then(({ query }) => assert.deepEqual(references(query, 'foo').map((p) => `${p.line}:${p.column}`), ['1:5', '3:60'])).finally(dispose);
});

test('chains, neighbourhoods and fuzzy names', () => withTree(async (q) => {
  const chain = findPaths(q, def(q, 'sys_send'), def(q, 'ip_output'))[0];
  assert.deepEqual(chain.map((h) => `${h.name}${h.via === null ? '' : `<${h.via.member}`}`), ['sock_send', 'tcp_sendmsg<sendmsg', 'tcp_push', 'ip_output2', 'ip_output<output']);
  assert.deepEqual(findPaths(q, def(q, 'ip_output'), def(q, 'sys_send')), []);
  assert.deepEqual((await findPathsGently(q, def(q, 'sys_send'), def(q, 'ip_output')))[0], chain);
  assert.deepEqual(await findPathsGently(q, def(q, 'sys_send'), def(q, 'ip_output'), { cancelled: () => true }), []);
  assert.deepEqual(findPaths(q, def(q, 'sys_send'), def(q, 'sys_send'), { chains: 3 }), [], 'no way is needed');
  const graph = neighbourhood(q, def(q, 'sock_send'), { depth: 1 });
  assert.deepEqual(graph.nodes.map((n) => n.name).sort(), ['sock_send', 'sys_send', 'tcp_sendmsg', 'udp_sendmsg']);
  assert.equal(neighbourhood(q, def(q, 'sock_send'), { depth: 3, limit: 2 }).cut, true);
  const search = new SymbolSearch(q);
  assert.equal(search.find('tcpsend')[0].name, 'tcp_sendmsg');
  assert.equal(search.find('sendmsg').length, 2);
  assert.deepEqual(search.find('zzzz'), []);
}));

test('chains follow edits, and a trace', () => withTree((q) => {
  const names = (from: string, to: string): string[] => findPaths(q, def(q, from), def(q, to)).flatMap((c) => c.map((h) => h.name));
  assert.deepEqual(names('sock_send', 'udp_sendmsg'), ['udp_sendmsg']);
  q.index.update('net/core/sock.c', '\nint sock_send(struct sock *sk)\n{\n\treturn before(sk);\n}\nint before(struct sock *sk) { return sk->sk_prot->sendmsg(sk); }\nSYSCALL_DEFINE1(send, int, fd) { return sock_send(0); }\n');
  assert.deepEqual(names('sys_send', 'ip_output'), ['sock_send', 'before', 'tcp_sendmsg', 'tcp_push', 'ip_output2', 'ip_output'], 'the edited file');
  q.index.update('net/ipv4/tcp.c', 'int tcp_sendmsg(struct sock *sk) { return 0; }\nstruct proto tcp_prot = { .sendmsg = tcp_sendmsg };\n');
  assert.deepEqual(names('sys_send', 'ip_output'), [], 'what called it does so no longer');
  assert.deepEqual(names('sys_send', 'tcp_sendmsg'), ['sock_send', 'before', 'tcp_sendmsg'], 'the new one stands for the old');
  q.index.update('net/ipv4/late.c', 'int helper2(void) { return ip_output2(0); }\n');
  q.index.update('net/ipv4/udp.c', 'int udp_sendmsg(struct sock *sk) { return helper2(); }\nstruct proto udp_prot = { .sendmsg = udp_sendmsg };\n');
  assert.deepEqual(names('sys_send', 'ip_output'), ['sock_send', 'before', 'udp_sendmsg', 'helper2', 'ip_output2', 'ip_output'], 'a new file');
  q.index.update('net/ipv4/late.c');
  assert.deepEqual(names('sys_send', 'ip_output'), [], 'a file that is gone');
  for (const p of ['net/core/sock.c', 'net/ipv4/tcp.c', 'net/ipv4/udp.c']) q.index.update(p);
  assert.deepEqual(names('sys_send', 'ip_output'), ['sock_send', 'tcp_sendmsg', 'tcp_push', 'ip_output2', 'ip_output'], 'as before');
}));

test('chains lead through a file that an editor held while the tree was read', async () => {
  const { root, dispose } = makeTree(TREE), cacheFolder = path.join(root, '.cache');
  try {
    for (const _ of ['made', 'beside the cache']) {
      const index = new KernelIndex(root), held = readFileSync(path.join(root, 'net/ipv4/tcp.c'), 'utf8');
      index.update('net/ipv4/tcp.c', `\n${held}`);
      await index.open({ cacheFolder, threads: { script: '', count: 1 } });
      const q = new Query(index);
      await prepareGraph(q);
      assert.deepEqual(findPaths(q, def(q, 'sys_send'), def(q, 'ip_output'))[0].map((h) => h.name), ['sock_send', 'tcp_sendmsg', 'tcp_push', 'ip_output2', 'ip_output']);
    }
  } finally {
    dispose();
  }
});

test('further chains leave the first at its calls through pointers, each once', () => withTree((q) => {
  const chains = findPaths(q, def(q, 'sys_send'), def(q, 'ip_output'), { chains: 9 }).map((c) => c.map((h) => h.name).join(' '));
  assert.equal(chains[0], 'sock_send tcp_sendmsg tcp_push ip_output2 ip_output');
  assert.equal(new Set(chains).size, chains.length);
}));

test('a chain from a driver comes back to it, however many others there are', async () => {
  const driver = (k: number): string => `static int d${k}_clean(void) { return deliver(); }
static int d${k}_poll(struct napi *n) { return d${k}_clean(); }
int d${k}_irq(struct napi *n) { return rx_action(n); }
void d${k}_open(struct napi *n) { napi_add(n, d${k}_poll); }
`;
  const core = `struct napi { int (*poll)(struct napi *n); };
void napi_add(struct napi *n, int (*poll)(struct napi *)) { n->poll = poll; }
int deliver(void) { return 0; }
static int backlog(struct napi *n) { return deliver(); }
void boot(struct napi *n) { napi_add(n, backlog); }
int rx_action(struct napi *n) { return n->poll(n); }
`;
  const tree = makeTree({ 'net/core/dev.c': core, ...Object.fromEntries(Array.from({ length: 14 }, (_, k) => [`drivers/net/d${k}/main.c`, driver(k)])) });
  try {
    const { query: q } = await openTree(tree.root), chain = (from: string): string => findPaths(q, def(q, from), def(q, 'deliver'))[0].map((h) => h.name).join(' ');
    const check = (): void => {
      for (const k of [0, 7, 13]) assert.equal(chain(`d${k}_irq`), `rx_action d${k}_poll d${k}_clean deliver`);
      assert.equal(chain('rx_action'), 'backlog deliver', 'who is no driver goes the short way');
    };
    check();
    q.index.update('drivers/net/d13/main.c', `\n${driver(13)}`);
    check();
  } finally {
    tree.dispose();
  }
});

test('a thread finds the same call graph', () => withTree(async (q) => {
  const { graph, making } = graphOf(q), { port1, port2 } = new MessageChannel();
  for (const _ of making) continue;
  assert.ok(areShared(q.index.segments));
  findCalls({
    strings: q.index.strings.buffers, arch: undefined, port: port2, state: new SharedArrayBuffer(8),
    segments: q.index.segments.map((s) => ({ paths: s.data.files.map((f) => f.path).join('\n'), dead: s.dead, tables: s.data.tables, starts: s.data.starts, orders: {} })),
  });
  const found = receiveMessageOnPort(port1)?.message as GraphData;
  port1.close();
  assert.deepEqual(found, graph.saved());
}));

test('when the thread for the call graph ends early, the graph is made all the same', async () => {
  const { root, dispose } = makeTree(TREE), script = path.join(root, 'dies.js');
  try {
    writeFileSync(script, 'process.exit(1);\n');
    const { query: q } = await openTree(root), work = new GraphWork(script, q, q.index.segments);
    for (let k = 0; k < 500 && !work.failed; k++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(work.failed);
    assert.equal(work.poll(), null);
    work.stop();
  } finally {
    dispose();
  }
});

test('the call graph is kept beside the cache, and only used with it', async () => {
  const { root, dispose } = makeTree(TREE);
  const cacheFolder = path.join(root, '.cache');
  const open = async (): Promise<Query> => {
    const index = new KernelIndex(root);
    await index.open({ cacheFolder, threads: { script: '', count: 1 } });
    return new Query(index);
  };
  const chain = (q: Query): string[] => findPaths(q, def(q, 'sys_send'), def(q, 'ip_output'))[0].map((h) => `${h.name} ${h.site.line}:${h.site.column}`);
  try {
    const first = await open();
    await prepareGraph(first);
    const expected = chain(first), second = await open();
    assert.ok(graphOf(second).graph.made, 'read back');
    assert.deepEqual(chain(second), expected);
    const [kept] = readdirSync(cacheFolder).filter((f) => f.endsWith('.skbcalls')).map((f) => path.join(cacheFolder, f));
    const bytes = readFileSync(kept);
    for (const damaged of [bytes.subarray(0, bytes.length - 4), Buffer.concat([bytes.subarray(0, 60), Buffer.from([1, 2, 3, 4]), bytes.subarray(64)]), Buffer.alloc(0)]) {
      writeFileSync(kept, damaged);
      const third = await open();
      assert.equal(graphOf(third).graph.made, false, 'a damaged one is made again');
      assert.deepEqual(chain(third), expected);
    }
  } finally {
    dispose();
  }
});

test('chains go through what is asked for and done later, marked; callers and callees do not', async () => {
  const tree = makeTree({
    'kernel/softirq.c': 'struct softirq_action { void (*action)(int); };\nstatic struct softirq_action vec[9];\nvoid open_softirq(int nr, void (*action)(int)) { vec[nr].action = action; }\nvoid raise_softirq(unsigned int nr) { set_bit(nr); }\n',
    'net/core/dev.c': 'static void rx(int x) { }\nstatic void tx(int x) { }\nvoid boot(void) { open_softirq(NET_RX_SOFTIRQ, rx); open_softirq(NET_TX_SOFTIRQ, &tx); }\n',
    'drivers/net/a.c': `struct timer_list { void (*function)(long); };
struct work_struct { void (*func)(struct work_struct *); };
struct delayed_work { struct work_struct work; };
struct adapter { struct work_struct reset, other; struct delayed_work slow; struct timer_list timer; };
static void resets(struct work_struct *w) { }
static void others(struct work_struct *w) { }
static void slowly(struct work_struct *w) { }
static void ticks(long x) { }
static void global(struct work_struct *w) { }
static DECLARE_WORK(shared, global);
void set_up(struct adapter *a, void (*tick)(long)) { INIT_WORK(&a->reset, resets); INIT_WORK(&a->other, others); INIT_DELAYED_WORK(&a->slow, slowly); setup_timer(&a->timer, tick, 1); }
void probe(struct adapter *a) { set_up(a, ticks); }
void irq(struct adapter *a) { raise_softirq(NET_RX_SOFTIRQ); }
void timeout(struct adapter *a) { schedule_work(&a->reset); }
void late(struct adapter *a) { queue_delayed_work(q, &a->slow, 3); }
void arm(struct adapter *a) { mod_timer(&a->timer, 5); }
void all(void) { schedule_work(&shared); }
void unknown(struct work_struct *w) { schedule_work(w); }
` });
  try {
    const { query: q } = await openTree(tree.root);
    const reached = (from: string): string[] => ['rx', 'tx', 'resets', 'others', 'slowly', 'ticks', 'global'].flatMap((to) => findPaths(q, def(q, from), def(q, to)).map((c) => c.map((h) => `${h.name} ${h.site.line} ${h.via?.struct}.${h.via?.member} ${h.via?.later}`).join()));
    assert.deepEqual(reached('irq'), ['rx 13 softirq_action.action NET_RX_SOFTIRQ']);
    assert.deepEqual(reached('timeout'), ['resets 14 work_struct.func reset']);
    assert.deepEqual(reached('late'), ['slowly 15 work_struct.func slow']);
    assert.deepEqual(reached('arm'), ['ticks 16 timer_list.function timer']);
    assert.deepEqual(reached('all'), ['global 17 work_struct.func shared']);
    assert.deepEqual([...reached('unknown'), ...reached('boot')], [], 'what is asked is not known; setting up asks for nothing');
    assert.deepEqual(q.callees(def(q, 'irq')).map((r) => r.name), ['raise_softirq']);
    assert.deepEqual(q.callers('rx', null).map((r) => r.name).filter((n) => n === 'irq'), []);
    q.index.update('net/core/dev.c', 'static void rx(int x) { }\nstatic void tx(int x) { }\nvoid boot(void) { open_softirq(NET_RX_SOFTIRQ, tx); }\n');
    await prepareGraph(q);
    await prepareGraph(q);
    assert.deepEqual(reached('irq'), ['tx 13 softirq_action.action NET_RX_SOFTIRQ']);
  } finally {
    tree.dispose();
  }
});

test('the call graph ranks the candidates of a pointer as the query does', () => withTree((q) => {
  const names = Array.from({ length: 30 }, (_, k) => `ndo_${(k * 7) % 30}`), driver = (k: number): string => `drivers/net/d${k % 4}/n${k}.c`;
  names.forEach((name, k) => q.index.update(driver(k), `struct netdev_ops { int (*open)(int); int (*stop)(int); };\nstatic int ${name}(int x) { return x; }\nstatic struct netdev_ops ops${k} = { .open = ${name} };\n`
    + `static struct netdev_ops plain${k} = { ${name}, ${name} };\nint user${k}(struct netdev_ops *o) { return o->open(1) + o->stop(2); }\n`));
  const { graph, making } = graphOf(q);
  for (const _ of making) continue;
  let wide = 0, sites = 0;
  for (let node = 0; node < graph.nodes.count; node++) {
    const { segment, row } = graph.nodes.where(node), caller = q.lookup.def(segment, row), ranked: string[] = [];
    graph.out(node, (target, code) => {
      if (target >= FIRST_SLOT) { wide++; return; }
      const to = graph.nodes.where(target);
      if (code >= Code.RANKED && code < Code.PARAMETER) ranked.push(`${code - Code.RANKED} ${q.lookup.def(to.segment, to.row).name}`);
    });
    const expected = q.pointerSites(caller).filter((s) => !s.slot?.struct.endsWith('()')).flatMap((s) => s.candidates.slice(0, WIDTH).map((d, k) => `${k} ${d.name}`));
    for (const c of q.callbacks(caller)) expected.push(`0 ${c.def.name}`);
    sites += expected.length;
    assert.deepEqual(ranked.sort(), expected.sort(), caller.name);
  }
  assert.ok(wide >= 30 && sites > 300, `${wide} wide slots, ${sites} candidates`);
}));

test('a running trace moves its candidates to the front', () => withTree((q) => {
  q.context = { live: new Set(['udp_sendmsg']) };
  assert.equal(q.rankedCandidates({ struct: 'proto', member: 'sendmsg' }, NONE)[0].name, 'udp_sendmsg');
}));

test('an edit counts at once, and goes when the editor closes', () => withTree((q) => {
  q.index.update('net/ipv4/udp.c', '\n\nint udp_sendmsg(struct sock *sk) { return fresh(); }\nint fresh(void) { return 0; }\n');
  assert.equal(def(q, 'udp_sendmsg').line, 3);
  assert.deepEqual(q.callers('fresh', null).map((r) => r.name), ['udp_sendmsg']);
  assert.deepEqual(q.rankedCandidates({ struct: 'proto', member: 'sendmsg' }, NONE).map((d) => d.name), ['tcp_sendmsg']);
  q.index.update('net/ipv4/udp.c');
  assert.equal(def(q, 'udp_sendmsg').line, 1);
  for (let k = 0; k < 150; k++) q.index.update(`net/gen${k}.c`, `int gen${k}(void) { return gen${k + 1}(); }\n`);
  assert.ok(q.index.segments.length < 120, 'many edits do not pile up');
  assert.deepEqual(q.callers('gen77', null).map((r) => r.name), ['gen76']);
}));

test('what a .config leaves out', () => {
  const config = new Map([['CONFIG_NET', 'y'], ['CONFIG_MOD', 'm']]);
  const text = '#ifdef CONFIG_NET\na\n#else\nb\n#endif\n#if defined(CONFIG_X) || IS_ENABLED(CONFIG_MOD)\nc\n#elif FOO\nd\n#endif\n#ifndef CONFIG_NET\n#ifdef CONFIG_MOD\ne\n#endif\n#endif\n#ifdef FOO\nf\n#else\ng\n#endif\n';
  assert.deepEqual(inactiveLines(text, config), [{ from: 4, to: 4 }, { from: 9, to: 9 }, { from: 12, to: 14 }]);
});

test('folding, selection and identifiers come from the tokens', () => {
  const text = '/*\n * x\n */\nint f(int a)\n{\n\tif (a) {\n\t\tg(a->b);\n\t}\n}\n';
  assert.deepEqual(foldings(text).map((f) => `${f.from}-${f.to} ${f.kind}`), ['1-3 comment', '5-8 block', '6-7 block']);
  const spans = spansAround(text, text.indexOf('b);')).map((s) => text.slice(s.start, s.end));
  assert.deepEqual(spans.slice(0, 3), ['b', 'a->b', '(a->b)']);
  assert.deepEqual([...identifiers(text)].map((i) => `${i.name}${i.member ? '.' : ''}${i.call ? '(' : ''}`), ['f(', 'a', 'a', 'g(', 'a', 'b.']);
});

const KERNEL = process.env.SKBWALK_KERNEL;
test('the network stack of a real tree', { skip: KERNEL === undefined || !existsSync(path.join(KERNEL, 'net/ipv4')) ? 'SKBWALK_KERNEL is not set' : false }, async () => {
  const index = new KernelIndex(KERNEL as string);
  await index.open({ under: ['net/ipv4', 'net/core', 'include/net', 'include/linux', 'drivers/net/ethernet/intel/igb', 'net/sched'], threads: { script: '', count: 1 } });
  const q = new Query(index);
  const xmit = q.pointerSites(def(q, 'dev_hard_start_xmit')).filter((s) => s.member === 'ndo_start_xmit');
  assert.ok(xmit.length >= 1 && xmit[0].candidates[0].name === 'igb_xmit_frame');
  const handler = q.pointerSites(def(q, 'ip_local_deliver_finish')).find((s) => s.member === 'handler');
  assert.ok(handler?.candidates.some((d) => d.name === 'tcp_v4_rcv'));
  assert.ok(q.callers('ip_local_out', null).some((r) => r.name === 'ip_queue_xmit'));
  assert.equal(def(q, 'sk_buff').kind, Kind.STRUCT);
});

test('a call through a local variable of a function type reaches what its members hold', async () => {
  const tree = makeTree({ 'net/a.c': `typedef int (*doit_t)(int);
struct link { doit_t doit; };
static int run(int x) { return x; }
void put(struct link *l) { l->doit = run; }
int call(void)
{
	doit_t f = find(3);
	return f(1);
}
` });
  try {
    const { query } = await openTree(tree.root);
    const [caller] = query.definitions('call');
    assert.deepEqual(query.callees(caller).map((c) => `${c.name} ${c.site.line} ${c.via?.struct}.${c.via?.member}`), ['run 8 link.doit']);
    assert.deepEqual(query.callers('run', null).map((c) => `${c.name} ${c.site.line} ${c.via?.struct}.${c.via?.member}`), ['call 8 link.doit']);
  } finally {
    tree.dispose();
  }
});

test('columns for editors count characters, in UTF-8, in latin1 and in an editor\'s text', async () => {
  const line = (before: string): string => `int f(void) { return g("${before}") + target(1); }\n`;
  const tree = makeTree({ 'a.c': line('\u00b5s \u{1f427}'), 'b.c': Buffer.from(line('\u00b5s'), 'latin1'), 'c.c': line('us'), 'd.c': 'int target(int x) { return x; }\n' });
  try {
    const { index, query } = await openTree(tree.root);
    const at = (): string[] => query.callers('target', null).map((c) => `${c.path} ${unitColumn(index, c.site)}`);
    const expected = (text: string): number => text.indexOf('target') + 1;
    assert.deepEqual(at(), [`a.c ${expected(line('\u00b5s \u{1f427}'))}`, `b.c ${expected(line('\ufffds'))}`, `c.c ${expected(line('us'))}`]);
    index.update('c.c', line('\u4e2d\u6587'));
    assert.equal(at()[2], `c.c ${expected(line('\u4e2d\u6587'))}`);
  } finally {
    tree.dispose();
  }
});
