/**
 * Rewrites kernel C, length for length, into C that the tree-sitter grammar reads: `rewriteForParser(text)`. Every offset, line and
 * column of the result is that of the original; names are read from the original at the same offsets. What the grammar cannot
 * know (macros that are no C until expanded) becomes blanks or plain C of the same meaning to a reader of structure.
 */
import { keptTokens } from './conditionals';
import { definedBy, functionSpans, matchBrackets, type FunctionSpan } from './functions';
import { StatementReader } from './statements';
import { KEYWORDS, TokenKind, readable, tokenize, type Tokens } from './tokens';

const AGGREGATE = new Set(['struct', 'union', 'enum']);
const TYPE_WORD = new Set(['unsigned', 'signed', 'int', 'char', 'long', 'short', 'void', 'float', 'double', 'const', 'volatile', '_Bool', 'struct', 'union', 'enum']);
const TYPEOF = new Set(['typeof', '__typeof__', '__typeof']);

/** Remarks to compiler and checkers that say nothing about structure. Those of the second list take arguments. */
const PLAIN_REMARKS = new Set(('__init __exit __initdata __initconst __exitdata __exitcall __devinit __devexit __devinitdata __devinitconst __devexitdata __cpuinit __cpuinitdata ' +
  '__cpuinitconst __cpuexit __meminit __meminitdata __net_init __net_exit __net_initdata __net_initconst __init_refok __initdata_refok __exit_refok __vdso __no_instrument_function __modinit __nosavedata __jiffy_data __exception_irq_entry __xipram const_debug __init_or_acpilib __nocfi __fix_address INDIRECT_CALLABLE_SCOPE __init_or_module __initdata_or_module __ref __refdata __refconst __user __kernel __iomem ' +
  '__rcu __percpu __force __bitwise __bitwise__ __safe __nocast __private asmlinkage __read_mostly __ro_after_init __cacheline_aligned __cacheline_aligned_in_smp ' +
  '____cacheline_aligned ____cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp __packed __pure __attribute_const__ __cold __hot __weak __used __maybe_unused ' +
  '__always_unused __must_check __malloc __deprecated noinline noinline_for_stack __always_inline notrace __sched __kprobes __visible __latent_entropy __randomize_layout ' +
  '__no_randomize_layout __lockfunc __irq_entry __softirq_entry __noreturn __flatten __cpuidle __bpf_kfunc __nonstring fastcall __compat_init __page_aligned_data __page_aligned_bss ' +
  '__mod_init __vsyscall_fn __latent_entropy __no_sanitize_address __no_kasan_or_inline __head __extension__ __inline __inline__ __volatile__ __restrict __designated_init __transparent_union').split(' '));
const ARGUMENT_REMARKS = new Set(('__acquires __releases __must_hold __printf __scanf __aligned __section __alias __attribute__ __attribute __counted_by __alloc_size __assume_aligned ' +
  '__guarded_by __cond_acquires __no_sanitize __diag_push __error __warning __copy __realloc_size').split(' '));

/** Longest type among a macro's arguments, in tokens. */
const MAX_TYPE = 40;
const PER_CPU = /^(DEFINE|DECLARE)_PER_CPU/;

interface Edit { readonly start: number; readonly end: number; readonly text: string }

/** One file's rewriting: tokens read once, edits gathered, applied in one pass. */
class Rewriter {
  private readonly edits: Edit[] = [];
  private readonly t: Tokens;
  private readonly partner: Int32Array;

  constructor(private readonly source: string) {
    const all = tokenize(source), keep = keptTokens(all);
    this.blankDropped(all, keep);
    for (const d of all.directives) this.blankRange(d.start, d.end);
    this.t = readable(all, keep);
    this.partner = matchBrackets(this.t);
  }

  run(): string {
    const spans = functionSpans(this.t, this.partner);
    this.remarks();
    this.topLevel(spans);
    this.aggregates();
    this.initialisers(spans);
    for (const span of spans) this.functionBody(span);
    return this.apply();
  }

  private blankDropped(all: Tokens, keep: Uint8Array): void {
    for (let i = 0; i < keep.length; i++) if (!keep[i]) this.blankRange(all.start[i], all.end[i]);
  }

