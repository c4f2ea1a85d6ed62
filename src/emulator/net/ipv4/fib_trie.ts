/** net/ipv4/fib_trie.c: the routing table as a level-compressed trie (Nilsson and Tikkanen, "Implementing a dynamic compressed trie"). */
import { current, type Host } from '../../include/ports';
import { BUG_ON, WARN_ON } from '../../include/asm-generic/bug';
import { EEXIST, EINVAL, ENOBUFS, ENOENT, ENOMEM, ESRCH } from '../../include/uapi/asm-generic/errno';
import { atomic_inc } from '../../include/linux/atomic';
import { jump, unlikely } from '../../include/linux/compiler';
import { IS_ERR, PTR_ERR } from '../../include/linux/err';
import { inet_make_mask } from '../../include/linux/inetdevice';
import {
  INIT_HLIST_HEAD, INIT_LIST_HEAD, hlist_add_after as hlist_add_after_rcu, hlist_add_before as hlist_add_before_rcu, hlist_add_head_rcu, hlist_del_rcu, hlist_empty, hlist_head, hlist_node,
  list_add_tail_rcu, list_del_rcu, list_empty, list_head,
} from '../../include/linux/list';
import { call_rcu, kfree_rcu, RCU_INIT_POINTER, rcu_assign_pointer, rcu_dereference, rcu_read_lock, rcu_read_unlock, rtnl_dereference, synchronize_rcu } from '../../include/linux/rcupdate';
import { RTM_DELROUTE, RTM_NEWROUTE, RTNH_F_DEAD, RT_SCOPE_NOWHERE } from '../../include/linux/rtnetlink';
import { htonl, ntohl } from '../../include/linux/types';
import type { flowi4 } from '../../include/net/flow';
import { FIB_LOOKUP_NOREF, fib_table, type fib_config, type fib_info, type fib_result } from '../../include/net/ip_fib';
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../include/net/netlink';
import { rt_cache_flush } from '../../include/net/route';
import { FA_S_ACCESSED, fib_alias, fib_alias_accessed } from './fib_lookup';
import { fib_create_info, fib_find_alias, fib_nh_match, fib_props, fib_release_info, rtmsg_fib } from './fib_semantics';

const KEYLENGTH = 32;
const T_TNODE = 0;
const T_LEAF = 1;
const PAGE_SIZE = 4096;
const sync_pages = 128;

/** A node; its type is a field (the kernel keeps it in the low bit of `parent`). */
export class rt_trie_node {
  parent: tnode = null;
  readonly type: number;
  key = 0;
  constructor(type: number) { this.type = type; }
}
export class leaf extends rt_trie_node {
  list: hlist_head<leaf_info> = new hlist_head<leaf_info>();
  constructor() { super(T_LEAF); }
}
export class leaf_info {
  hlist: hlist_node<leaf_info> = new hlist_node<leaf_info>(this);
  plen = 0;
  mask_plen = 0;
  falh: list_head<fib_alias> = new list_head<fib_alias>();
}
export class tnode extends rt_trie_node {
  pos = 0;
  bits = 0;
  full_children = 0;
  empty_children = 0;
  tnode_free: tnode = null;
  child: rt_trie_node[] = [];
  constructor() { super(T_TNODE); }
}
export class trie { trie: rt_trie_node = null; }

function NODE_TYPE(node: rt_trie_node): number { return node.type; }
function IS_TNODE(n: rt_trie_node): boolean { return n.type === T_TNODE; }
function IS_LEAF(n: rt_trie_node): boolean { return n.type === T_LEAF; }

declare module '../../include/ports' { interface Host { tnode_free_head: tnode; tnode_free_size: number } }
export function fib_trie_globals(host: Host): void {
  host.tnode_free_head = null;
  host.tnode_free_size = 0;
}

