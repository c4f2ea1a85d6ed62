/** net/core/dev_ioctl.c: SIOC* requests about interfaces. The request object is shared with user space, so copying it is left out. */
import type { Gen } from '../../include/ports';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { rtnl_lock, rtnl_unlock } from '../../include/linux/rtnetlink';
import { WARN_ON } from '../../include/asm-generic/bug';
import type { net } from '../../include/net/net_namespace';
import type { net_device } from '../../include/linux/netdevice';
import type { ifreq } from '../../include/linux/if';
import {
  IFNAMSIZ, SIOCGIFFLAGS, SIOCGIFHWADDR, SIOCGIFINDEX, SIOCGIFMAP, SIOCGIFMETRIC, SIOCGIFMTU, SIOCGIFNAME, SIOCGIFTXQLEN, SIOCSIFFLAGS, SIOCSIFMTU, SIOCSIFTXQLEN,
} from '../../include/linux/if';
import { SIOCBONDINFOQUERY } from '../../include/linux/sockios';
import { __dev_get_by_index, __dev_get_by_name, dev_change_flags, dev_get_by_name_rcu, dev_get_flags, dev_set_mtu } from './dev';
import { CAP_NET_ADMIN, capable, ns_capable } from '../../include/linux/capability';
import { EINVAL, ENODEV, ENOTTY, EPERM } from '../../include/uapi/asm-generic/errno';

export function dev_ifname(net: net, ifr: ifreq): number {
  const dev = __dev_get_by_index(net, ifr.ifr_ifindex);
  if (!dev)
    return -ENODEV;
  ifr.ifr_name = dev.name;
  return 0;
}

export function dev_ifsioc_locked(net: net, ifr: ifreq, cmd: number): number {
  let err: number;
  const dev = dev_get_by_name_rcu(net, ifr.ifr_name);

  if (!dev)
    return -ENODEV;

  switch (cmd) {
    case SIOCGIFFLAGS:
      ifr.ifr_flags = (dev_get_flags(dev) << 16) >> 16;
      return 0;

    case SIOCGIFMETRIC:
      ifr.ifr_metric = 0;
      return 0;

    case SIOCGIFMTU:
      ifr.ifr_mtu = dev.mtu;
      return 0;

    case SIOCGIFHWADDR:
      ifr.ifr_hwaddr = dev.dev_addr.slice(0, dev.addr_len);
      return 0;

    case SIOCGIFMAP:
      return 0;

    case SIOCGIFINDEX:
      ifr.ifr_ifindex = dev.ifindex;
      return 0;

    case SIOCGIFTXQLEN:
      ifr.ifr_qlen = dev.tx_queue_len;
      return 0;

    default:
      WARN_ON(1);
      err = -ENOTTY;
      break;
  }
  return err;
}

export function* dev_ifsioc(net: net, ifr: ifreq, cmd: number): Gen<number> {
  let err: number;
  const dev = __dev_get_by_name(net, ifr.ifr_name);

  if (!dev)
    return -ENODEV;

  switch (cmd) {
    case SIOCSIFFLAGS:
      return yield* dev_change_flags(dev, ifr.ifr_flags);

    case SIOCSIFMTU:
      return yield* dev_set_mtu(dev, ifr.ifr_mtu);

    case SIOCSIFTXQLEN:
      if (ifr.ifr_qlen < 0)
        return -EINVAL;
      dev.tx_queue_len = ifr.ifr_qlen;
      return 0;

    default:
      err = -EINVAL;
  }
  return err;
}

export function dev_load(net: net, name: string): void {
  let dev: net_device;
  let no_module: boolean;

  rcu_read_lock();
  dev = dev_get_by_name_rcu(net, name);
  rcu_read_unlock();

  no_module = !dev;
  if (no_module)
    return;
}

/** Handles one request; 0 or a negative errno. DEVIATION: everybody may. */
export function* dev_ioctl(net: net, cmd: number, ifr: ifreq): Gen<number> {
  let ret: number;
  let colon: number;

  if (cmd === SIOCGIFNAME)
    return dev_ifname(net, ifr);

  ifr.ifr_name = ifr.ifr_name.slice(0, IFNAMSIZ - 1);

  const full = ifr.ifr_name;
  colon = full.indexOf(':');
  if (colon >= 0)
    ifr.ifr_name = full.slice(0, colon);

  switch (cmd) {
    case SIOCGIFFLAGS:
    case SIOCGIFMETRIC:
    case SIOCGIFMTU:
    case SIOCGIFHWADDR:
    case SIOCGIFMAP:
    case SIOCGIFINDEX:
    case SIOCGIFTXQLEN:
      dev_load(net, ifr.ifr_name);
      rcu_read_lock();
      ret = dev_ifsioc_locked(net, ifr, cmd);
      rcu_read_unlock();
      if (!ret) {
        if (colon >= 0)
          ifr.ifr_name = full;
      }
      return ret;

    case SIOCSIFTXQLEN:
      if (!capable(CAP_NET_ADMIN))
        return -EPERM;
    // falls through
    case SIOCSIFFLAGS:
    case SIOCSIFMTU:
      if (!ns_capable(null, CAP_NET_ADMIN))
        return -EPERM;
    // falls through
    case SIOCBONDINFOQUERY:
      dev_load(net, ifr.ifr_name);
      yield* rtnl_lock();
      ret = yield* dev_ifsioc(net, ifr, cmd);
      yield* rtnl_unlock();
      return ret;

    default:
      return -ENOTTY;
  }
}
