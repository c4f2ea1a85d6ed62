/** lib/nlattr.c: attributes of a received message. DEVIATION: types no message here has (nested-compat, flags) are taken as they come. */
import { NLA_BINARY, NLA_NESTED, NLA_STRING, NLA_U32, NLA_U8, NLA_UNSPEC, nla_len, nla_next, nla_ok, nla_type, type nla_policy, type nlattr } from '../include/net/netlink';
import { unlikely } from '../include/linux/compiler';
import { ERANGE } from '../include/uapi/asm-generic/errno';
import { current } from '../include/ports';

function nla_attr_minlen(type: number): number {
  return type === NLA_U8 ? 1 : type === NLA_U32 || type === NLA_NESTED ? 4 : 0;
}

function validate_nla(nla: nlattr, maxtype: number, policy: readonly nla_policy[]): number {
  let pt: nla_policy;
  let minlen = 0, attrlen = nla_len(nla);
  const type = nla_type(nla);
  if (type <= 0 || type > maxtype)
    return 0;
  pt = policy[type];
  switch (pt.type) {
  case NLA_STRING:
    if (attrlen < 1)
      return -ERANGE;
    if (pt.len) {
      const buf = nla.bytes.subarray(nla.off + 4);
      if (buf[attrlen - 1] === 0)
        attrlen--;
      if (attrlen > pt.len)
        return -ERANGE;
    }
    break;
  case NLA_BINARY:
    if (pt.len && attrlen > pt.len)
      return -ERANGE;
    break;
  case NLA_NESTED:
    if (attrlen === 0)
      break;
  // falls through
  default:
    if (pt.len)
      minlen = pt.len;
    else if (pt.type !== NLA_UNSPEC)
      minlen = nla_attr_minlen(pt.type);
    if (attrlen < minlen)
      return -ERANGE;
  }
  return 0;
}

export function nla_validate(head: nlattr, len: number, maxtype: number, policy: readonly nla_policy[]): number {
  let nla: nlattr;
  const rem = { v: len };
  let err: number;
  for (nla = head; nla_ok(nla, rem.v); nla = nla_next(nla, rem)) {
    err = validate_nla(nla, maxtype, policy);
    if (err < 0)
      return err;
  }
  err = 0;
  return err;
}

/** Puts each attribute at its type in `tb`; the last of a type wins. Returns 0 or an errno. */
export function nla_parse(tb: nlattr[], maxtype: number, head: nlattr, len: number, policy: readonly nla_policy[]): number {
  let nla: nlattr;
  const rem = { v: len };
  let err: number;
  tb.length = maxtype + 1;
  tb.fill(null);
  for (nla = head; nla_ok(nla, rem.v); nla = nla_next(nla, rem)) {
    const type = nla_type(nla);
    if (type > 0 && type <= maxtype) {
      if (policy) {
        err = validate_nla(nla, maxtype, policy);
        if (err < 0)
          return err;
      }
      tb[type] = nla;
    }
  }
  if (unlikely(rem.v > 0))
    current.machine.log(`netlink: ${rem.v} bytes leftover after parsing attributes`);
  err = 0;
  return err;
}

/** The text of an attribute, at most `dstsize` - 1 bytes of it. */
export function nla_strlcpy(nla: nlattr, dstsize: number): string {
  let srclen = nla_len(nla);
  const src = nla.off + 4;
  if (srclen > 0 && nla.bytes[src + srclen - 1] === 0)
    srclen--;
  const len = srclen >= dstsize ? dstsize - 1 : srclen;
  return String.fromCharCode(...nla.bytes.subarray(src, src + len));
}
