/** include/linux/uaccess.h: user memory is always there (DEVIATION: no faults). Both return the number of bytes that could not be copied. */
import { memcpy } from './string';
import { current } from '../ports';
export const VERIFY_READ = 0;
export const VERIFY_WRITE = 1;
export function access_ok(_type: number, _addr: number, _size: number): boolean { return true; }
export function copy_from_user(to: Uint8Array, to_off: number, from: Uint8Array, from_off: number, n: number): number {
  memcpy(to, to_off, from, from_off, n);
  current.machine.packet_event('copy-in', 0, String(n));
  return 0;
}
export function copy_to_user(to: Uint8Array, to_off: number, from: Uint8Array, from_off: number, n: number): number {
  memcpy(to, to_off, from, from_off, n);
  current.machine.packet_event('copy-out', 0, String(n));
  return 0;
}
export { copy_from_user as __copy_from_user, copy_from_user as __copy_from_user_nocache, copy_to_user as __copy_to_user };