function node_parent(node: rt_trie_node): tnode {
  let parent: tnode;
  parent = node.parent;
  return parent;
}
function node_parent_rcu(node: rt_trie_node): tnode {
  let parent: tnode;
  parent = node.parent;
  return parent;
}
function node_set_parent(node: rt_trie_node, ptr: tnode): void {
  node.parent = ptr;
}
function tnode_get_child(tn: tnode, i: number): rt_trie_node {
  BUG_ON(i >= 1 << tn.bits);
  return rtnl_dereference(tn.child[i]);
}
function tnode_get_child_rcu(tn: tnode, i: number): rt_trie_node {
  BUG_ON(i >= 1 << tn.bits);
  return tn.child[i];
}
function tnode_child_length(tn: tnode): number {
  return 1 << tn.bits;
}
function mask_pfx(k: number, l: number): number {
  return (l === 0) ? 0 : (k >>> (KEYLENGTH - l) << (KEYLENGTH - l)) >>> 0;
}
/** `bits` bits of `a` from `offset` on; a shift by 32 gives nothing here (x86 would give everything, but the callers never ask for it). */
function tkey_extract_bits(a: number, offset: number, bits: number): number {
  if (offset < KEYLENGTH)
    return bits === 0 ? 0 : (a << offset) >>> (KEYLENGTH - bits);
  else
    return 0;
}
function tkey_equals(a: number, b: number): boolean {
  return a === b;
}
function tkey_sub_equals(a: number, offset: number, bits: number, b: number): boolean {
  if (bits === 0 || offset >= KEYLENGTH)
    return true;
  bits = bits > KEYLENGTH ? KEYLENGTH : bits;
  return ((a ^ b) << offset) >>> (KEYLENGTH - bits) === 0;
}
function tkey_mismatch(a: number, offset: number, b: number): number {
  const diff = a ^ b;
  let i = offset;
  if (!diff)
    return 0;
  while ((diff << i) >>> (KEYLENGTH - 1) === 0)
    i++;
  return i;
}

function check_tnode(tn: tnode): void {
  WARN_ON(tn && tn.pos + tn.bits > 32);
}

const halve_threshold = 25;
const inflate_threshold = 50;
const halve_threshold_root = 15;
const inflate_threshold_root = 30;

/** Slabs and memory: all garbage collected here. */
type cache = { readonly objects: string };
const fn_alias_kmem: cache = { objects: 'fib_alias' }, trie_leaf_kmem: cache = { objects: 'leaf' };
function kmem_cache_alloc<T>(_cache: cache, object: T): T { return object; }
function kmem_cache_free(_cache: cache, _object: fib_alias | leaf): void { /* nothing to give back */ }
function kzalloc<T>(object: T): T { return object; }
function kfree(_object: tnode): void { /* nothing to give back */ }
function pr_debug(_format: string): void { /* prints nothing */ }

function __alias_free_mem(head: fib_alias): void {
  const fa = head;
  kmem_cache_free(fn_alias_kmem, fa);
}
function alias_free_mem_rcu(fa: fib_alias): void {
  call_rcu(fa, __alias_free_mem);
}
function __leaf_free_rcu(head: leaf): void {
  const l = head;
  kmem_cache_free(trie_leaf_kmem, l);
}
function free_leaf(l: leaf): void {
  call_rcu(l, __leaf_free_rcu);
}
function free_leaf_info(leaf: leaf_info): void {
  kfree_rcu(leaf);
}
function tnode_alloc(size: number): tnode {
  if (size <= PAGE_SIZE)
    return kzalloc(new tnode());
  else
    return vzalloc(new tnode());
}
function vzalloc<T>(object: T): T { return object; }
function __tnode_free_rcu(head: tnode): void {
  const tn = head;
  const size = 40 + (8 << tn.bits);
  if (size <= PAGE_SIZE)
    kfree(tn);
  else
    vfree(tn);
}
function vfree(_object: tnode): void { /* nothing to give back */ }
function tnode_free(tn: rt_trie_node): void {
  if (IS_LEAF(tn))
    free_leaf(tn as leaf);
  else
    call_rcu(tn as tnode, __tnode_free_rcu);
}
function tnode_free_safe(tn: tnode): void {
  BUG_ON(IS_LEAF(tn));
  tn.tnode_free = current.host.tnode_free_head;
  current.host.tnode_free_head = tn;
  current.host.tnode_free_size += 40 + (8 << tn.bits);
}
function tnode_free_flush(): void {
  let tn: tnode;
  while ((tn = current.host.tnode_free_head)) {
    current.host.tnode_free_head = tn.tnode_free;
    tn.tnode_free = null;
    tnode_free(tn);
  }
  if (current.host.tnode_free_size >= PAGE_SIZE * sync_pages) {
    current.host.tnode_free_size = 0;
    synchronize_rcu();
  }
}

