/** include/linux/aio.h: the control block of a read or write; here always a synchronous one. */
import type { file } from './fs';
import type { Gen } from '../ports';
export class kiocb {
  ki_filp: file = null;
  ki_pos = 0;
  ki_left = 0;
  ki_nbytes = 0;
  private: any = null;
}
export function is_sync_kiocb(_kiocb: kiocb): boolean { return true; }
export function init_sync_kiocb(kiocb: kiocb, filp: file): void { kiocb.ki_filp = filp; }
/** No operation is ever queued, so nothing is waited for. */
export function* wait_on_sync_kiocb(_iocb: kiocb): Gen<number> { return 0; }
