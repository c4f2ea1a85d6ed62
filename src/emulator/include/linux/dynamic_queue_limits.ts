/** include/linux/dynamic_queue_limits.h: byte queue limits. */
import { BUG_ON } from '../asm-generic/bug';

export class dql {
  num_queued = 0;
  adj_limit = 0;
  last_obj_cnt = 0;
  limit = 0;
  num_completed = 0;
  prev_ovlimit = 0;
  prev_num_queued = 0;
  prev_last_obj_cnt = 0;
  lowest_slack = 0;
  slack_start_time = 0;
  max_limit = 0;
  min_limit = 0;
  slack_hold_time = 0;
}
export const DQL_MAX_OBJECT = Math.floor(0xffffffff / 16);
export const DQL_MAX_LIMIT = Math.floor(0xffffffff / 2) - DQL_MAX_OBJECT;

/** Records `count` objects (bytes) handed to the device. */
export function dql_queued(dql: dql, count: number): void {
  BUG_ON(count > DQL_MAX_OBJECT);
  dql.num_queued = (dql.num_queued + count) >>> 0;
  dql.last_obj_cnt = count;
}

/** How many more objects fit below the limit; negative when over it. */
export function dql_avail(dql: dql): number {
  return (dql.adj_limit - dql.num_queued) | 0;
}
export { dql_completed, dql_reset, dql_init } from '../../lib/dynamic_queue_limits';