  /** Blanks that keep every line end. */
  private blankRange(start: number, end: number): void {
    this.edits.push({ start, end, text: this.source.slice(start, end).replace(/[^\r\n]/g, ' ') });
  }

  private blank(from: number, to = from): void { if (to >= from) this.blankRange(this.t.start[from], this.t.end[to]); }

  /** Puts `text` in the place of tokens [from, to], padded with blanks; left out when it does not fit on the first line. */
  private put(from: number, to: number, text: string): void {
    const start = this.t.start[from], end = this.t.end[to], old = this.source.slice(start, end);
    if (text.length > (old.search(/[\r\n]/) + 1 || old.length + 1) - 1) return;
    this.edits.push({ start, end, text: text + old.slice(text.length).replace(/[^\r\n]/g, ' ') });
  }

  private remarks(): void {
    const t = this.t;
    for (let i = 0; i < t.kind.length; i++) {
      if (t.kind[i] !== TokenKind.Ident) continue;
      const x = t.text[i];
      if (PLAIN_REMARKS.has(x)) this.blank(i);
      else if (ARGUMENT_REMARKS.has(x) && t.text[i + 1] === '(' && this.partner[i + 1] > i) this.blank(i, this.partner[i + 1]);
      else if (TYPEOF.has(x) && t.text[i + 1] === '(' && this.partner[i + 1] > i) this.put(i, this.partner[i + 1], 'int');
      else if (PER_CPU.test(x) && t.text[i + 1] === '(') this.perCpu(i);
      else if (x === 'offsetof' && t.text[i + 1] === '(') this.put(i, i, 'OFFSETOF'); // the grammar's own takes no paths of members
      else this.stringParts(i);
    }
  }

  /** Macros beside string literals: `KERN_INFO pr_fmt("...")`, `"%" __stringify(N) "s"`. */
  private stringParts(i: number): void {
    const t = this.t, next = t.kind[i + 1];
    if (/^KERN_[A-Z]+$/.test(t.text[i]) && (next === TokenKind.Ident || next === TokenKind.Text)) this.blank(i);
    else if (t.text[i] === '__stringify' && t.text[i + 1] === '(' && this.partner[i + 1] > i) {
      const close = this.partner[i + 1];
      if (t.kind[i - 1] === TokenKind.Text || t.kind[close + 1] === TokenKind.Text) this.blank(i, close);
    }
  }

  /** DEFINE_PER_CPU(T, n) reads as `T n`. */
  private perCpu(at: number): void {
    const close = this.partner[at + 1];
    if (close < 0) return;
    this.blank(at, at + 1);
    this.blank(close);
    for (let i = at + 2; i < close; i++) {
      if (this.partner[i] > i) {
        if (this.t.text[i] === '[') this.blank(i, this.partner[i]);
        i = this.partner[i];
      } else if (this.t.text[i] === ',') this.blank(i);
    }
  }

  private topLevel(spans: readonly FunctionSpan[]): void {
    const t = this.t;
    const heads = new Map(spans.map((s) => [s.body, s]));
    let from = 0;
    for (let i = 0; i < t.kind.length; i++) {
      const span = heads.get(i);
      if (span) {
        if (span.first > from) this.blank(from, span.first - 1);
        this.systemCall(span);
        i = span.close; from = i + 1;
      } else if (t.text[i] === ';' || t.text[i] === '}') { this.macroCalls(from, i); from = i + 1; }
      else if (this.partner[i] > i) i = this.partner[i] - (t.text[i] === '{' && t.text[this.partner[i] + 1] !== ';' ? 1 : 0);
    }
    this.macroCalls(from, t.kind.length);
  }

  /** Macro statements between definitions: `MODULE_X("...")`, `TRACE_EVENT(...)`, `static DEFINE_SPINLOCK(x)`. */
  private macroCalls(from: number, end: number): void {
    const t = this.t;
    let at = from;
    while (at < end && (t.text[at] === 'static' || t.text[at] === 'extern' || t.text[at] === 'const')) at++;
    for (let open = at + 1; open < end && t.kind[open - 1] === TokenKind.Ident && t.text[open] === '(' && !KEYWORDS.has(t.text[open - 1]); open = at + 1) {
      const close = this.partner[open];
      if (close < 0 || close > end || PER_CPU.test(t.text[at])) return;
      if (close + 1 < end || end === t.kind.length) {
        // Something follows without a semicolon: a macro on a line of its own goes, anything else is a declaration.
        if ((close + 1 < end && t.line[close + 1] === t.line[close]) || at > from) return;
        this.blank(at, close);
        at = from = close + 1;
        continue;
      }
      if (close > open + 2) this.blank(open + 2, close - 1);
      return;
    }
  }

