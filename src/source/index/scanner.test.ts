import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { infoEndDelta, infoKind, infoStartDelta, Kind, posColumn, posLine } from './facts';
import { scanned, scanText } from './testing';

/** name, start line, name line, end line of every function. */
function functions(text: string): string[] {
  return scanText(text, 'defs').filter((d) => infoKind(d[2] as number) === Kind.FUNCTION).map((d) => {
    const line = posLine(d[1] as number);
    return `${d[0]} ${line - infoStartDelta(d[2] as number)} ${line} ${line + infoEndDelta(d[2] as number)}`;
  });
}
const kinds = (text: string, kind: number): string[] => scanText(text, 'defs').filter((d) => infoKind(d[2] as number) === kind).map((d) => String(d[0]));
const calls = (text: string): string[] => scanText(text, 'calls').map((c) => `${c[0]}:${posLine(c[1] as number)}:${posColumn(c[1] as number)}`);
const pointerCalls = (text: string): string[] => scanText(text, 'memberCalls', [0, 3]).map((c) => `${c[3]} ${c[0]}`);
const flows = (text: string): string[] => scanText(text, 'flows', [0, 3]).map((f) => `${f[3]} ${f[0]} ${(f[6] as number) & 15}`);

test('functions have start, name and end lines, whatever stands around them', () => {
  assert.deepEqual(functions('int a(void)\n{\n\treturn 1;\n}\n'), ['a 1 1 4']);
  assert.deepEqual(functions('static inline struct s *\nb(int x)\n{\n}\n'), ['b 1 2 4']);
  assert.deepEqual(functions('__init\nstatic int __init_or_module c(void) { }\n'), ['c 1 2 2']);
  assert.deepEqual(functions('static __printf(1, 2)\nvoid d(const char *f, ...)\n{\n}\n'), ['d 1 2 4']);
  assert.deepEqual(functions('void (*e(int n, void (*h)(int)))(int)\n{\n}\n'), ['e 1 1 3']);
  assert.deepEqual(functions('int f(int a) __releases(lock)\n\t__acquires(lock)\n{\n}\n'), ['f 1 1 4']);
  assert.deepEqual(functions('EXPORT_SYMBOL(x)\nint g(void) { }\nmodule_init(g);\nstruct s h(void) { }'), ['g 2 2 2', 'h 4 4 4']);
});

test('system calls have their canonical name', () => {
  assert.deepEqual(functions('SYSCALL_DEFINE2(send, int, fd, char __user *, buf)\n{\n\treturn f(fd);\n}\nCOMPAT_SYSCALL_DEFINE0(x) { }'), ['sys_send 1 1 4', 'compat_sys_x 5 5 5']);
});

test('of an #if group every whole branch counts, else the first', () => {
  assert.deepEqual(functions('#ifdef A\nint a(void) { }\n#else\nint b(void) { }\n#endif\n'), ['a 2 2 2', 'b 4 4 4']);
  assert.deepEqual(functions('#ifdef A\nint a(void) {\n#else\nint a(int x) {\n#endif\n}\nint z(void) { }'), ['a 2 2 6', 'z 7 7 7']);
  assert.deepEqual(functions('#if 0\nint a(void) {\n#else\nint b(void) { }\n#endif\nint c(void) { }'), ['b 4 4 4', 'c 6 6 6']);
});

test('calls stand where the name stands; keywords, casts and comments are none', () => {
  assert.deepEqual(calls('int f(int x)\n{\n\tif (g(x)) /* h(x) */ return sizeof(x);\n\ts = "k(x)"; for (;;) m(n(1));\n}\n'), ['g:3:6', 'm:4:23', 'n:4:25']);
  assert.deepEqual(calls('void f(void)\n{\n\tint g = g();\n}\n'), ['g:3:10'], 'a number hides no macro of its name');
  assert.deepEqual(calls('void f(int c)\n{\n\t(c ? a : b)(c);\n}\n').map((c) => c.split(':')[0]), ['a', 'b']);
});

test('a call through a member carries what its receiver depends on', () => {
  const body = (s: string): string => `int f(struct sock *sk, td_t *t)\n{\n\tstruct q *q = x;\n\t${s}\n}\n`;
  assert.deepEqual(pointerCalls(body('sk->sk_prot->sendmsg(sk);')), ['sock.sk_prot sendmsg']);
  assert.deepEqual(pointerCalls(body('q->ops[1].run(q); t->go(); table.one(); skb_dst(q)->output(q);')), ['q.ops run', '@td_t go', '$table one', '(skb_dst q) output']);
  assert.deepEqual(pointerCalls(body('((struct cast *)p)->a(1); (*sk->b)(2); rcu_dereference(q->c)->d(3); container_of(p, struct outer, m)->e(4);')),
    ['cast a', 'sock b', 'q.c d', 'outer e']);
  assert.deepEqual(pointerCalls('int f(struct dev *d)\n{\n\trx_t *h = rcu_dereference(d->rx_handler);\n\treturn h(d);\n}\n'), ['dev rx_handler']);
});

