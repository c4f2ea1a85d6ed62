/** /proc/sys by dotted name, as far as scenarios may set it. */
import { IPV4_DEVCONF_FORWARDING } from './include/linux/inetdevice';
import type { net_device } from './include/linux/netdevice';
import { current, type Host } from './include/ports';

const HOST_FIELDS: Readonly<Record<string, string>> = {
  'net.ipv4.tcp_retries1': 'sysctl_tcp_retries1', 'net.ipv4.tcp_retries2': 'sysctl_tcp_retries2', 'net.ipv4.tcp_syn_retries': 'sysctl_tcp_syn_retries', 'net.ipv4.tcp_synack_retries': 'sysctl_tcp_synack_retries',
  'net.ipv4.tcp_keepalive_time': 'sysctl_tcp_keepalive_time', 'net.ipv4.tcp_keepalive_intvl': 'sysctl_tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes': 'sysctl_tcp_keepalive_probes',
  'net.ipv4.tcp_sack': 'sysctl_tcp_sack', 'net.ipv4.tcp_fack': 'sysctl_tcp_fack', 'net.ipv4.tcp_dsack': 'sysctl_tcp_dsack', 'net.ipv4.tcp_timestamps': 'sysctl_tcp_timestamps', 'net.ipv4.tcp_window_scaling': 'sysctl_tcp_window_scaling',
  'net.ipv4.tcp_frto': 'sysctl_tcp_frto', 'net.ipv4.tcp_early_retrans': 'sysctl_tcp_early_retrans', 'net.ipv4.tcp_low_latency': 'sysctl_tcp_low_latency', 'net.ipv4.tcp_slow_start_after_idle': 'sysctl_tcp_slow_start_after_idle',
  'net.ipv4.tcp_limit_output_bytes': 'sysctl_tcp_limit_output_bytes', 'net.ipv4.tcp_min_tso_segs': 'sysctl_tcp_min_tso_segs', 'net.ipv4.tcp_reordering': 'sysctl_tcp_reordering', 'net.ipv4.tcp_thin_dupack': 'sysctl_tcp_thin_dupack',
  'net.core.rmem_max': 'sysctl_rmem_max', 'net.core.wmem_max': 'sysctl_wmem_max', 'net.core.rmem_default': 'sysctl_rmem_default', 'net.core.wmem_default': 'sysctl_wmem_default',
  'net.core.netdev_max_backlog': 'netdev_max_backlog', 'net.core.netdev_budget': 'netdev_budget', 'net.core.dev_weight': 'weight_p',
};

/** How many numbers a sysctl holds that holds more than one. */
export const NUMBERS: Readonly<Record<string, number>> = { 'net.ipv4.tcp_rmem': 3, 'net.ipv4.tcp_wmem': 3 };

/** May a scenario set this one? */
export function isSysctl(name: string): boolean {
  return Object.hasOwn(HOST_FIELDS, name) || Object.hasOwn(NUMBERS, name) || name === 'net.ipv4.ip_forward' || name === 'net.ipv4.tcp_congestion_control';
}

/** Sets what is known; what is not is said in the run's log. */
export function applySysctls(host: Host, values: Readonly<Record<string, string | number>>): void {
  const fields = host as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    const field = HOST_FIELDS[name];
    if (field !== undefined && typeof fields[field] === 'number') fields[field] = Number(value);
    else if (name === 'net.ipv4.ip_forward') forward(host, Number(value));
    else if (name === 'net.ipv4.tcp_congestion_control') host.sysctl_tcp_congestion_control = String(value);
    else if (name === 'net.ipv4.tcp_rmem' || name === 'net.ipv4.tcp_wmem') fields['sysctl_' + name.slice(9)] = String(value).trim().split(/\s+/).map(Number);
    else current.machine.log(`sysctl ${name} is not modelled; it is left as it is`);
  }
}

/** net.ipv4.ip_forward sets `forwarding` of all interfaces, of those to come, and of each there is (net/ipv4/devinet.c: inet_forward_change). */
function forward(host: Host, on: number): void {
  const net = host.init_net, all = [net.ipv4.devconf_all, net.ipv4.devconf_dflt];
  for (let p = net.dev_base_head.next; p !== net.dev_base_head; p = p.next) {
    const in_dev = (p.owner as net_device).ip_ptr;
    if (in_dev) all.push(in_dev.cnf);
  }
  for (const conf of all) conf.data[IPV4_DEVCONF_FORWARDING - 1] = on;
}

declare module './include/ports' { interface Host { sysctl_tcp_congestion_control: string } }
