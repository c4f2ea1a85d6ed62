/** include/linux/ethtool.h: the operations that the modelled core calls. */
import type { net_device } from './netdevice';
export interface ethtool_ops {
  begin?(dev: net_device): number;
  complete?(dev: net_device): void;
}
