// Pairs the sites of a mirror function with those of the C function it stands for: same kind, same words, same order, same nesting.

/** Share of common words, in order (Dice over the longest common subsequence). */
function alike(a, b) {
  if (a === b) return 1;
  const x = a ? a.split(' ') : [], y = b ? b.split(' ') : [];
  if (!x.length || !y.length) return 0;
  const row = new Array(y.length + 1).fill(0);
  for (const w of x) {
    let diagonal = 0;
    for (let j = 0; j < y.length; j++) {
      const up = row[j + 1];
      row[j + 1] = w === y[j] ? diagonal + 1 : Math.max(up, row[j]);
      diagonal = up;
    }
  }
  return (2 * row[y.length]) / (x.length + y.length);
}

/** Score of two sites by themselves; 0 when they cannot be the same place. */
function ownScore(t, c) {
  if (c.dead) return 0;
  if (t.kind === 'decl') {
    if (c.kind === 'decl') return c.text === 'bare' ? 0 : t.name && c.name ? (t.name === c.name ? 3 : 0) : 1;
    return c.kind === 'assign' && c.text === t.name ? 2.5 : 0;
  }
  if (t.kind === 'assign' && c.kind === 'decl') return c.name === t.text ? 2 : 0;
  if (t.kind === 'if' && c.kind === 'loop' || t.kind === 'loop' && c.kind === 'if') return 0;
  if (t.kind !== c.kind) return 0;
  switch (t.kind) {
    case 'call': return t.text === c.text ? 3 : 0;
    case 'assign': return t.text === c.text ? 2.5 : 0;
    case 'if': case 'switch': { const s = alike(t.text, c.text); return s >= 0.5 ? 1.5 + 3 * s : 0; }
    case 'return': { const s = t.text === c.text ? 1 : alike(t.text, c.text); return s >= 0.5 ? 1 + 1.5 * s : 0; }
    case 'loop': return c.text === '' ? 1.6 + (c.head === undefined ? 0.4 : 0.8 * alike(t.head ?? '', c.head)) : 0;
    case 'goto': return t.text === c.text ? 0.8 : 0;
    default: return 0;
  }
}

function contextScore(ts, cs, t, c) {
  const p = t.parent >= 0 ? ts[t.parent] : null, q = c.parent >= 0 ? cs[c.parent] : null;
  if (!p && !q) return 0.4;
  if (!p || !q) return -0.3;
  if (p.kind !== q.kind) return -0.3;
  const near = p.kind === 'loop' ? 1 : alike(p.text, q.text);
  if (near < 0.4) return -0.4;
  if (t.branch === c.branch || p.kind === 'loop') return 0.6 * near;
  return p.kind === 'switch' && sameCase(t.branch, c.branch) ? 0.6 * near * alike(t.branch, c.branch) : -0.5;
}

/** Can statements in these cases of a switch be the same? A mirror's case may lack labels of what is not modelled. */
export function sameCase(a, b) {
  if (!a.startsWith('case ') || !b.startsWith('case ')) return a === b;
  const labels = new Set(a.split(' ').slice(1));
  return b.split(' ').slice(1).some((label) => labels.has(label));
}

/** Is `ancestor` above `i` in `sites`? */
function under(sites, i, ancestor) {
  for (let p = sites[i].parent; p >= 0; p = sites[p].parent) if (p === ancestor) return true;
  return false;
}
function branchUnder(sites, i, ancestor) {
  let at = i;
  while (sites[at].parent !== ancestor) at = sites[at].parent;
  return sites[at].branch;
}

const PLAIN = new Set(['decl', 'assign', 'return']);

/** For every plain statement the names of the calls in it, in order. */
function callsWithin(sites, isWithin) {
  return sites.map((s, i) => {
    if (!PLAIN.has(s.kind)) return '';
    const names = [];
    for (let c = i + 1; c < sites.length && sites[c].kind === 'call' && isWithin(s, sites[c]); c++) names.push(sites[c].text);
    return names.join(' ');
  });
}

function inOrder(ts, cs, forbidden) {
  const n = ts.length, m = cs.length;
  const tCalls = callsWithin(ts, (s, c) => c.start >= s.start && c.end <= s.end), cCalls = callsWithin(cs, (s, c) => c.line === s.line);
  const score = (i, j) => {
    if (forbidden.has(i * 100000 + j)) return 0;
    const own = ownScore(ts[i], cs[j]);
    const calls = own !== 0 && PLAIN.has(ts[i].kind) && tCalls[i] && cCalls[j] ? 0.5 * alike(tCalls[i], cCalls[j]) : 0;
    if (own === 0) return 0;
    const around = contextScore(ts, cs, ts[i], cs[j]);
    // A jump says nothing by itself: what it hangs on must be the same.
    return ts[i].kind === 'goto' && around < 0 ? 0 : Math.max(0.1, own + calls + around);
  };
  const best = Array.from({ length: n + 1 }, () => new Float64Array(m + 1));
  const own = Array.from({ length: n }, () => new Float64Array(m));
  for (let i = n - 1; i >= 0; i--) for (let j = m - 1; j >= 0; j--) {
    const s = own[i][j] = score(i, j);
    best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], s ? best[i + 1][j + 1] + s : 0);
  }
  const pair = new Int32Array(n).fill(-1);
  for (let i = 0, j = 0; i < n && j < m;) {
    if (own[i][j] && Math.abs(best[i][j] - best[i + 1][j + 1] - own[i][j]) < 1e-9) pair[i++] = j++;
    else if (best[i][j] === best[i][j + 1]) j++;
    else i++;
  }
  return pair;
}