function leaf_new(): leaf {
  const l = kmem_cache_alloc(trie_leaf_kmem, new leaf());
  if (l) {
    l.parent = null;
    INIT_HLIST_HEAD(l.list);
  }
  return l;
}
function leaf_info_new(plen: number): leaf_info {
  const li = new leaf_info();
  if (li) {
    li.plen = plen;
    li.mask_plen = ntohl(inet_make_mask(plen));
    INIT_LIST_HEAD(li.falh);
  }
  return li;
}
function tnode_new(key: number, pos: number, bits: number): tnode {
  const sz = 40 + (8 << bits);
  const tn = tnode_alloc(sz);
  if (tn) {
    tn.parent = null;
    tn.pos = pos;
    tn.bits = bits;
    tn.key = key;
    tn.full_children = 0;
    tn.empty_children = 1 << bits;
    for (let i = 0; i < 1 << bits; i++) tn.child.push(null);
  }
  pr_debug('AT %p s=%zu %zu');
  return tn;
}
function tnode_full(tn: tnode, n: rt_trie_node): number {
  if (n === null || IS_LEAF(n))
    return 0;
  return (n as tnode).pos === tn.pos + tn.bits ? 1 : 0;
}
function put_child(tn: tnode, i: number, n: rt_trie_node): void {
  tnode_put_child_reorg(tn, i, n, -1);
}
/** Puts `n` (or null) into slot `i` and keeps the counts of full and empty children. */
function tnode_put_child_reorg(tn: tnode, i: number, n: rt_trie_node, wasfull: number): void {
  const chi = rtnl_dereference(tn.child[i]);
  let isfull: number;
  BUG_ON(i >= 1 << tn.bits);
  if (n === null && chi !== null)
    tn.empty_children++;
  else if (n !== null && chi === null)
    tn.empty_children--;
  if (wasfull === -1)
    wasfull = tnode_full(tn, chi);
  isfull = tnode_full(tn, n);
  if (wasfull && !isfull)
    tn.full_children--;
  else if (!wasfull && isfull)
    tn.full_children++;
  if (n)
    node_set_parent(n, tn);
  rcu_assign_pointer(tn.child[i] = n);
}

const MAX_WORK = 10;
/** Doubles, halves or replaces a node according to how full it is; returns what stands in its place. */
function resize(t: trie, tn: tnode): rt_trie_node {
  let i: number;
  let old_tn: tnode;
  let inflate_threshold_use: number;
  let halve_threshold_use: number;
  let max_work: number;
  if (!tn)
    return null;
  pr_debug('In tnode_resize %p inflate_threshold=%d threshold=%d');
  if (tn.empty_children === tnode_child_length(tn)) {
    tnode_free_safe(tn);
    return null;
  }
  let one_child = true;
  to_one_child: {
    if (tn.empty_children === tnode_child_length(tn) - 1)
      break to_one_child;
    one_child = false;
    check_tnode(tn);
    if (!node_parent(tn)) {
      inflate_threshold_use = inflate_threshold_root;
      halve_threshold_use = halve_threshold_root;
    } else {
      inflate_threshold_use = inflate_threshold;
      halve_threshold_use = halve_threshold;
    }
    max_work = MAX_WORK;
    while ((tn.full_children > 0 && max_work-- && 50 * (tn.full_children + tnode_child_length(tn) - tn.empty_children) >= inflate_threshold_use * tnode_child_length(tn))) {
      old_tn = tn;
      tn = inflate(t, tn);
      if (IS_ERR(tn)) {
        tn = old_tn;
        break;
      }
    }
    check_tnode(tn);
    if (max_work !== MAX_WORK)
      return tn;
    max_work = MAX_WORK;
    while (tn.bits > 1 && max_work-- && 100 * (tnode_child_length(tn) - tn.empty_children) < halve_threshold_use * tnode_child_length(tn)) {
      old_tn = tn;
      tn = halve(t, tn);
      if (IS_ERR(tn)) {
        tn = old_tn;
        break;
      }
    }
  }
  if (jump(one_child) || tn.empty_children === tnode_child_length(tn) - 1) {
    for (i = 0; i < tnode_child_length(tn); i++) {
      let n: rt_trie_node;
      n = rtnl_dereference(tn.child[i]);
      if (!n)
        continue;
      node_set_parent(n, null);
      tnode_free_safe(tn);
      return n;
    }
  }
  return tn;
}

