/** fs/inode.c: inodes without a name, which is what sockets have. */
import { current } from '../include/ports';
import type { Host } from '../include/ports';
import { inode } from '../include/linux/fs';
import type { super_block } from '../include/linux/fs';
import { atomic_dec_and_test } from '../include/linux/atomic';

declare module '../include/ports' { interface Host { last_ino: number } }
export function inode_globals(host: Host): void { host.last_ino = 0; }

function alloc_inode(sb: super_block): inode {
  let inode: inode;
  inode = sb.s_op.alloc_inode(sb);
  inode.i_sb = sb;
  return inode;
}
export function new_inode_pseudo(sb: super_block): inode {
  const inode = alloc_inode(sb);
  return inode;
}
export function get_next_ino(): number { return ++current.host.last_ino; }
function destroy_inode(inode: inode): void {
  if (inode.i_sb && inode.i_sb.s_op.destroy_inode)
    inode.i_sb.s_op.destroy_inode(inode);
}
function evict(inode: inode): void { destroy_inode(inode); }
function iput_final(inode: inode): void { evict(inode); }
export function iput(inode: inode): void {
  if (inode) {
    if (atomic_dec_and_test(inode.i_count))
      iput_final(inode);
  }
}
