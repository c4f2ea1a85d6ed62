/** net/ipv4/netfilter/iptable_filter.c: the filter table with its three chains. */
import { current, type Host } from '../../../include/ports';
import { ENOMEM } from '../../../include/uapi/asm-generic/errno';
import { IS_ERR, PTR_ERR } from '../../../include/linux/err';
import { sizeof_iphdr } from '../../../include/linux/ip';
import { dev_net, type net_device } from '../../../include/linux/netdevice';
import { NFPROTO_IPV4, NF_ACCEPT, NF_INET_FORWARD, NF_INET_LOCAL_IN, NF_INET_LOCAL_OUT, type nf_hook_ops, type okfn_t } from '../../../include/linux/netfilter';
import { NF_IP_PRI_FILTER } from '../../../include/linux/netfilter_ipv4';
import { xt_hook_link, xt_table } from '../../../include/linux/netfilter/x_tables';
import type { sk_buff } from '../../../include/linux/skbuff';
import { ip_hdrlen } from '../../../include/net/ip';
import { register_pernet_subsys, type net, type pernet_operations } from '../../../include/net/net_namespace';
import { ipt_do_table, ipt_register_table, type ipt_chain } from './ip_tables';

declare module '../../../include/ports' {
  interface Host {
    filter_ops: nf_hook_ops[];
    /** INPUT, FORWARD, OUTPUT as last set by a tool; null until the table is registered. */
    filter_chains: ipt_chain[];
  }
}
export function iptable_filter_globals(host: Host): void {
  host.filter_ops = null;
  host.filter_chains = null;
}

export function iptable_filter_hook(hook: number, skb: sk_buff, in_: net_device, out: net_device, _okfn: okfn_t): number {
  let net: net;
  if (hook === NF_INET_LOCAL_OUT && (skb.len < sizeof_iphdr || ip_hdrlen(skb) < sizeof_iphdr))
    return NF_ACCEPT;
  net = dev_net((in_ !== null) ? in_ : out);
  return ipt_do_table(skb, hook, in_, out, net.ipv4.iptable_filter);
}

function packet_filter(): xt_table {
  const t = new xt_table();
  t.name = 'filter';
  t.valid_hooks = (1 << NF_INET_LOCAL_IN) | (1 << NF_INET_FORWARD) | (1 << NF_INET_LOCAL_OUT);
  t.af = NFPROTO_IPV4;
  t.priority = NF_IP_PRI_FILTER;
  return t;
}

function iptable_filter_net_init(net: net): number {
  current.host.filter_chains = [
    { hook: NF_INET_LOCAL_IN, policy: NF_ACCEPT, rules: [] },
    { hook: NF_INET_FORWARD, policy: NF_ACCEPT, rules: [] },
    { hook: NF_INET_LOCAL_OUT, policy: NF_ACCEPT, rules: [] },
  ];
  net.ipv4.iptable_filter = ipt_register_table(packet_filter(), current.host.filter_chains);
  return net.ipv4.iptable_filter ? 0 : -ENOMEM;
}
const iptable_filter_net_ops: pernet_operations = { init: iptable_filter_net_init, exit: null };

/** Registers the table and its hooks: what loading the module does, at the first use of iptables. Returns 0 or an errno. */
export function iptable_filter_init(): number {
  let ret: number;
  ret = register_pernet_subsys(iptable_filter_net_ops);
  if (ret < 0)
    return ret;
  current.host.filter_ops = xt_hook_link(current.host.init_net.ipv4.iptable_filter, iptable_filter_hook);
  if (IS_ERR(current.host.filter_ops)) {
    ret = PTR_ERR(current.host.filter_ops);
  }
  return ret;
}
