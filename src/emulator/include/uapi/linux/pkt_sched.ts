/** include/uapi/linux/pkt_sched.h: priorities. */
export const TC_PRIO_BESTEFFORT = 0, TC_PRIO_FILLER = 1, TC_PRIO_BULK = 2, TC_PRIO_INTERACTIVE_BULK = 4, TC_PRIO_INTERACTIVE = 6, TC_PRIO_CONTROL = 7;
