/** fs/read_write.c: read(), write() and their vector forms. */
import type { Gen } from '../include/ports';
import type { file } from '../include/linux/fs';
import { FMODE_READ, FMODE_WRITE } from '../include/linux/fs';
import { iovec } from '../include/linux/uio';
import { fdget, fdput } from '../include/linux/file';
import { init_sync_kiocb, kiocb, wait_on_sync_kiocb } from '../include/linux/aio';
import { access_ok, VERIFY_READ, VERIFY_WRITE } from '../include/linux/uaccess';
import { EBADF, EFAULT, EINVAL, EIOCBQUEUED } from '../include/uapi/asm-generic/errno';
import { unlikely } from '../include/linux/compiler';

const MAX_RW_COUNT = 0x7ffff000;
const READ = 0;
const WRITE = 1;

function file_pos_read(file: file): number { return file.f_pos; }
function file_pos_write(file: file, pos: number): void { file.f_pos = pos; }

export function rw_verify_area(_read_write: number, _file: file, _ppos: { v: number }, count: number): number {
  if (unlikely(count < 0))
    return -EINVAL;
  return count > MAX_RW_COUNT ? MAX_RW_COUNT : count;
}

export function* do_sync_read(filp: file, buf: Uint8Array, len: number, ppos: { v: number }): Gen<number> {
  const iov = new iovec(buf, 0, len);
  const kiocb_ = new kiocb();
  let ret: number;
  init_sync_kiocb(kiocb_, filp);
  kiocb_.ki_pos = ppos.v;
  kiocb_.ki_left = len;
  kiocb_.ki_nbytes = len;
  ret = yield* filp.f_op.aio_read(kiocb_, [iov], 1, kiocb_.ki_pos);
  if (-EIOCBQUEUED === ret)
    ret = yield* wait_on_sync_kiocb(kiocb_);
  ppos.v = kiocb_.ki_pos;
  return ret;
}

export function* vfs_read(file: file, buf: Uint8Array, count: number, pos: { v: number }): Gen<number> {
  let ret: number;
  if (!(file.f_mode & FMODE_READ))
    return -EBADF;
  if (!file.f_op || (!file.f_op.read && !file.f_op.aio_read))
    return -EINVAL;
  if (unlikely(!access_ok(VERIFY_WRITE, 0, count)))
    return -EFAULT;
  ret = rw_verify_area(READ, file, pos, count);
  if (ret >= 0) {
    count = ret;
    if (file.f_op.read)
      ret = yield* file.f_op.read(file, buf, count, pos);
    else
      ret = yield* do_sync_read(file, buf, count, pos);
  }
  return ret;
}

export function* do_sync_write(filp: file, buf: Uint8Array, len: number, ppos: { v: number }): Gen<number> {
  const iov = new iovec(buf, 0, len);
  const kiocb_ = new kiocb();
  let ret: number;
  init_sync_kiocb(kiocb_, filp);
  kiocb_.ki_pos = ppos.v;
  kiocb_.ki_left = len;
  kiocb_.ki_nbytes = len;
  ret = yield* filp.f_op.aio_write(kiocb_, [iov], 1, kiocb_.ki_pos);
  if (-EIOCBQUEUED === ret)
    ret = yield* wait_on_sync_kiocb(kiocb_);
  ppos.v = kiocb_.ki_pos;
  return ret;
}

export function* vfs_write(file: file, buf: Uint8Array, count: number, pos: { v: number }): Gen<number> {
  let ret: number;
  if (!(file.f_mode & FMODE_WRITE))
    return -EBADF;
  if (!file.f_op || (!file.f_op.write && !file.f_op.aio_write))
    return -EINVAL;
  if (unlikely(!access_ok(VERIFY_READ, 0, count)))
    return -EFAULT;
  ret = rw_verify_area(WRITE, file, pos, count);
  if (ret >= 0) {
    count = ret;
    if (file.f_op.write)
      ret = yield* file.f_op.write(file, buf, count, pos);
    else
      ret = yield* do_sync_write(file, buf, count, pos);
  }
  return ret;
}