  /** SYSCALL_DEFINEn(name, type, argument, ...) reads as `long name(type argument, ...)`. */
  private systemCall(span: FunctionSpan): void {
    const t = this.t, macro = span.nameAt - 2, open = span.nameAt - 1;
    if (macro < 0 || definedBy(t.text[macro], t.text[span.nameAt]) === null) return;
    const close = this.partner[open];
    this.put(macro, macro, 'long');
    if (t.text[span.nameAt + 1] === ')') {
      // Without arguments there is no comma to turn into a parenthesis: the name moves one column to the left.
      this.edits.push({ start: t.start[open], end: t.end[close], text: `${t.text[span.nameAt]}()`.padEnd(t.end[close] - t.start[open]) });
      return;
    }
    this.blank(open);
    let commas = 0;
    for (let i = span.nameAt + 1; i < close; i++) {
      if (this.partner[i] > i) { i = this.partner[i]; continue; }
      if (t.text[i] !== ',') continue;
      if (commas === 0) this.put(i, i, '(');
      else if (commas % 2 === 1) this.blank(i);
      commas++;
    }
  }

  /** Macros in struct and union bodies: a bitmap is a member, a marker for a checker is nothing. */
  private aggregates(): void {
    const t = this.t;
    for (let i = 2; i < t.kind.length; i++) {
      if (t.text[i] !== '{' || this.partner[i] < 0 || !(AGGREGATE.has(t.text[i - 1]) || AGGREGATE.has(t.text[i - 2]) || /^__|^_/.test(t.text[i - 1]))) continue;
      if (t.text[i - 1] === 'enum' || t.text[i - 2] === 'enum') continue;
      for (let at = i + 1; at < this.partner[i]; at = this.endOfMember(at, this.partner[i])) this.memberMacro(at);
    }
  }

  private endOfMember(from: number, to: number): number {
    for (let i = from; i < to; i++) {
      if (this.t.text[i] === ';') return i + 1;
      if (this.partner[i] > i) i = this.partner[i];
    }
    return to;
  }

  private memberMacro(at: number): void {
    const t = this.t, open = at + 1;
    if (t.kind[at] !== TokenKind.Ident || KEYWORDS.has(t.text[at]) || t.text[open] !== '(' || t.text[open + 1] === '*') return;
    const close = this.partner[open];
    if (close < 0 || ARGUMENT_REMARKS.has(t.text[at]) || TYPEOF.has(t.text[at])) return;
    if (/^DECLARE_/.test(t.text[at]) && t.kind[open + 1] === TokenKind.Ident && t.text[close + 1] === ';') {
      this.put(at, open, 'long');
      this.blank(open + 2, close);
    } else this.blank(at, t.text[close + 1] === ';' ? close + 1 : close);
  }

  private functionBody(span: FunctionSpan): void {
    const reader = new StatementReader(this.t, this.partner, span.close);
    reader.block(span.body + 1, span.close, { parent: -1, branch: '' });
    for (const at of reader.loopMacros) if (this.t.text[at + 2] !== ')') this.put(at, at, 'while');
    for (const close of reader.openEnded) this.semicolonAfter(close);
    this.callsIn(span.body + 1, span.close);
    for (let i = span.body + 1; i < span.close; i++) {
      if (this.t.text[i] === '...' && this.t.text[i - 2] === 'case') this.blank(i, i + 1); // case A ... B
      else if (this.t.text[i] === 'static') this.staticMacro(i + 1, span.close);
    }
  }

  /** `static DEFINE_X(name, ...);` inside a function declares `name`. */
  private staticMacro(at: number, to: number): void {
    const open = at + 1, close = this.t.kind[at] === TokenKind.Ident && !KEYWORDS.has(this.t.text[at]) && this.t.text[open] === '(' ? this.partner[open] : -1;
    if (close > open + 2 && close < to && this.t.text[close + 1] === ';') this.blank(open + 2, close - 1);
  }

