/**
 * Marker-style fixtures: a line's `//:` comment lists the sites whose statement starts there, in order, as `kind text#nth@branch`.
 * A line without one has none. `#1` and an empty branch are left out. What the parser finds must be exactly what is written.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { functionsIn, type FunctionSites, type Site } from './sites';
import { factsDir, gzTable, kernelDir, kernelText, skipWithout, tracesDir } from './testing';

const shown = (s: Site): string => `${s.kind}${s.text ? ` ${s.text}` : ''}${s.nth > 1 ? `#${s.nth}` : ''}${s.branch ? `@${s.branch}` : ''}`;

function check(source: string): FunctionSites[] {
  const text = source.replace(/^\n/, ''), functions = functionsIn(text.replace(/\/\/:.*$/gm, ''));
  const found = new Map<number, string[]>();
  for (const f of functions) for (const s of f.sites) found.set(s.line, [...(found.get(s.line) ?? []), shown(s)]);
  text.split('\n').forEach((line, i) => {
    const wanted = /\/\/: (.*)$/.exec(line)?.[1].trim() ?? '';
    assert.equal((found.get(i + 1) ?? []).join(' | '), wanted, `line ${i + 1}: ${line}`);
  });
  return functions;
}

test('statements, nested calls, branches and texts', () => {
  check(`
static int box_push(struct box *b, struct item *it, int n) //: entry
{
	struct lid *lid = lid_of(b), *other; //: decl | call lid_of
	int err; //: decl bare
	u8 tmp[ROOM(4)]; //: decl bare#2 | call ROOM

	b->count += n; //: assign count
	b->slots[b->head++].tag = TAG(it)->tag; //: assign tag | call TAG
	TAG(it)->seen = 1, b->full--; //: assign seen | call TAG#2 | assign full
	*b->cursor++ = it; //: assign cursor
	if (likely(b->open && //: if likely b open fits b n | call likely@cond | call fits@cond
		   fits(b, n)))
		err = lid->ops->close(b, size(it)); //: assign err@then | call close@then | call size@then
	else if (!it) //: if it@else
		goto out; //: goto@then
	else { //:
		return -EINVAL; //: return EINVAL@else
	}
	(*b->hook)(it); //: call hook
	table[n](b); //: call table
	(n > 1 ? many : one)(b); //: call many | call one
	total = (u32)(a - c); //: assign total
	(void)drop(b); //: call drop
	return err ? : NULL; //: return err
out: //: label
	return size((struct box *)b); //: return size box b | call size#2
}
`);
});

test('loops, loop macros and do-while ends', () => {
  check(`
void walk(struct list *l) //: entry
{
	for (i = first(l); i < last(l); i = next(l, i)) //: loop | call first@init | call last@cond | call next@step
		visit(i); //: call visit@body
	for (n = 0; //: loop#2
	     n < 3; //: loop cond@cond
	     n++) { //: loop step@step
		continue; //: goto continue@body
	}
	while (busy(l)) //: loop#3 | call busy@cond
		; //:
	do { //: loop#4
		spin(); //: call spin@body
	} while (more(l)); //: loop while@cond | call more@cond
	list_for_each_entry(p, &l->head, //: loop#5 | call head_of@cond
			    head_of(l)) //:
		if (p->dead) //: if p dead@body
			break; //: goto break@then
	skb_queue_walk(&l->q, skb) { //: loop#6
		touch(skb); //: call touch@body
	}
	for_ifa(l) { use(ifa); } endfor_ifa(l); //: loop#7 | call use@body | call endfor_ifa
	wait_for_end(l); //: call wait_for_end
}
`);
});

test('switch: case branches, stacked and default labels, calls in labels', () => {
  const [f] = check(`
static int pick(int kind) //: entry
{
	switch (kind & mask(kind)) { //: switch kind mask kind | call mask@cond
	case KIND_A: //:
	case htons(KIND_B): //: call htons@case KIND_A htons KIND_B
		a(); //: call a@case KIND_A htons KIND_B
		break; //: goto break@case KIND_A htons KIND_B
	case 3: { //:
		return three(); //: return three@case 3 | call three@case 3
	} //:
	case 'a' ... 'z': //:
		letter(); //: call letter@case 'a'
		/* fall through */
	default: //:
		d(); //: call d@default
	}
	return 0; //: return
}
`);
  assert.equal(f.sites.find((s) => s.text === 'd')?.parent, f.sites.findIndex((s) => s.kind === 'switch'));
});

test('parents and depth follow the nesting', () => {
  const [f] = functionsIn('void f(void)\n{\n\tif (a(1)) {\n\t\twhile (b())\n\t\t\tc();\n\t} else\n\t\td();\n\te();\n}\n');
  assert.deepEqual(f.sites.map((s) => [s.kind, s.text, s.depth, s.parent, s.branch]), [
    ['entry', '', 0, -1, ''], ['if', 'a', 0, -1, ''], ['call', 'a', 1, 1, 'cond'], ['loop', '', 1, 1, 'then'], ['call', 'b', 2, 3, 'cond'],
    ['call', 'c', 2, 3, 'body'], ['call', 'd', 1, 1, 'else'], ['call', 'e', 0, -1, '']]);
});

test('declarations are told from calls and products', () => {
  check(`
