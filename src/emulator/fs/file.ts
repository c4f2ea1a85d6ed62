/** fs/file.c: the table of open files of a process. */
import { current } from '../include/ports';
import type { Gen, Task } from '../include/ports';
import type { file } from '../include/linux/fs';
import { atomic_dec_and_test, atomic_inc_not_zero, atomic_read, atomic_t } from '../include/linux/atomic';
import { spin_lock, spin_unlock, spinlock_t } from '../include/linux/spinlock';
import { rcu_read_lock, rcu_read_unlock } from '../include/linux/rcupdate';
import { EBADF, EMFILE } from '../include/uapi/asm-generic/errno';
import { BUG_ON } from '../include/asm-generic/bug';
import { O_CLOEXEC } from '../include/linux/fcntl';
import { cond_resched } from '../include/linux/sched';
import { filp_close } from './open';

declare module '../include/ports' { interface Task { files: files_struct } }

/** Descriptors 0 to 4 are taken by the program's terminal and the recorder, so that sockets start at 5 as in the recordings. */
const FIRST_FREE_FD = 5;
const RLIMIT_NOFILE = 1024;

export class fdtable {
  max_fds = 64;
  fd: file[] = [];
  close_on_exec: boolean[] = [];
  open_fds: boolean[] = [];
}
export class files_struct {
  count: atomic_t = new atomic_t(1);
  fdt: fdtable = new fdtable();
  file_lock: spinlock_t = new spinlock_t();
  next_fd = FIRST_FREE_FD;
}

/** The running task's files; made at its first use. */
export function current_files(): files_struct {
  const task: Task = current.task;
  return task.files ?? (task.files = new files_struct());
}

export function files_fdtable(files: files_struct): fdtable { return files.fdt; }
export function fcheck_files(files: files_struct, fd: number): file {
  const fdt = files_fdtable(files);
  if (fd >= 0 && fd < fdt.max_fds) return fdt.fd[fd] ?? null;
  return null;
}

/** Closes everything that is still open. */
function* close_files(files: files_struct): Gen<void> {
  let i: number;
  let fdt: fdtable;
  rcu_read_lock();
  fdt = files_fdtable(files);
  rcu_read_unlock();
  for (i = 0; i < fdt.fd.length; i++) {
    if (fdt.open_fds[i]) {
      const file = fdt.fd[i];
      fdt.fd[i] = null;
      if (file) {
        filp_close(file, files);
        yield* cond_resched();
      }
    }
  }
}

function* put_files_struct(files: files_struct): Gen<void> {
  if (atomic_dec_and_test(files.count)) {
    yield* close_files(files);
  }
}

export function* exit_files(tsk: Task): Gen<void> {
  const files = tsk.files;
  if (files) {
    tsk.files = null;
    yield* put_files_struct(files);
  }
}

function find_next_fd(fdt: fdtable, start: number): number {
  let fd = start;
  while (fdt.open_fds[fd]) fd++;
  return fd;
}

function expand_files(files: files_struct, nr: number): number {
  const fdt = files_fdtable(files);
  if (nr < fdt.max_fds)
    return 0;
  if (nr >= RLIMIT_NOFILE)
    return -EMFILE;
  while (fdt.max_fds <= nr) fdt.max_fds *= 2;
  return 1;
}

export function __alloc_fd(files: files_struct, start: number, end: number, flags: number): number {
  let fd: number;
  let error: number;
  let fdt: fdtable;
  spin_lock(files.file_lock);
  fdt = files_fdtable(files);
  fd = start;
  if (fd < files.next_fd)
    fd = files.next_fd;
  fd = find_next_fd(fdt, fd);
  error = -EMFILE;
  if (fd < end) {
    error = expand_files(files, fd);
    if (error >= 0) {
      if (start <= files.next_fd)
        files.next_fd = fd + 1;
      fdt.open_fds[fd] = true;
      fdt.close_on_exec[fd] = (flags & O_CLOEXEC) !== 0;
      error = fd;
      fdt.fd[fd] = null;
    }
  }
  spin_unlock(files.file_lock);
  return error;
}
export function get_unused_fd_flags(flags: number): number { return __alloc_fd(current_files(), 0, RLIMIT_NOFILE, flags); }

function __put_unused_fd(files: files_struct, fd: number): void {
  const fdt = files_fdtable(files);
  fdt.open_fds[fd] = false;
  if (fd < files.next_fd)
    files.next_fd = fd;
}
export function put_unused_fd(fd: number): void {
  const files = current_files();
  spin_lock(files.file_lock);
  __put_unused_fd(files, fd);
  spin_unlock(files.file_lock);
}

export function __fd_install(files: files_struct, fd: number, file: file): void {
  let fdt: fdtable;
  spin_lock(files.file_lock);
  fdt = files_fdtable(files);
  BUG_ON(fdt.fd[fd] !== null);
  fdt.fd[fd] = file;
  spin_unlock(files.file_lock);
}
export function fd_install(fd: number, file: file): void { __fd_install(current_files(), fd, file); }

export function __close_fd(files: files_struct, fd: number): number {
  let file: file;
  let fdt: fdtable;
  spin_lock(files.file_lock);
  fdt = files_fdtable(files);
  if (fd < 0 || fd >= fdt.max_fds || !fdt.fd[fd]) {
    spin_unlock(files.file_lock);
    return -EBADF;
  }
  file = fdt.fd[fd];
  fdt.fd[fd] = null;
  fdt.close_on_exec[fd] = false;
  __put_unused_fd(files, fd);
  spin_unlock(files.file_lock);
  return filp_close(file, files);
}

export function fget(fd: number): file {
  let file: file;
  const files = current_files();
  rcu_read_lock();
  file = fcheck_files(files, fd);
  if (file) {
    if (!atomic_inc_not_zero(file.f_count))
      file = null;
  }
  rcu_read_unlock();
  return file;
}

/** The file of a descriptor; a reference is taken, and `fput_needed.v` set, only when the table is shared. */
export function fget_light(fd: number, fput_needed: { v: number }): file {
  let file: file;
  const files = current_files();
  fput_needed.v = 0;
  if (atomic_read(files.count) === 1) {
    file = fcheck_files(files, fd);
  } else {
    rcu_read_lock();
    file = fcheck_files(files, fd);
    if (file) {
      if (atomic_inc_not_zero(file.f_count))
        fput_needed.v = 1;
      else
        file = null;
    }
    rcu_read_unlock();
  }
  return file;
}
export function replace_fd(fd: number, file: file, _flags: number): number {
  const files = current_files();
  files.fdt.open_fds[fd] = true;
  files.fdt.fd[fd] = file;
  return fd;
}