test('functions are followed into members: initialised, assigned, handed over, copied', () => {
  assert.deepEqual(flows('static const struct ops t = { .open = f, .close = &g, .n = { .deep = h }, old: k };'), ['ops open 0', 'ops close 0', 'ops.n deep 0', 'ops old 0']);
  assert.deepEqual(flows('static struct p list[] = { { 1, f }, [3] = { .m = g } };').filter((f) => !f.includes('#0')), ['p #1 0', 'p m 0']);
  assert.deepEqual(flows('static fn_t tab[] = { [2] = f, g };'), ['$tab  0', '$tab  0']);
  assert.deepEqual(flows('void f(struct a *a, struct b *b, int (*cb)(int))\n{\n\ta->x = one;\n\ta->y = cb;\n\ta->z = b->w;\n\thook = two;\n\trcu_assign_pointer(a->r, three);\n}\n'),
    ['a x 1', 'a y 2', 'a z 3', '$hook  1', 'a r 1']);
});

test('structs give their members with types, macros what they stand for', () => {
  const members = scanText('struct s { int a:3, *b; union { struct t *u; }; struct { int x; } in; int (*op)(int); fn_t f; };', 'members', [0, 2, 3]).map((m) => `${m[2]}.${m[0]} ${m[3]}`);
  assert.deepEqual(members, ['s.a ', 's.b ', 's.u t', 's::in.x ', 's.in s::in', 's.op ', 's.f @fn_t']);
  const macro = scanText('#define sk_prot __sk_common.skc_prot\n#define shinfo(S) ((struct info *)(end(S)))\n#define deref(p) check(p, 0)\n', 'defs', [0, 3]).map((d) => `${d[0]} ${d[3]}`);
  assert.deepEqual(macro, ['sk_prot $__sk_common.skc_prot', 'shinfo info', 'deref (check %0)']);
});

test('definitions of every kind are found', () => {
  const text = 'typedef struct { int a; } td_t;\nenum e { ONE = 1, TWO };\nunion u { int x; };\n#define M(x) x\nextern int ext;\nint var = 3, other;\nint proto(int);\nDEFINE_PER_CPU(struct s, pcpu);\nTRACE_EVENT(ev, TP_PROTO(int a));\nstatic DEFINE_SPINLOCK(lock);\n';
  assert.deepEqual(kinds(text, Kind.TYPEDEF), ['td_t']);
  assert.deepEqual(kinds(text, Kind.ENUM), ['e']);
  assert.deepEqual(kinds(text, Kind.ENUMERATOR), ['ONE', 'TWO']);
  assert.deepEqual(kinds(text, Kind.UNION), ['u']);
  assert.deepEqual(kinds(text, Kind.MACRO), ['M']);
  assert.deepEqual(kinds(text, Kind.EXTERN), ['ext']);
  assert.deepEqual(kinds(text, Kind.VARIABLE), ['var', 'other', 'pcpu', 'lock']);
  assert.deepEqual(kinds(text, Kind.PROTOTYPE), ['proto']);
  assert.deepEqual(kinds(text, Kind.TRACEPOINT), ['trace_ev']);
});

test('CRLF, odd bytes and a missing last newline change no line', () => {
  const unix = 'int a(void)\n{\n\tb();\n}\n#define X \\\n\t1\nint c(void) { d(); }';
  assert.deepEqual(functions(unix.replaceAll('\n', '\r\n')), functions(unix));
  assert.deepEqual(calls(unix.replaceAll('\n', '\r\n')), calls(unix));
  assert.deepEqual(functions(`/* \xe9\xff */ ${unix}`), functions(unix));
});

const SAMPLE = 'static int f(struct a *a, int (*cb)(int))\n{\n\tif (a->b->c(1) && g("x\\"(", \'{\')) {\n\t\tlist_for_each(p, q)\n\t\t\th((struct t *)p);\n\t}\n#ifdef X\n\treturn k(a);\n#else\n\treturn 0;\n#endif\n}\nstatic const struct ops o = { .x = f, [1] = { &f } };\n#define M(a, b) do { (a)->z = (b); } while (0)\nSYSCALL_DEFINE1(s, int, x) { return x; }\nstruct s { union { int u; }; int (*op)(void); };\n';