int g(struct a *a) //: entry
{
	struct sock *sk, *next = NULL; //: decl
	foo_t *p; //: decl bare
	foo_t x = make(); //: decl#2 | call make
	u32 (*fn)(struct a *) = get_fn(a); //: decl#3 | call get_fn
	const typeof(x) *y = &x; //: decl#4
	struct pair z = { .left = left(a), .right = 1 }; //: decl#5 | call left
	DEFINE_WAIT(wait); //: call DEFINE_WAIT
	ADDR_COOKIE(cookie, a, //: call ADDR_COOKIE
		    b) //:
	const int last = 3; //: decl#6
	LOCK_CHECK() //: call LOCK_CHECK
	__attribute__((unused)) int q = sizeof(last) + offsetof(struct a, b); //: decl#7
	if time_after(x, y) //: if time_after x y | call time_after@cond
		--a->left; //: assign left@then
	return 0; //: return
}
`);
});

test('names, parameters and lines of definitions', () => {
  const functions = functionsIn([
    'EXPORT_THING(x)', 'static __init int', 'start_up(struct a __user *arg, int (*cb)(int, void *), ...)', '\t__acquires(lock)', '{', '}', // 2-6
    'SYSCALL_DEFINE3(sendit, int, fd, void __user *, buf, size_t,', '\t\tlen)', '{', '\treturn sys_sendall(fd, buf, len);', '}', // 7-11
    'COMPAT_SYSCALL_DEFINE1(sendit, int, fd)', '{', '}', 'SYSCALL_DEFINE0(tick) { return 0; }', // 12-15
    '#ifdef CONFIG_A', 'void twice(void) { one(); }', '#else', 'static inline void twice(void) { }', '#endif', // 16-20
    'struct ops table = { .f = twice };', 'enum e { A = F(1), B };', 'void (*pick(int n))(void)', '{', '\treturn g;', '}', // 21-26
    '__printf(1, 2) void say(const char *fmt, int unused[]) { }'].join('\n'));
  assert.deepEqual(functions.map((f) => [f.name, f.def, f.line, f.nameLine, f.bodyLine, f.endLine, f.params.join(' ')]), [
    ['start_up', 1, 2, 3, 5, 6, 'arg cb'], ['sys_sendit', 1, 7, 7, 9, 11, 'fd buf len'], ['compat_sys_sendit', 1, 12, 12, 13, 14, 'fd'],
    ['sys_tick', 1, 15, 15, 15, 15, ''], ['twice', 1, 17, 17, 17, 17, ''], ['twice', 2, 19, 19, 19, 19, ''], ['pick', 1, 23, 23, 24, 26, 'n'],
    ['say', 1, 27, 27, 27, 27, 'fmt unused']]);
});

test('broken text gives what can be read, in bounded time', () => {
  assert.deepEqual(functionsIn('void f(void)\n{\n\tif (a {\n\t\tb();\n}\nvoid g(void)\n{\n\tc();\n}\n').map((f) => f.name), ['f', 'g']);
  const deep = `void f(void)\n{\n${'if (a) {'.repeat(5000)}\n}\n`;
  assert.equal(functionsIn(deep).length, 1);
  assert.equal(functionsIn(`void f(void)\n{\n${'if (a) '.repeat(5000)};\n}\n`).length, 1);
});

test('a quarter of a megabyte of one broken thing is read as fast as source', () => {
  for (const piece of ['{', '(', '}', 'f(', '(*', 'if(a){', 'case ', 'x++ ', 'struct s{', '#if A\nx\n', '#if A\nx\n#else\ny\n', '"', '/*', 'do ', 'switch(a){', 'a(b)\n']) {
    for (const text of [piece.repeat(250_000 / piece.length), `void f(void)\n{\n${piece.repeat(250_000 / piece.length)}`]) {
      const started = performance.now();
      functionsIn(text);
      assert.ok(performance.now() - started < 2000, `${JSON.stringify(piece)}: ${performance.now() - started} ms`);
    }
  }
});

test('any text: no exception, sites ordered and nested inside their function', () => {
  const piece = fc.constantFrom('if (', ')', '{', '}\n', ';', 'else ', 'do ', 'while (', 'x', ' ', '\n', 'f(', 'case 1:', 'switch (', '=', '#if A\n', '\n#else\n', '\n#endif\n', 'return ', 'for (', 'int ', '*', '"', '[', ']', '->', '?', ':');
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
    for (const f of functionsIn(`void f(int a)\n{\n${pieces.join('')}\n}\n`)) {
      f.sites.forEach((s, i) => {
        assert.ok(s.parent < i && s.line >= f.nameLine && s.line <= f.endLine);
        assert.equal(s.depth, s.parent < 0 ? 0 : f.sites[s.parent].depth + 1);
      });
    }
  }), { numRuns: 500 });
});

test('3.10.108: functions are those of the facts, calls to 99.9 %', skipWithout('kernel', 'facts'), () => {
  const functions = new Set(gzTable(path.join(factsDir!, 'functions.tsv.gz')).map((r) => [r[0], r[2], r[3], r[4]].join(' ')));
  // The facts name the compat calls by their plain names, and a callee by the whole expression.
  const calls = new Set(gzTable(path.join(factsDir!, 'calls.tsv.gz')).map((r) => [r[0], r[2].replace(/.*(->|\.)/, '').replace(/\[.*/, '').replace(/[()*]/g, ''), r[3]].join(' ')));
  const mine = new Set<string>(), mineCalls = new Set<string>();
  for (const [file] of gzTable(path.join(factsDir!, 'files.tsv.gz'))) {
    for (const f of functionsIn(kernelText(file))) {
      mine.add([file, f.line, f.endLine, f.nameLine].join(' '));
      for (const s of f.sites) if (s.kind === 'call' || s.macro) mineCalls.add([file, s.macro ?? s.text, s.tokenLine].join(' '));
    }
  }
  assert.deepEqual([...functions].filter((f) => !mine.has(f)), []);
  assert.deepEqual([...mine].filter((f) => !functions.has(f)), []);
  const missed = [...calls].filter((c) => !mineCalls.has(c)), extra = [...mineCalls].filter((c) => !calls.has(c));
  assert.ok(missed.length / calls.size < 0.001, `${missed.length} of ${calls.size} calls missed: ${missed.slice(0, 20).join('; ')}`);
  assert.ok(extra.length / mineCalls.size < 0.001, `${extra.length} of ${mineCalls.size} calls too many: ${extra.slice(0, 20).join('; ')}`);
});

test('3.10.108: every recorded statement has a site, but for function entries at their brace', skipWithout('kernel', 'traces'), () => {
  const recorded = new Map<string, Set<number>>();
  for (const name of fs.readdirSync(tracesDir!)) {
    const kind = /\.(lines|missed)\.tsv\.gz$/.exec(name)?.[1];
    if (!kind) continue;
    for (const row of gzTable(path.join(tracesDir!, name))) {
      if (kind === 'lines' && row[4] !== 'a' && row[4] !== 's') continue;
      if (!recorded.has(row[0])) recorded.set(row[0], new Set());
      recorded.get(row[0])!.add(+row[1]);
    }
  }
  let all = 0, sited = 0, sitedOrEntry = 0;
  for (const [file, lines] of recorded) {
    if (!fs.existsSync(path.join(kernelDir!, file))) continue;
    const functions = functionsIn(kernelText(file));
    const sites = new Set(functions.flatMap((f) => f.sites.flatMap((s) => [s.line, s.tokenLine]))), entries = new Set(functions.map((f) => f.bodyLine));
    for (const line of lines) {
      all++;
      if (sites.has(line)) sited++;
      if (sites.has(line) || entries.has(line)) sitedOrEntry++;
    }
  }
  assert.ok(all > 10000, `only ${all} lines recorded`);
  assert.ok(sited / all > 0.95, `${sited} of ${all}`);
  assert.ok(sitedOrEntry / all > 0.999, `${sitedOrEntry} of ${all}`);
});
