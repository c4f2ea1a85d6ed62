/** include/linux/file.h: from descriptor numbers to files. */
import type { file } from './fs';
import { fput } from '../../fs/file_table';
import { fget_light } from '../../fs/file';
export { fget, fget_light, fd_install, get_unused_fd_flags, put_unused_fd, replace_fd } from '../../fs/file';
export { fput } from '../../fs/file_table';

/** A file, and whether it must be given back. */
export class fd { file: file = null; flags = 0; }
export function fput_light(file: file, fput_needed: number): void {
  if (fput_needed)
    fput(file);
}
export function fdget(nr: number): fd {
  const f = new fd();
  const b = { v: 0 };
  f.file = fget_light(nr, b);
  f.flags = b.v;
  return f;
}
export function fdput(f: fd): void {
  if (f.flags)
    fput(f.file);
}
