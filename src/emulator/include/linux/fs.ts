/** include/linux/fs.h: files, inodes and their operations, as far as sockets, epoll and consoles need them. */
import { atomic_t, atomic_inc } from './atomic';
import { list_head } from './list';
import { spinlock_t } from './spinlock';
import { callback_head } from '../../kernel/task_work';
import type { Gen } from '../ports';
import type { kiocb } from './aio';
import type { iovec } from './uio';
import type { poll_table } from './poll';
import type { socket } from './net';
import type { page } from './mm';
export { fput, alloc_file } from '../../fs/file_table';
export { vfs_read, vfs_write, do_sync_read, do_sync_write, rw_verify_area } from '../../fs/read_write';
export { filp_close } from '../../fs/open';
export { new_inode_pseudo, get_next_ino, iput } from '../../fs/inode';

export const FMODE_READ = 1;
export const FMODE_WRITE = 2;
export const S_IFSOCK = 0o140000;
export const S_IRWXUGO = 0o777;

/** Operations on an open file; those that may wait are generators. Buffers are arrays, from their start. */
export interface file_operations {
  read?(file: file, buf: Uint8Array, count: number, pos: { v: number }): Gen<number>;
  write?(file: file, buf: Uint8Array, count: number, pos: { v: number }): Gen<number>;
  aio_read?(iocb: kiocb, iov: iovec[], nr_segs: number, pos: number): Gen<number>;
  aio_write?(iocb: kiocb, iov: iovec[], nr_segs: number, pos: number): Gen<number>;
  poll?(file: file, wait: poll_table): number;
  unlocked_ioctl?(file: file, cmd: number, arg: any): Gen<number>;
  fasync?(fd: number, file: file, on: number): Gen<number>;
  flush?(file: file, id: unknown): number;
  release?(inode: inode, file: file): Gen<number>;
  sendpage?(file: file, page: page, offset: number, size: number, ppos: { v: number }, more: number): Gen<number>;
}
export interface super_operations { alloc_inode(sb: super_block): inode; destroy_inode(inode: inode): void }
export interface super_block { readonly s_op: super_operations }

/** `socket` is what container_of() would find around a socket's inode. */
export class inode {
  i_mode = 0;
  i_uid = 0;
  i_gid = 0;
  i_ino = 0;
  i_count: atomic_t = new atomic_t(1);
  i_fop: file_operations = null;
  i_sb: super_block = null;
  socket: socket = null;
}

/** An open file. `f_u` is queued as task work when the last reference goes. */
export class file {
  f_u: callback_head = new callback_head();
  f_inode: inode = null;
  f_op: file_operations = null;
  f_lock: spinlock_t = new spinlock_t();
  f_count: atomic_t = new atomic_t(1);
  f_flags = 0;
  f_mode = 0;
  f_pos = 0;
  private_data: any = null;
  /** Those epoll items that watch this file. */
  f_ep_links: list_head = new list_head();
  constructor() { this.f_u.owner = this; }
}
export function get_file(f: file): file { atomic_inc(f.f_count); return f; }
export function file_inode(f: file): inode { return f.f_inode; }
export function file_count(f: file): number { return f.f_count.counter; }