/** System call read(): `buf` is the user's memory. */
export function* sys_read(fd: number, buf: Uint8Array, count: number): Gen<number> {
  const f = fdget(fd);
  let ret = -EBADF;
  if (f.file) {
    const pos = { v: file_pos_read(f.file) };
    ret = yield* vfs_read(f.file, buf, count, pos);
    if (ret >= 0)
      file_pos_write(f.file, pos.v);
    fdput(f);
  }
  return ret;
}

/** System call write(). */
export function* sys_write(fd: number, buf: Uint8Array, count: number): Gen<number> {
  const f = fdget(fd);
  let ret = -EBADF;
  if (f.file) {
    const pos = { v: file_pos_read(f.file) };
    ret = yield* vfs_write(f.file, buf, count, pos);
    if (ret >= 0)
      file_pos_write(f.file, pos.v);
    fdput(f);
  }
  return ret;
}

function* do_sync_readv_writev(filp: file, iov: iovec[], nr_segs: number, len: number, ppos: { v: number }, type: number): Gen<number> {
  const kiocb_ = new kiocb();
  let ret: number;
  init_sync_kiocb(kiocb_, filp);
  kiocb_.ki_pos = ppos.v;
  kiocb_.ki_left = len;
  kiocb_.ki_nbytes = len;
  const fn = type === READ ? filp.f_op.aio_read : filp.f_op.aio_write;
  ret = yield* fn(kiocb_, iov, nr_segs, kiocb_.ki_pos);
  if (ret === -EIOCBQUEUED)
    ret = yield* wait_on_sync_kiocb(kiocb_);
  ppos.v = kiocb_.ki_pos;
  return ret;
}

function* do_readv_writev(type: number, file: file, uvector: iovec[], nr_segs: number, pos: { v: number }): Gen<number> {
  let tot_len = 0;
  const iov: iovec[] = [];
  let ret: number;
  for (let seg = 0; seg < nr_segs; seg++) {
    if (uvector[seg].iov_len < 0)
      return -EINVAL;
    iov.push(new iovec(uvector[seg].iov_buf, uvector[seg].iov_base, uvector[seg].iov_len));
    tot_len += uvector[seg].iov_len;
  }
  ret = tot_len;
  if (ret <= 0)
    return ret;
  ret = rw_verify_area(type, file, pos, tot_len);
  if (ret < 0)
    return ret;
  ret = yield* do_sync_readv_writev(file, iov, nr_segs, tot_len, pos, type);
  return ret;
}

export function* vfs_readv(file: file, vec: iovec[], vlen: number, pos: { v: number }): Gen<number> {
  if (!(file.f_mode & FMODE_READ))
    return -EBADF;
  if (!file.f_op || !file.f_op.aio_read)
    return -EINVAL;
  return yield* do_readv_writev(READ, file, vec, vlen, pos);
}
export function* vfs_writev(file: file, vec: iovec[], vlen: number, pos: { v: number }): Gen<number> {
  if (!(file.f_mode & FMODE_WRITE))
    return -EBADF;
  if (!file.f_op || !file.f_op.aio_write)
    return -EINVAL;
  return yield* do_readv_writev(WRITE, file, vec, vlen, pos);
}

export function* sys_readv(fd: number, vec: iovec[], vlen: number): Gen<number> {
  const f = fdget(fd);
  let ret = -EBADF;
  if (f.file) {
    const pos = { v: file_pos_read(f.file) };
    ret = yield* vfs_readv(f.file, vec, vlen, pos);
    if (ret >= 0)
      file_pos_write(f.file, pos.v);
    fdput(f);
  }
  return ret;
}
export function* sys_writev(fd: number, vec: iovec[], vlen: number): Gen<number> {
  const f = fdget(fd);
  let ret = -EBADF;
  if (f.file) {
    const pos = { v: file_pos_read(f.file) };
    ret = yield* vfs_writev(f.file, vec, vlen, pos);
    if (ret >= 0)
      file_pos_write(f.file, pos.v);
    fdput(f);
  }
  return ret;
}