  private callsIn(from: number, to: number): void {
    const t = this.t;
    for (let i = from; i < to; i++) {
      if (t.text[i] === '(' && t.kind[i - 1] === TokenKind.Ident && !KEYWORDS.has(t.text[i - 1]) && this.partner[i] > i) this.argumentsOf(i, Math.min(this.partner[i], to));
    }
  }

  /** Initialisers outside functions: macros among their entries, types among those macros' arguments. */
  private initialisers(spans: readonly FunctionSpan[]): void {
    const t = this.t, bodies = new Map(spans.map((s) => [s.body, s.close]));
    for (let i = 1; i < t.kind.length; i++) {
      if (t.text[i] !== '{') continue;
      if (bodies.has(i)) { i = bodies.get(i)!; continue; }
      if (t.text[i - 1] !== '=' || this.partner[i] < 0) continue;
      const close = this.partner[i];
      this.callsIn(i + 1, close);
      for (let at = i + 1; at < close; at++) {
        const open = at + 1, isEntry = t.text[at - 1] === '{' || t.text[at - 1] === ',' || (t.text[at - 1] === ')' && t.line[at] > t.line[at - 1]);
        const end = isEntry && t.kind[at] === TokenKind.Ident && t.text[open] === '(' ? this.partner[open] : -1;
        if (end > 0 && end < close && (t.kind[end + 1] === TokenKind.Ident || t.text[end + 1] === '.')) this.blank(at, end);
      }
      i = close;
    }
  }

  /** A macro statement gets its semicolon: in the blank behind it, or in the place of its arguments. */
  private semicolonAfter(close: number): void {
    const at = this.t.end[close], open = this.partner[close];
    if (this.source[at] === ' ' || this.source[at] === '\t') this.edits.push({ start: at, end: at + 1, text: ';' });
    else if (open >= 0) this.put(open, close, this.t.end[close] - this.t.start[open] > 2 ? '();' : ';');
  }

  /** Types, `return` and `;` among a macro's arguments become names and commas. */
  private argumentsOf(open: number, close: number): void {
    const t = this.t;
    let from = open + 1;
    for (let i = open + 1; i <= close; i++) {
      if (i < close && this.partner[i] > i) { i = this.partner[i]; continue; }
      if (i < close && t.text[i] === 'return') { if (i + 1 === close) this.put(i, i, '______'); else this.blank(i); continue; }
      if (i < close && t.text[i] !== ',' && t.text[i] !== ';') continue;
      if (i < close && t.text[i] === ';') this.put(i, i, i + 1 === close ? ' ' : ',');
      this.typeArgument(from, i);
      from = i + 1;
    }
  }

  /** [from, to) is one argument. If it is a type, one name of it stays. */
  private typeArgument(from: number, to: number): void {
    const t = this.t;
    if (to - from > MAX_TYPE) return;
    if (from >= to || !TYPE_WORD.has(t.text[from])) {
      // `foo_t *` with nothing after the stars.
      if (to - from > 1 && t.kind[from] === TokenKind.Ident && t.text[to - 1] === '*') for (let i = from + 1; i < to && t.text[i] === '*'; i++) this.blank(i);
      return;
    }
    let name = -1;
    for (let i = from; i < to; i++) if (t.kind[i] === TokenKind.Ident && !TYPE_WORD.has(t.text[i])) { name = i; break; }
    for (let i = from; i < to; i++) {
      if (i === name) continue;
      if (name < 0 && i === from) this.put(i, i, '_'.repeat(t.text[i].length));
      else if (TYPE_WORD.has(t.text[i]) || t.text[i] === '*') this.blank(i);
    }
  }

  /** Later edits of the same place lose to earlier ones that cover them. */
  private apply(): string {
    const edits = this.edits.map((e, i) => ({ ...e, i })).sort((a, b) => a.start - b.start || b.end - a.end || b.i - a.i);
    const parts: string[] = [];
    let at = 0;
    for (const e of edits) {
      if (e.start < at) continue;
      parts.push(this.source.slice(at, e.start), e.text);
      at = e.end;
    }
    parts.push(this.source.slice(at));
    return parts.join('');
  }
}

/** The same text for the parser: same length, same line ends, directives and remarks blanked, macros as plain C. */
export function rewriteForParser(text: string): string {
  return new Rewriter(text).run();
}
