/** fs/open.c: closing descriptors. */
import type { Gen } from '../include/ports';
import type { file } from '../include/linux/fs';
import type { files_struct } from './file';
import { __close_fd, current_files } from './file';
import { fput } from './file_table';
import { file_count } from '../include/linux/fs';
import { current } from '../include/ports';

export function filp_close(filp: file, id: files_struct): number {
  let retval = 0;
  if (!file_count(filp)) {
    current.machine.log('VFS: Close: file count is 0');
    return 0;
  }
  if (filp.f_op && filp.f_op.flush)
    retval = filp.f_op.flush(filp, id);
  fput(filp);
  return retval;
}

/** System call close(): frees the number at once, the file by task work. */
export function* sys_close(fd: number): Gen<number> {
  const retval = __close_fd(current_files(), fd);
  return retval;
}