function inflate(t: trie, tn: tnode): tnode {
  const oldtnode = tn;
  const olen = tnode_child_length(tn);
  let i: number;
  tn = tnode_new(oldtnode.key, oldtnode.pos, oldtnode.bits + 1);
  for (i = 0; i < olen; i++) {
    let inode: tnode;
    inode = tnode_get_child(oldtnode, i) as tnode;
    if (inode && IS_TNODE(inode) && inode.pos === oldtnode.pos + oldtnode.bits && inode.bits > 1) {
      let left: tnode, right: tnode;
      const m = 0x80000000 >>> inode.pos;
      left = tnode_new((inode.key & ~m) >>> 0, inode.pos + 1, inode.bits - 1);
      right = tnode_new((inode.key | m) >>> 0, inode.pos + 1, inode.bits - 1);
      put_child(tn, 2 * i, left);
      put_child(tn, 2 * i + 1, right);
    }
  }
  for (i = 0; i < olen; i++) {
    let inode: tnode;
    const node = tnode_get_child(oldtnode, i);
    let left: tnode, right: tnode;
    let size: number, j: number;
    if (node === null)
      continue;
    if (IS_LEAF(node) || (node as tnode).pos > tn.pos + tn.bits - 1) {
      if (tkey_extract_bits(node.key, oldtnode.pos + oldtnode.bits, 1) === 0)
        put_child(tn, 2 * i, node);
      else
        put_child(tn, 2 * i + 1, node);
      continue;
    }
    inode = node as tnode;
    if (inode.bits === 1) {
      put_child(tn, 2 * i, rtnl_dereference(inode.child[0]));
      put_child(tn, 2 * i + 1, rtnl_dereference(inode.child[1]));
      tnode_free_safe(inode);
      continue;
    }
    left = tnode_get_child(tn, 2 * i) as tnode;
    put_child(tn, 2 * i, null);
    BUG_ON(!left);
    right = tnode_get_child(tn, 2 * i + 1) as tnode;
    put_child(tn, 2 * i + 1, null);
    BUG_ON(!right);
    size = tnode_child_length(left);
    for (j = 0; j < size; j++) {
      put_child(left, j, rtnl_dereference(inode.child[j]));
      put_child(right, j, rtnl_dereference(inode.child[j + size]));
    }
    put_child(tn, 2 * i, resize(t, left));
    put_child(tn, 2 * i + 1, resize(t, right));
    tnode_free_safe(inode);
  }
  tnode_free_safe(oldtnode);
  return tn;
}

function halve(t: trie, tn: tnode): tnode {
  const oldtnode = tn;
  let left: rt_trie_node, right: rt_trie_node;
  let i: number;
  const olen = tnode_child_length(tn);
  tn = tnode_new(oldtnode.key, oldtnode.pos, oldtnode.bits - 1);
  for (i = 0; i < olen; i += 2) {
    left = tnode_get_child(oldtnode, i);
    right = tnode_get_child(oldtnode, i + 1);
    if (left && right) {
      let newn: tnode;
      newn = tnode_new(left.key, tn.pos + tn.bits, 1);
      put_child(tn, i / 2, newn);
    }
  }
  for (i = 0; i < olen; i += 2) {
    let newBinNode: tnode;
    left = tnode_get_child(oldtnode, i);
    right = tnode_get_child(oldtnode, i + 1);
    if (left === null) {
      if (right === null)
        continue;
      put_child(tn, i / 2, right);
      continue;
    }
    if (right === null) {
      put_child(tn, i / 2, left);
      continue;
    }
    newBinNode = tnode_get_child(tn, i / 2) as tnode;
    put_child(tn, i / 2, null);
    put_child(newBinNode, 0, left);
    put_child(newBinNode, 1, right);
    put_child(tn, i / 2, resize(t, newBinNode));
  }
  tnode_free_safe(oldtnode);
  return tn;
}

function find_leaf_info(l: leaf, plen: number): leaf_info {
  const head = l.list;
  let li: leaf_info;
  for (let p = head.first; p !== null; p = p.next) {
    li = p.owner;
    if (li.plen === plen)
      return li;
  }
  return null;
}
function get_fa_head(l: leaf, plen: number): list_head<fib_alias> {
  const li = find_leaf_info(l, plen);
  if (!li)
    return null;
  return li.falh;
}
function insert_leaf_info(head: hlist_head<leaf_info>, new_: leaf_info): void {
  let li: leaf_info = null, last: leaf_info = null;
  if (hlist_empty(head)) {
    hlist_add_head_rcu(new_.hlist, head);
  } else {
    for (let p = head.first; p !== null; p = p.next) {
      li = p.owner;
      if (new_.plen > li.plen)
        break;
      last = li;
    }
    if (last)
      hlist_add_after_rcu(last.hlist, new_.hlist);
    else
      hlist_add_before_rcu(new_.hlist, li.hlist);
  }
}

function fib_find_node(t: trie, key: number): leaf {
  let pos: number;
  let tn: tnode;
  let n: rt_trie_node;
  pos = 0;
  n = rcu_dereference(t.trie);
  while (n !== null && NODE_TYPE(n) === T_TNODE) {
    tn = n as tnode;
    check_tnode(tn);
    if (tkey_sub_equals(tn.key, pos, tn.pos - pos, key)) {
      pos = tn.pos + tn.bits;
      n = tnode_get_child_rcu(tn, tkey_extract_bits(key, tn.pos, tn.bits));
    } else
      break;
  }
  if (n !== null && IS_LEAF(n) && tkey_equals(key, n.key))
    return n as leaf;
  return null;
}