test('any cut, doubled or garbled text ends, and every place is inside it', () => {
  const lines = (text: Buffer): number => text.toString('latin1').split('\n').length;
  const check = (text: Buffer): void => {
    const { sink } = scanned(text);
    for (let r = 0; r < sink.tables.defs.count; r++) {
      const line = posLine(sink.tables.defs.data[r * 4 + 1]);
      assert.ok(line >= 1 && line + infoEndDelta(sink.tables.defs.data[r * 4 + 2]) <= lines(text));
    }
    for (let r = 0; r < sink.tables.calls.count; r++) assert.ok(posLine(sink.tables.calls.data[r * 3 + 1]) <= lines(text));
  };
  for (let n = 0; n <= SAMPLE.length; n++) check(Buffer.from(SAMPLE.slice(0, n), 'latin1'));
  fc.assert(fc.property(fc.array(fc.record({ at: fc.nat(SAMPLE.length), cut: fc.nat(12), put: fc.constantFrom('', '{', '}', '(', ')', '"', '\'', '/*', '*/', '#if A\n', '#else\n', '#endif\n', '\\\n', '\0', ';', ',', '=', '->', '#define ', '\r\n', 'struct ', '\xff') }), { maxLength: 8 }), (edits) => {
    let text = SAMPLE;
    for (const e of edits) text = text.slice(0, e.at) + e.put + text.slice(e.at + e.cut);
    check(Buffer.from(text, 'latin1'));
  }), { numRuns: 400 });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => check(Buffer.from(bytes))), { numRuns: 300 });
});

test('an annotation whose bracket never closes moves no line', () => {
  assert.deepEqual(functions('int a __attribute__((\n\n\nint x;\nint b(void)\n{\n}\n').at(-1), 'b 5 5 7');
});

test('brackets without partners end every walk', () => {
  for (const text of ['ops o = { endif ] = { &f } };', 'int f(void) { ] = 1; ]]( ); a[ = 2; )( ; x = ) ; }', 'struct { ] } ] = {', '#define M ] = ( [']) scanned(text);
});

test('deep nesting is survived', () => {
  for (const [open, close] of [['(', ')'], ['{', '}'], ['[', ']'], ['struct a { ', '} x;'], ['#if A\n', '#endif\n']]) {
    scanned(`int f(void) { x = ${open.repeat(20_000)}1${close.repeat(20_000)}; }`);
    scanned(open.repeat(20_000));
  }
});

test('structs whose ends are lost are read once each', () => {
  for (const unit of ['struct a { union { int q;\n#endif\n};\n#if B\n', 'struct a { struct b { struct e { int q;\n#endif\n};\n#if B\n']) {
    const { sink } = scanned(unit.repeat(16));
    assert.ok(sink.tables.defs.count <= 48, `${sink.tables.defs.count} definitions`);
  }
});

test('a variable of a struct without a tag says nothing, and never the whole file', () => {
  const rows = pointerCalls('int f(void)\n{\n\tstruct { int (*go)(int); } *a = x;\n\ta->go(1);\n}\n');
  assert.deepEqual(rows, ['? go']);
});

test('a call through a local variable of a function type keeps the type when its value is a call', () => {
  assert.deepEqual(pointerCalls('int f(void)\n{\n\tdoit_t doit;\n\tdoit = lookup(1);\n\treturn doit(2);\n}\n'), ['@doit_t ']);
});

test('definitions in the old style, and what only looks like one', () => {
  assert.deepEqual(functions('int old(a, b)\nint a;\nchar *b, c[2];\n{\n\treturn g(a);\n}\nint next(void) { }\n'), ['old 1 1 6', 'next 7 7 7']);
  assert.deepEqual(calls('static int old(a)\n\tstruct s *a;\n{\n\tg();\n}\n').map((c) => c.split(':')[0]), ['g']);
  assert.deepEqual(functions('int proto(a_t) __weird;\nint f(void) { }\nint v(x) y;\nstruct s { int a; };\n'), ['f 2 2 2']);
});

test('lines are right with CRLF, with a lone CR, and at the end of a file without one', () => {
  assert.deepEqual(functions('/* a */\r\nint f(void)\r\n{\r\n\tg();\r\n}\r\nint h(void) { }'), ['f 2 2 5', 'h 6 6 6']);
  assert.deepEqual(functions('#define M(a) \\\r\n  a\r\nint f(void) { }\r\n'), ['f 3 3 3']);
});
