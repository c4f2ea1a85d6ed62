/** lib/dynamic_queue_limits.c: how many bytes a device queue may hold so that it just never starves. */
import { clamp, max } from '../include/linux/kernel';
import { BUG_ON } from '../include/asm-generic/bug';
import { ACCESS_ONCE } from '../include/linux/compiler';
import { jiffies, time_after } from '../include/linux/jiffies';
import type { dql } from '../include/linux/dynamic_queue_limits';
import { DQL_MAX_LIMIT } from '../include/linux/dynamic_queue_limits';

const UINT_MAX = 0xffffffff;
function POSDIFF(a: number, b: number): number { const d = (a - b) | 0; return d > 0 ? d : 0; }
function AFTER_EQ(a: number, b: number): boolean { return ((a - b) | 0) >= 0; }

/** `count` objects were completed: moves the limit by what the last interval showed. */
export function dql_completed(dql: dql, count: number): void {
  let limit: number, ovlimit: number;

  const num_queued = ACCESS_ONCE(dql.num_queued);
  BUG_ON(count > ((num_queued - dql.num_completed) >>> 0));

  const completed = (dql.num_completed + count) >>> 0;
  limit = dql.limit;
  ovlimit = POSDIFF(num_queued - dql.num_completed, limit);
  const inprogress = (num_queued - completed) >>> 0;
  const prev_inprogress = (dql.prev_num_queued - dql.num_completed) >>> 0;
  const all_prev_completed = AFTER_EQ(completed, dql.prev_num_queued);

  if ((ovlimit && !inprogress) || (dql.prev_ovlimit && all_prev_completed)) {
    limit += POSDIFF(completed, dql.prev_num_queued) + dql.prev_ovlimit;
    dql.slack_start_time = jiffies();
    dql.lowest_slack = UINT_MAX;
  } else if (inprogress && prev_inprogress && !all_prev_completed) {
    let slack: number;

    slack = POSDIFF(limit + dql.prev_ovlimit, 2 * (completed - dql.num_completed));
    const slack_last_objs = dql.prev_ovlimit ? POSDIFF(dql.prev_last_obj_cnt, dql.prev_ovlimit) : 0;

    slack = max(slack, slack_last_objs);

    if (slack < dql.lowest_slack)
      dql.lowest_slack = slack;

    if (time_after(jiffies(), dql.slack_start_time + dql.slack_hold_time)) {
      limit = POSDIFF(limit, dql.lowest_slack);
      dql.slack_start_time = jiffies();
      dql.lowest_slack = UINT_MAX;
    }
  }

  limit = clamp(limit, dql.min_limit, dql.max_limit);

  if (limit !== dql.limit) {
    dql.limit = limit;
    ovlimit = 0;
  }

  dql.adj_limit = (limit + completed) >>> 0;
  dql.prev_ovlimit = ovlimit;
  dql.prev_last_obj_cnt = dql.last_obj_cnt;
  dql.num_completed = completed;
  dql.prev_num_queued = num_queued;
}

/** Back to a limit of 0, as after the queue was emptied from outside. */
export function dql_reset(dql: dql): void {
  dql.limit = 0;
  dql.num_queued = 0;
  dql.num_completed = 0;
  dql.last_obj_cnt = 0;
  dql.prev_num_queued = 0;
  dql.prev_last_obj_cnt = 0;
  dql.prev_ovlimit = 0;
  dql.lowest_slack = UINT_MAX;
  dql.slack_start_time = jiffies();
}

/** `hold_time`: ticks of slack before the limit shrinks. */
export function dql_init(dql: dql, hold_time: number): number {
  dql.max_limit = DQL_MAX_LIMIT;
  dql.min_limit = 0;
  dql.slack_hold_time = hold_time;
  dql_reset(dql);
  return 0;
}