function trie_rebalance(t: trie, tn: tnode): void {
  let wasfull: number;
  let cindex: number, key: number;
  let tp: tnode;
  key = tn.key;
  while (tn !== null && (tp = node_parent(tn)) !== null) {
    cindex = tkey_extract_bits(key, tp.pos, tp.bits);
    wasfull = tnode_full(tp, tnode_get_child(tp, cindex));
    tn = resize(t, tn) as tnode;
    tnode_put_child_reorg(tp, cindex, tn, wasfull);
    tp = node_parent(tn);
    if (!tp)
      rcu_assign_pointer(t.trie = tn);
    tnode_free_flush();
    if (!tp)
      break;
    tn = tp;
  }
  if (IS_TNODE(tn))
    tn = resize(t, tn) as tnode;
  rcu_assign_pointer(t.trie = tn);
  tnode_free_flush();
}

/** The list of routes of key/plen, made together with its leaf if need be. */
function fib_insert_node(t: trie, key: number, plen: number): list_head<fib_alias> {
  let pos: number, newpos: number;
  let tp: tnode = null, tn: tnode = null;
  let n: rt_trie_node;
  let l: leaf;
  let missbit: number;
  let fa_head: list_head<fib_alias> = null;
  let li: leaf_info;
  let cindex: number;
  pos = 0;
  n = rtnl_dereference(t.trie);
  while (n !== null && NODE_TYPE(n) === T_TNODE) {
    tn = n as tnode;
    check_tnode(tn);
    if (tkey_sub_equals(tn.key, pos, tn.pos - pos, key)) {
      tp = tn;
      pos = tn.pos + tn.bits;
      n = tnode_get_child(tn, tkey_extract_bits(key, tn.pos, tn.bits));
      BUG_ON(n && node_parent(n) !== tn);
    } else
      break;
  }
  BUG_ON(tp && IS_LEAF(tp));
  if (n !== null && IS_LEAF(n) && tkey_equals(key, n.key)) {
    l = n as leaf;
    li = leaf_info_new(plen);
    if (!li)
      return null;
    fa_head = li.falh;
    insert_leaf_info(l.list, li);
    return fa_head;
  }
  l = leaf_new();
  if (!l)
    return null;
  l.key = key;
  li = leaf_info_new(plen);
  if (!li) {
    free_leaf(l);
    return null;
  }
  fa_head = li.falh;
  insert_leaf_info(l.list, li);
  if (t.trie && n === null) {
    node_set_parent(l, tp);
    cindex = tkey_extract_bits(key, tp.pos, tp.bits);
    put_child(tp, cindex, l);
  } else {
    if (tp)
      pos = tp.pos + tp.bits;
    else
      pos = 0;
    if (n) {
      newpos = tkey_mismatch(key, pos, n.key);
      tn = tnode_new(n.key, newpos, 1);
    } else {
      newpos = 0;
      tn = tnode_new(key, newpos, 1);
    }
    if (!tn) {
      free_leaf_info(li);
      free_leaf(l);
      return null;
    }
    node_set_parent(tn, tp);
    missbit = tkey_extract_bits(key, newpos, 1);
    put_child(tn, missbit, l);
    put_child(tn, 1 - missbit, n);
    if (tp) {
      cindex = tkey_extract_bits(key, tp.pos, tp.bits);
      put_child(tp, cindex, tn);
    } else {
      rcu_assign_pointer(t.trie = tn);
      tp = tn;
    }
  }
  if (tp && tp.pos + tp.bits > 32)
    current.machine.log('fib_trie: node beyond the key');
  trie_rebalance(t, tp);
  return fa_head;
}

function list_replace_rcu(old: list_head<fib_alias>, new_: list_head<fib_alias>): void {
  new_.next = old.next;
  new_.prev = old.prev;
  new_.prev.next = new_;
  new_.next.prev = new_;
  old.prev = null;
}