/** The statement (decl, assign, return) that a mirror's call is part of, or -1. */
function statementOf(ts, i) {
  for (let s = i - 1; s >= 0 && ts[s].parent === ts[i].parent; s--) {
    if (PLAIN.has(ts[s].kind)) return ts[s].start <= ts[i].start && ts[i].end <= ts[s].end ? s : -1;
  }
  return -1;
}

/** A call in a paired statement is not another statement's, when its partner has such a call too. */
function strays(ts, cs, pair) {
  const out = [];
  for (let i = 0; i < ts.length; i++) {
    const j = pair[i], s = j >= 0 && ts[i].kind === 'call' ? statementOf(ts, i) : -1;
    if (s < 0 || pair[s] < 0) continue;
    const { line } = cs[pair[s]];
    if (cs[j].line !== line && cs.some((c) => c.kind === 'call' && c.text === ts[i].text && c.line === line)) out.push([i, j]);
  }
  return out;
}

/** Pairs that contradict the nesting: a site inside a paired control statement must lie inside its partner, in the same branch. */
function contradictions(ts, cs, pair) {
  const out = [];
  const back = new Map();
  pair.forEach((j, i) => { if (j >= 0) back.set(j, i); });
  for (let i = 0; i < ts.length; i++) {
    const j = pair[i];
    if (j < 0) continue;
    for (let p = ts[i].parent; p >= 0; p = ts[p].parent) {
      if (pair[p] < 0) continue;
      if (!under(cs, j, pair[p])) out.push([i, j]);
      else if (ts[p].kind === 'if' && branchUnder(ts, i, p) !== branchUnder(cs, j, pair[p])) out.push([i, j]);
      else if (ts[p].kind === 'switch' && !sameCase(branchUnder(ts, i, p), branchUnder(cs, j, pair[p]))) out.push([i, j]);
      break;
    }
    for (let q = cs[j].parent; q >= 0; q = cs[q].parent) {
      if (!back.has(q)) continue;
      if (!under(ts, i, back.get(q))) out.push([i, j]);
      break;
    }
  }
  return out;
}

/**
 * For each mirror site the index of its C site, or -1. `cs` lack `parent` when only the committed table is at hand; then order and words decide.
 * What stays unpaired but is the only one of its kind and words in the C function (the shared tail behind a goto) is paired last.
 */
export function pairSites(ts, cs, structured = true) {
  const forbidden = new Set();
  let pair = inOrder(ts, cs, forbidden);
  for (let round = 0; structured && round < 6; round++) {
    const bad = [...contradictions(ts, cs, pair), ...strays(ts, cs, pair)];
    if (!bad.length) break;
    for (const [i, j] of bad) forbidden.add(i * 100000 + j);
    pair = inOrder(ts, cs, forbidden);
  }
  for (const [i, j] of structured ? contradictions(ts, cs, pair) : []) pair[i] = -1;
  leftovers(ts, cs, pair);
  return pair;
}

/** Does site `i` stand in a case of a paired switch, and `j` in another one of it? */
function inAnotherCase(ts, cs, pair, i, j) {
  for (let p = ts[i].parent; p >= 0; p = ts[p].parent) {
    if (ts[p].kind === 'switch' && pair[p] >= 0 && under(cs, j, pair[p]) && !sameCase(branchUnder(ts, i, p), branchUnder(cs, j, pair[p]))) return true;
  }
  return false;
}

function leftovers(ts, cs, pair) {
  const places = new Map();
  cs.forEach((c, j) => { if (c.dead) return; const k = `${c.kind} ${c.text}`; places.set(k, [...(places.get(k) ?? []), j]); });
  for (let i = 0; i < ts.length; i++) {
    // Macros open no frame: without a partner of their own they need no place.
    if (pair[i] >= 0 || !['call', 'return'].includes(ts[i].kind) || (ts[i].kind === 'call' && /^([A-Z][A-Z0-9_]*|skb_shinfo|likely|unlikely)$/.test(ts[i].text))) continue;
    const found = (places.get(`${ts[i].kind} ${ts[i].text}`) ?? []).filter((j) => !inAnotherCase(ts, cs, pair, i, j));
    if (found.length === 1 && (ts[i].kind === 'call' || ts[i].text !== '')) pair[i] = found[0];
    else if (found.length > 1 && ts[i].kind === 'call') pair[i] = closest(ts, cs, i, found);
  }
}

/** Of several C calls of the same name, the one whose surroundings are most alike (each frame needs the place it was called from). */
function closest(ts, cs, i, found) {
  let best = found[0], score = -Infinity;
  for (const j of found) {
    const s = contextScore(ts, cs, ts[i], cs[j]) - Math.abs(i / ts.length - j / cs.length);
    if (s > score) { score = s; best = j; }
  }
  return best;
}
