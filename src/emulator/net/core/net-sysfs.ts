/** net/core/net-sysfs.c: the objects under /sys/class/net are not modelled; the calls that other code makes are. */
import type { net_device } from '../../include/linux/netdevice';

export function net_rx_queue_update_kobjects(net: net_device, old_num: number, new_num: number): number {
  let i: number;
  const error = 0;

  for (i = old_num; i < new_num; i++) {
    /* a queue object would be added */
  }

  while (--i >= new_num) {
    /* a queue object would be put */
  }

  return error;
}

export function netdev_queue_update_kobjects(net: net_device, old_num: number, new_num: number): number {
  let i: number;
  const error = 0;

  for (i = old_num; i < new_num; i++) {
    /* a queue object would be added */
  }

  while (--i >= new_num) {
    /* a queue object would be put */
  }

  return error;
}

export function netdev_register_kobject(net: net_device): number {
  net.dev.init_name = net.name;
  net.dev.owner = net;
  return 0;
}

export function netdev_unregister_kobject(_net: net_device): void {
  /* nothing was registered */
}
