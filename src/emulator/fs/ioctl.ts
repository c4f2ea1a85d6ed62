/** fs/ioctl.c. */
import type { Gen } from '../include/ports';
import type { file } from '../include/linux/fs';
import { fdget, fdput } from '../include/linux/file';
import { EBADF, ENOIOCTLCMD, ENOTTY } from '../include/uapi/asm-generic/errno';
import { O_NONBLOCK } from '../include/linux/fcntl';

export const FIONBIO = 0x5421;

function* vfs_ioctl(filp: file, cmd: number, arg: any): Gen<number> {
  let error = -ENOTTY;
  if (!filp.f_op || !filp.f_op.unlocked_ioctl)
    return error;
  error = yield* filp.f_op.unlocked_ioctl(filp, cmd, arg);
  if (error === -ENOIOCTLCMD)
    error = -ENOTTY;
  return error;
}

function ioctl_fionbio(filp: file, argp: number): number {
  if (argp)
    filp.f_flags |= O_NONBLOCK;
  else
    filp.f_flags &= ~O_NONBLOCK;
  return 0;
}

export function* do_vfs_ioctl(filp: file, _fd: number, cmd: number, arg: any): Gen<number> {
  let error = 0;
  switch (cmd) {
    case FIONBIO:
      error = ioctl_fionbio(filp, arg as number);
      break;
    default:
      // DEVIATION: no regular files, whose requests are the file system's.
      error = yield* vfs_ioctl(filp, cmd, arg);
      break;
  }
  return error;
}

/** System call ioctl(); `arg` is the object (an ifreq, ...) or number that the command takes. */
export function* sys_ioctl(fd: number, cmd: number, arg: any): Gen<number> {
  let error: number;
  const f = fdget(fd);
  if (!f.file)
    return -EBADF;
  error = yield* do_vfs_ioctl(f.file, fd, cmd, arg);
  fdput(f);
  return error;
}