/** Adds the route that `cfg` describes. Returns 0 or an errno. */
export function fib_table_insert(tb: fib_table, cfg: fib_config): number {
  const t = tb.tb_data;
  let fa: fib_alias, new_fa: fib_alias;
  let fa_head: list_head<fib_alias> = null;
  let fi: fib_info;
  const plen = cfg.fc_dst_len;
  const tos = cfg.fc_tos;
  let key: number, mask: number;
  let err: number;
  let l: leaf;
  if (plen > 32)
    return -EINVAL;
  key = ntohl(cfg.fc_dst);
  pr_debug('Insert table=%u %08x/%d');
  mask = ntohl(inet_make_mask(plen));
  if (key & ~mask)
    return -EINVAL;
  key = (key & mask) >>> 0;
  fi = fib_create_info(cfg);
  if (IS_ERR(fi)) {
    err = PTR_ERR(fi);
    return err;
  }
  l = fib_find_node(t, key);
  fa = null;
  if (l) {
    fa_head = get_fa_head(l, plen);
    fa = fib_find_alias(fa_head, tos, fi.fib_priority);
  }
  out: {
    succeeded: {
      if (fa && fa.fa_tos === tos && fa.fa_info.fib_priority === fi.fib_priority) {
        let fa_first: fib_alias, fa_match: fib_alias;
        err = -EEXIST;
        if (cfg.fc_nlflags & NLM_F_EXCL)
          break out;
        fa_match = null;
        fa_first = fa;
        let p = fa.fa_list.prev;
        fa = p.owner;
        for (p = p.next; p !== fa_head; p = p.next) {
          fa = p.owner;
          if (fa.fa_tos !== tos)
            break;
          if (fa.fa_info.fib_priority !== fi.fib_priority)
            break;
          if (fa.fa_type === cfg.fc_type && fa.fa_info === fi) {
            fa_match = fa;
            break;
          }
          if (p.next === fa_head) fa = null;
        }
        if (cfg.fc_nlflags & NLM_F_REPLACE) {
          let fi_drop: fib_info;
          let state: number;
          fa = fa_first;
          if (fa_match) {
            if (fa === fa_match)
              err = 0;
            break out;
          }
          err = -ENOBUFS;
          new_fa = new fib_alias();
          if (new_fa === null)
            break out;
          fi_drop = fa.fa_info;
          new_fa.fa_tos = fa.fa_tos;
          new_fa.fa_info = fi;
          new_fa.fa_type = cfg.fc_type;
          state = fa.fa_state;
          new_fa.fa_state = state & ~FA_S_ACCESSED;
          list_replace_rcu(fa.fa_list, new_fa.fa_list);
          alias_free_mem_rcu(fa);
          fib_release_info(fi_drop);
          if (state & FA_S_ACCESSED)
            rt_cache_flush(cfg.fc_nlinfo.nl_net);
          rtmsg_fib(RTM_NEWROUTE, htonl(key), new_fa, plen, tb.tb_id, cfg.fc_nlinfo, NLM_F_REPLACE);
          break succeeded;
        }
        if (fa_match)
          break out;
        if (!(cfg.fc_nlflags & NLM_F_APPEND))
          fa = fa_first;
      }
      err = -ENOENT;
      if (!(cfg.fc_nlflags & NLM_F_CREATE))
        break out;
      err = -ENOBUFS;
      new_fa = new fib_alias();
      if (new_fa === null)
        break out;
      new_fa.fa_info = fi;
      new_fa.fa_tos = tos;
      new_fa.fa_type = cfg.fc_type;
      new_fa.fa_state = 0;
      if (!fa_head) {
        fa_head = fib_insert_node(t, key, plen);
        if (unlikely(!fa_head)) {
          err = -ENOMEM;
          break out;
        }
      }
      if (!plen)
        tb.tb_num_default++;
      list_add_tail_rcu(new_fa.fa_list, (fa ? fa.fa_list : fa_head));
      rt_cache_flush(cfg.fc_nlinfo.nl_net);
      rtmsg_fib(RTM_NEWROUTE, htonl(key), new_fa, plen, tb.tb_id, cfg.fc_nlinfo, 0);
    }
    return 0;
  }
  fib_release_info(fi);
  return err;
}

/** Looks for a route in one leaf: 0 found, 1 none, negative: the route is an error. */
function check_leaf(tb: fib_table, _t: trie, l: leaf, key: number, flp: flowi4, res: fib_result, fib_flags: number): number {
  let li: leaf_info;
  const hhead = l.list;
  for (let p = hhead.first; p !== null; p = p.next) {
    li = p.owner;
    let fa: fib_alias;
    if (l.key !== (key & li.mask_plen) >>> 0)
      continue;
    for (let q = li.falh.next; q !== li.falh; q = q.next) {
      fa = q.owner;
      const fi = fa.fa_info;
      let nhsel: number, err: number;
      if (fa.fa_tos && fa.fa_tos !== flp.flowi4_tos)
        continue;
      if (fi.fib_dead)
        continue;
      if (fa.fa_info.fib_scope < flp.flowi4_scope)
        continue;
      fib_alias_accessed(fa);
      err = fib_props[fa.fa_type].error;
      if (err) {
        return err;
      }
      if (fi.fib_flags & RTNH_F_DEAD)
        continue;
      for (nhsel = 0; nhsel < fi.fib_nhs; nhsel++) {
        const nh = fi.fib_nh[nhsel];
        if (nh.nh_flags & RTNH_F_DEAD)
          continue;
        if (flp.flowi4_oif && flp.flowi4_oif !== nh.nh_oif)
          continue;
        res.prefixlen = li.plen;
        res.nh_sel = nhsel;
        res.type = fa.fa_type;
        res.scope = fa.fa_info.fib_scope;
        res.fi = fi;
        res.table = tb;
        res.fa_head = li.falh;
        if (!(fib_flags & FIB_LOOKUP_NOREF))
          atomic_inc(fi.fib_clntref);
        return 0;
      }
    }
  }
  return 1;
}

