/** net/core/scm.c: ancillary data of messages. */
import { CMSG_LEN, CMSG_SPACE, MSG_CTRUNC, cmsghdr, sizeof_cmsghdr } from '../../include/linux/socket';
import type { msghdr } from '../../include/linux/socket';

/** Adds a control message with `data` (an object in place of `len` bytes) for the user, if there is room. */
export function put_cmsg(msg: msghdr, level: number, type: number, len: number, data: any): number {
  const cmsghdr_ = new cmsghdr();
  let cmlen = CMSG_LEN(len);
  if (msg.msg_control === null || msg.msg_controllen < sizeof_cmsghdr) {
    msg.msg_flags |= MSG_CTRUNC;
    return 0;
  }
  if (msg.msg_controllen < cmlen) {
    msg.msg_flags |= MSG_CTRUNC;
    cmlen = msg.msg_controllen;
  }
  cmsghdr_.cmsg_level = level;
  cmsghdr_.cmsg_type = type;
  cmsghdr_.cmsg_len = cmlen;
  cmsghdr_.cmsg_data = data;
  cmlen = CMSG_SPACE(len);
  if (msg.msg_controllen < cmlen)
    cmlen = msg.msg_controllen;
  msg.msg_control.push(cmsghdr_);
  msg.msg_controllen -= cmlen;
  return 0;
}
