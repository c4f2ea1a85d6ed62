/**
 * Intrusive lists (include/linux/list.h). `owner` is the object that holds the node, so list_entry(p, T, member) is `p.owner`.
 */
export class list_head<T = any> {
  next: list_head<T>;
  prev: list_head<T>;
  owner: T;
  constructor(owner: T = null) { this.next = this; this.prev = this; this.owner = owner; }
}

export function INIT_LIST_HEAD(list: list_head): void { list.next = list; list.prev = list; }
export function __list_add<T>(node: list_head<T>, prev: list_head<T>, next: list_head<T>): void { next.prev = node; node.next = next; node.prev = prev; prev.next = node; }
export function list_add<T>(node: list_head<T>, head: list_head<T>): void { __list_add(node, head, head.next); }
export function list_add_tail<T>(node: list_head<T>, head: list_head<T>): void { __list_add(node, head.prev, head); }
export function list_add_rcu<T>(node: list_head<T>, head: list_head<T>): void { __list_add(node, head, head.next); }
export function list_add_tail_rcu<T>(node: list_head<T>, head: list_head<T>): void { __list_add(node, head.prev, head); }
function __list_del(prev: list_head, next: list_head): void { next.prev = prev; prev.next = next; }
export function list_del(entry: list_head): void { __list_del(entry.prev, entry.next); entry.next = null; entry.prev = null; }
/** Like list_del, but the entry keeps its `next` so that a walker on it can go on. */
export function list_del_rcu(entry: list_head): void { __list_del(entry.prev, entry.next); entry.prev = null; }
export function list_del_init(entry: list_head): void { __list_del(entry.prev, entry.next); INIT_LIST_HEAD(entry); }
export function list_move<T>(entry: list_head<T>, head: list_head<T>): void { __list_del(entry.prev, entry.next); list_add(entry, head); }
export function list_move_tail<T>(entry: list_head<T>, head: list_head<T>): void { __list_del(entry.prev, entry.next); list_add_tail(entry, head); }
export function list_empty(head: list_head): boolean { return head.next === head; }
export function list_is_last(entry: list_head, head: list_head): boolean { return entry.next === head; }
export function list_first_entry<T>(head: list_head<T>): T { return head.next.owner; }
export function list_first_entry_or_null<T>(head: list_head<T>): T { return head.next === head ? null : head.next.owner; }
/** Moves all of `list` to the front of `head`; `list` is left as it was. */
export function list_splice<T>(list: list_head<T>, head: list_head<T>): void {
  if (list.next === list) return;
  const first = list.next, last = list.prev, at = head.next;
  first.prev = head; head.next = first; last.next = at; at.prev = last;
}
export function list_splice_init<T>(list: list_head<T>, head: list_head<T>): void { list_splice(list, head); INIT_LIST_HEAD(list); }
export function list_splice_tail<T>(list: list_head<T>, head: list_head<T>): void {
  if (list.next === list) return;
  const first = list.next, last = list.prev, at = head.prev;
  first.prev = at; at.next = first; last.next = head; head.prev = last;
}
export function list_splice_tail_init<T>(list: list_head<T>, head: list_head<T>): void { list_splice_tail(list, head); INIT_LIST_HEAD(list); }

/** hlist: a head with one pointer. `prev` is the node before, null for the first; `list` is the head. */
export class hlist_head<T = any> { first: hlist_node<T> = null; }
export class hlist_node<T = any> {
  next: hlist_node<T> = null;
  prev: hlist_node<T> = null;
  list: hlist_head<T> = null;
  owner: T;
  constructor(owner: T = null) { this.owner = owner; }
}
export function INIT_HLIST_HEAD(h: hlist_head): void { h.first = null; }
export function INIT_HLIST_NODE(n: hlist_node): void { n.next = null; n.prev = null; n.list = null; }
export function hlist_unhashed(n: hlist_node): boolean { return n.list === null; }
export function hlist_empty(h: hlist_head): boolean { return h.first === null; }
export function hlist_add_head<T>(n: hlist_node<T>, h: hlist_head<T>): void {
  n.next = h.first; n.prev = null; n.list = h;
  if (h.first !== null) h.first.prev = n;
  h.first = n;
}
/** Unlinks; the node keeps its `next` so that a walker on it can go on. */
export function __hlist_del(n: hlist_node): void {
  if (n.prev !== null) n.prev.next = n.next; else n.list.first = n.next;
  if (n.next !== null) n.next.prev = n.prev;
}
export function hlist_del(n: hlist_node): void { __hlist_del(n); n.prev = null; n.list = null; }
export function hlist_del_init(n: hlist_node): void { if (n.list !== null) { __hlist_del(n); INIT_HLIST_NODE(n); } }
export function hlist_add_before<T>(n: hlist_node<T>, next: hlist_node<T>): void {
  n.prev = next.prev; n.next = next; n.list = next.list;
  if (next.prev !== null) next.prev.next = n; else next.list.first = n;
  next.prev = n;
}
export function hlist_add_after<T>(n: hlist_node<T>, next: hlist_node<T>): void {
  next.next = n.next; next.prev = n; next.list = n.list; n.next = next;
  if (next.next !== null) next.next.prev = next;
}
export function hlist_add_head_rcu<T>(n: hlist_node<T>, h: hlist_head<T>): void { hlist_add_head(n, h); }
export function hlist_del_rcu(n: hlist_node): void { hlist_del(n); }
export function hlist_del_init_rcu(n: hlist_node): void { if (n.list !== null) { __hlist_del(n); n.prev = null; n.list = null; } }

/** hlist_nulls is the same here: a walk ends at null (DEVIATION: no nulls marker, since nothing moves under a walker). */
export { hlist_head as hlist_nulls_head, hlist_node as hlist_nulls_node };
export function hlist_nulls_add_head_rcu<T>(n: hlist_node<T>, h: hlist_head<T>): void { hlist_add_head(n, h); }
export function hlist_nulls_del_init_rcu(n: hlist_node): void { hlist_del_init_rcu(n); }
export function hlist_nulls_del_rcu(n: hlist_node): void { hlist_del(n); }
export function hlist_nulls_unhashed(n: hlist_node): boolean { return n.list === null; }