/** Longest-prefix match of `flp.daddr`: walks down, then back up with bits chopped off. 0 found, 1 none, negative errno. */
export function fib_table_lookup(tb: fib_table, flp: flowi4, res: fib_result, fib_flags: number): number {
  const t = tb.tb_data;
  let ret: number;
  let n: rt_trie_node;
  let pn: tnode;
  let pos: number, bits: number;
  const key = ntohl(flp.daddr);
  let chopped_off: number;
  let cindex = 0;
  let current_prefix_length = KEYLENGTH;
  let cn: tnode;
  let pref_mismatch: number;
  rcu_read_lock();
  found: {
    failed: {
      n = rcu_dereference(t.trie);
      if (!n)
        break failed;
      if (IS_LEAF(n)) {
        ret = check_leaf(tb, t, n as leaf, key, flp, res, fib_flags);
        break found;
      }
      pn = n as tnode;
      chopped_off = 0;
      while (pn) {
        pos = pn.pos;
        bits = pn.bits;
        if (!chopped_off)
          cindex = tkey_extract_bits(mask_pfx(key, current_prefix_length), pos, bits);
        n = tnode_get_child_rcu(pn, cindex);
        backtrace: {
          if (n === null) {
            break backtrace;
          }
          if (IS_LEAF(n)) {
            ret = check_leaf(tb, t, n as leaf, key, flp, res, fib_flags);
            if (ret > 0)
              break backtrace;
            break found;
          }
          cn = n as tnode;
          if (current_prefix_length < pos + bits) {
            if (tkey_extract_bits(cn.key, current_prefix_length, cn.pos - current_prefix_length) || !(cn.child[0]))
              break backtrace;
          }
          pref_mismatch = mask_pfx((cn.key ^ key) >>> 0, cn.pos);
          if (pref_mismatch) {
            const mp = KEYLENGTH - __fls(pref_mismatch) - 1;
            if (tkey_extract_bits(cn.key, mp, cn.pos - mp) !== 0)
              break backtrace;
            if (current_prefix_length >= cn.pos)
              current_prefix_length = mp;
          }
          pn = n as tnode;
          chopped_off = 0;
          continue;
        }
        backtracking: for (;;) {
          chopped_off++;
          while ((chopped_off <= pn.bits) && !(cindex & (1 << (chopped_off - 1))))
            chopped_off++;
          if (current_prefix_length > pn.pos + pn.bits - chopped_off)
            current_prefix_length = pn.pos + pn.bits - chopped_off;
          if (chopped_off <= pn.bits) {
            cindex &= ~(1 << (chopped_off - 1));
            break;
          } else {
            const parent = node_parent_rcu(pn);
            if (!parent)
              break failed;
            cindex = tkey_extract_bits(pn.key, parent.pos, parent.bits);
            pn = parent;
            chopped_off = 0;
            continue backtracking;
          }
        }
      }
    }
    ret = 1;
  }
  rcu_read_unlock();
  return ret;
}
/** Position of the highest set bit, from 0. */
function __fls(x: number): number { return 31 - Math.clz32(x); }

function trie_leaf_remove(t: trie, l: leaf): void {
  const tp = node_parent(l);
  pr_debug('entering trie_leaf_remove(%p)');
  if (tp) {
    const cindex = tkey_extract_bits(l.key, tp.pos, tp.bits);
    put_child(tp, cindex, null);
    trie_rebalance(t, tp);
  } else
    RCU_INIT_POINTER(t.trie = null);
  free_leaf(l);
}

