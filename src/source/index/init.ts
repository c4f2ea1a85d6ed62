/** Initialisers: which function or table stands in which member. */
import { type Context, hasLower, isPlain, LocalType, partner, place, text } from './context';
import { FLOW_ADDRESS, FLOW_LOCAL, FLOW_WRAPPED, FlowKind } from './facts';
import { UNKNOWN } from './signature';

const MAX_NESTING = 16;

/** A `{ ... }` being read. */
interface Target {
  /** Signature of the struct that the braces fill. */
  type: string;
  /** Signature of the variable itself when it is an array of pointers, else null. */
  array: string | null;
  owner: number;
  /** The member whose braces these are, when it can be an array of pointers: its token and the struct it is in. */
  inMember?: { readonly token: number; readonly type: string };
  /** Row of the function around, whose parameters may be values; -1 at file level. */
  enclosing: number;
}

/** Reads the braces at `open`. `values(from, to)` sees every expression that is no plain name (for the calls in it). */
export function initialiser(cx: Context, open: number, target: Target, values: (from: number, to: number) => void, nesting = 0): void {
  const { kind } = cx.run;
  const close = partner(cx, open, cx.run.count);
  let position = 0;
  for (let i = open + 1; i < close; position++) {
    let stop = i;
    while (stop < close && kind[stop] !== 44) stop = kind[stop] === 40 || kind[stop] === 91 || kind[stop] === 123 ? partner(cx, stop, close) + 1 : stop + 1;
    if (stop > close) stop = close;
    if (stop > i) entry(cx, i, stop, target, position, values, nesting);
    i = stop + 1;
  }
}

function entry(cx: Context, i: number, end: number, target: Target, position: number, values: (from: number, to: number) => void, nesting: number): void {
  const { kind } = cx.run;
  let type = target.type;
  let member = -1;
  let indexed = false;
  if (isPlain(cx, i) && kind[i + 1] === 58) { member = i; i += 2; } // member: value
  else {
    while (i < end && (kind[i] === 46 || kind[i] === 91)) {
      if (kind[i] === 91) { i = partner(cx, i, end) + 1; indexed = true; continue; }
      if (member >= 0) type = deeper(type, text(cx, member));
      member = i + 1;
      i += 2;
    }
    if (member >= 0 || indexed) { if (kind[i] === 61) i++; }
  }
  if (i >= end) return;
  let value = i;
  while (value < end && kind[value] === 40 && cx.run.match[value] > 0 && cx.run.match[value] < end - 1) value = cx.run.match[value] + 1; // casts
  if (kind[value] === 123) {
    if (nesting > MAX_NESTING) return;
    const inner = member >= 0 ? deeper(type, text(cx, member)) : nesting === 0 || target.array !== null || indexed ? type : deeper(type, `#${position}`);
    initialiser(cx, value, { ...target, type: inner, array: null, inMember: member >= 0 ? { token: member, type } : undefined }, values, nesting + 1);
    return;
  }
  record(cx, value, end, type === target.type ? target : { ...target, type }, member, position);
  if (value !== i || end - value > 2) values(i, end);
}

function deeper(type: string, member: string): string {
  return type === UNKNOWN || type === '' ? UNKNOWN : `${type}.${member}`;
}

/** Records a value that is a name, `&name`, or a choice or bracket around one. */
function record(cx: Context, value: number, end: number, target: Target, member: number, position: number): void {
  const { kind } = cx.run;
  const { facts } = cx;
  let address = 0;
  let from = value;
  while (from < end && kind[from] === 40 && cx.run.match[from] === end - 1) { from++; end--; }
  if (kind[from] === 38) { address = FLOW_ADDRESS; from++; }
  if (from >= end || !isPlain(cx, from)) return;
  const whole = end - from === 1 || (address !== 0 && (kind[from + 1] === 91 || kind[from + 1] === 46));
  const wrapped = !whole && kind[from + 1] === 40 && partner(cx, from + 1, end) === end - 1;
  const token = whole ? from : wrapped && isPlain(cx, from + 2) && from + 3 === end - 1 ? from + 2 : -1;
  if (token < 0) return;
  const inArray = member < 0 && target.array !== null;
  const name = member >= 0 ? facts.nameOf(cx.run, member) : inArray ? 0 : facts.strings.intern(`#${position}`);
  const left = facts.signature(inArray ? (target.array as string) : target.type === '' ? UNKNOWN : target.type);
  const at = member >= 0 ? member : token;
  if (member < 0 && target.inMember !== undefined && hasLower(cx, token)) {
    facts.flow(facts.nameOf(cx.run, target.inMember.token), place(cx, token), target.owner, facts.signature(target.inMember.type === '' ? UNKNOWN : target.inMember.type), facts.nameOf(cx.run, token), 0, FlowKind.INITIALISER | address);
  }
  const local = target.enclosing < 0 ? -1 : cx.locals.find(cx.run.hash[token]);
  facts.flow(name, place(cx, at), target.owner, left, facts.nameOf(cx.run, token), 0, FlowKind.INITIALISER | address | (wrapped ? FLOW_WRAPPED : 0) | (local >= 0 ? FLOW_LOCAL : 0));
  if (local < 0 || cx.locals.param[local] < 0) return;
  const type = cx.locals.type[local];
  if (type === LocalType.CALLABLE || type === LocalType.TYPEDEF || cx.macro) facts.flow(name, place(cx, at), target.enclosing, left, cx.locals.param[local], 0, FlowKind.PARAMETER);
}