/** Removes the route that `cfg` describes. Returns 0 or an errno. */
export function fib_table_delete(tb: fib_table, cfg: fib_config): number {
  const t = tb.tb_data;
  let key: number, mask: number;
  const plen = cfg.fc_dst_len;
  const tos = cfg.fc_tos;
  let fa: fib_alias, fa_to_delete: fib_alias;
  let fa_head: list_head<fib_alias>;
  let l: leaf;
  let li: leaf_info;
  if (plen > 32)
    return -EINVAL;
  key = ntohl(cfg.fc_dst);
  mask = ntohl(inet_make_mask(plen));
  if (key & ~mask)
    return -EINVAL;
  key = (key & mask) >>> 0;
  l = fib_find_node(t, key);
  if (!l)
    return -ESRCH;
  li = find_leaf_info(l, plen);
  if (!li)
    return -ESRCH;
  fa_head = li.falh;
  fa = fib_find_alias(fa_head, tos, 0);
  if (!fa)
    return -ESRCH;
  fa_to_delete = null;
  for (let p = fa.fa_list; p !== fa_head; p = p.next) {
    fa = p.owner;
    const fi = fa.fa_info;
    if (fa.fa_tos !== tos)
      break;
    if ((!cfg.fc_type || fa.fa_type === cfg.fc_type) && (cfg.fc_scope === RT_SCOPE_NOWHERE || fa.fa_info.fib_scope === cfg.fc_scope) && (!cfg.fc_prefsrc || fi.fib_prefsrc === cfg.fc_prefsrc) && (!cfg.fc_protocol || fi.fib_protocol === cfg.fc_protocol) && fib_nh_match(cfg, fi) === 0) {
      fa_to_delete = fa;
      break;
    }
  }
  if (!fa_to_delete)
    return -ESRCH;
  fa = fa_to_delete;
  rtmsg_fib(RTM_DELROUTE, htonl(key), fa, plen, tb.tb_id, cfg.fc_nlinfo, 0);
  list_del_rcu(fa.fa_list);
  if (!plen)
    tb.tb_num_default--;
  if (list_empty(fa_head)) {
    hlist_del_rcu(li.hlist);
    free_leaf_info(li);
  }
  if (hlist_empty(l.list))
    trie_leaf_remove(t, l);
  if (fa.fa_state & FA_S_ACCESSED)
    rt_cache_flush(cfg.fc_nlinfo.nl_net);
  fib_release_info(fa.fa_info);
  alias_free_mem_rcu(fa);
  return 0;
}

function trie_flush_list(head: list_head<fib_alias>): number {
  let fa: fib_alias;
  let found = 0;
  for (let p = head.next, fa_node = p.next; p !== head; p = fa_node, fa_node = p.next) {
    fa = p.owner;
    const fi = fa.fa_info;
    if (fi && (fi.fib_flags & RTNH_F_DEAD)) {
      list_del_rcu(fa.fa_list);
      fib_release_info(fa.fa_info);
      alias_free_mem_rcu(fa);
      found++;
    }
  }
  return found;
}

function trie_flush_leaf(l: leaf): number {
  let found = 0;
  const lih = l.list;
  let tmp: hlist_node<leaf_info>;
  let li: leaf_info = null;
  for (let p = lih.first; p !== null; p = tmp) {
    tmp = p.next;
    li = p.owner;
    found += trie_flush_list(li.falh);
    if (list_empty(li.falh)) {
      hlist_del_rcu(li.hlist);
      free_leaf_info(li);
    }
  }
  return found;
}

function leaf_walk_rcu(p: tnode, c: rt_trie_node): leaf {
  do {
    let idx: number;
    if (c)
      idx = tkey_extract_bits(c.key, p.pos, p.bits) + 1;
    else
      idx = 0;
    while (idx < 1 << p.bits) {
      c = tnode_get_child_rcu(p, idx++);
      if (!c)
        continue;
      if (IS_LEAF(c))
        return c as leaf;
      p = c as tnode;
      idx = 0;
    }
    c = p;
  } while ((p = node_parent_rcu(c)) !== null);
  return null;
}

export function trie_firstleaf(t: trie): leaf {
  const n = rcu_dereference(t.trie) as tnode;
  if (!n)
    return null;
  if (IS_LEAF(n))
    return n as rt_trie_node as leaf;
  return leaf_walk_rcu(n, null);
}

export function trie_nextleaf(l: leaf): leaf {
  const c = l;
  const p = node_parent_rcu(c);
  if (!p)
    return null;
  return leaf_walk_rcu(p, c);
}

/** Removes all dead routes; returns how many. */
export function fib_table_flush(tb: fib_table): number {
  const t = tb.tb_data;
  let l: leaf, ll: leaf = null;
  let found = 0;
  for (l = trie_firstleaf(t); l; l = trie_nextleaf(l)) {
    found += trie_flush_leaf(l);
    if (ll && hlist_empty(ll.list))
      trie_leaf_remove(t, ll);
    ll = l;
  }
  if (ll && hlist_empty(ll.list))
    trie_leaf_remove(t, ll);
  pr_debug('trie_flush found=%d');
  return found;
}

export function fib_trie_init(): void { /* slab caches only */ }

export function fib_trie_table(id: number): fib_table {
  let tb: fib_table;
  tb = new fib_table();
  tb.tb_id = id;
  tb.tb_default = -1;
  tb.tb_num_default = 0;
  tb.tb_data = new trie();
  return tb;
}
