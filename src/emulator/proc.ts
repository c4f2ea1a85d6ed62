/**
 * /proc/net/snmp, /proc/net/netstat and /proc/net/dev of a host, as net/ipv4/proc.c and net/core/net-procfs.c print them. They are read from outside of the
 * run, at any moment, so that this is no part of the mirror: it makes no steps and lets no time pass.
 */
import * as mib from './include/linux/snmp';
import { igb_xmit_frame } from './drivers/net/ethernet/intel/igb/igb_main';
import { IPV4_DEVCONF_FORWARDING } from './include/linux/inetdevice';
import { net_device_stats, type net_device } from './include/linux/netdevice';
import type { Host } from './include/ports';

/** Names in the order of the file, with their place in the counters. */
type MibNames = Readonly<Record<string, number>>;

function snmp4_ipstats_list(): MibNames { return {
  InReceives: mib.IPSTATS_MIB_INPKTS, InHdrErrors: mib.IPSTATS_MIB_INHDRERRORS, InAddrErrors: mib.IPSTATS_MIB_INADDRERRORS,
  ForwDatagrams: mib.IPSTATS_MIB_OUTFORWDATAGRAMS, InUnknownProtos: mib.IPSTATS_MIB_INUNKNOWNPROTOS, InDiscards: mib.IPSTATS_MIB_INDISCARDS,
  InDelivers: mib.IPSTATS_MIB_INDELIVERS, OutRequests: mib.IPSTATS_MIB_OUTPKTS, OutDiscards: mib.IPSTATS_MIB_OUTDISCARDS,
  OutNoRoutes: mib.IPSTATS_MIB_OUTNOROUTES, ReasmTimeout: mib.IPSTATS_MIB_REASMTIMEOUT, ReasmReqds: mib.IPSTATS_MIB_REASMREQDS,
  ReasmOKs: mib.IPSTATS_MIB_REASMOKS, ReasmFails: mib.IPSTATS_MIB_REASMFAILS, FragOKs: mib.IPSTATS_MIB_FRAGOKS, FragFails: mib.IPSTATS_MIB_FRAGFAILS,
  FragCreates: mib.IPSTATS_MIB_FRAGCREATES,
}; }

function snmp4_ipextstats_list(): MibNames { return {
  InNoRoutes: mib.IPSTATS_MIB_INNOROUTES, InTruncatedPkts: mib.IPSTATS_MIB_INTRUNCATEDPKTS, InMcastPkts: mib.IPSTATS_MIB_INMCASTPKTS,
  OutMcastPkts: mib.IPSTATS_MIB_OUTMCASTPKTS, InBcastPkts: mib.IPSTATS_MIB_INBCASTPKTS, OutBcastPkts: mib.IPSTATS_MIB_OUTBCASTPKTS,
  InOctets: mib.IPSTATS_MIB_INOCTETS, OutOctets: mib.IPSTATS_MIB_OUTOCTETS, InMcastOctets: mib.IPSTATS_MIB_INMCASTOCTETS,
  OutMcastOctets: mib.IPSTATS_MIB_OUTMCASTOCTETS, InBcastOctets: mib.IPSTATS_MIB_INBCASTOCTETS, OutBcastOctets: mib.IPSTATS_MIB_OUTBCASTOCTETS,
  InCsumErrors: mib.IPSTATS_MIB_CSUMERRORS,
}; }

function snmp4_tcp_list(): MibNames { return {
  RtoAlgorithm: mib.TCP_MIB_RTOALGORITHM, RtoMin: mib.TCP_MIB_RTOMIN, RtoMax: mib.TCP_MIB_RTOMAX, MaxConn: mib.TCP_MIB_MAXCONN,
  ActiveOpens: mib.TCP_MIB_ACTIVEOPENS, PassiveOpens: mib.TCP_MIB_PASSIVEOPENS, AttemptFails: mib.TCP_MIB_ATTEMPTFAILS,
  EstabResets: mib.TCP_MIB_ESTABRESETS, CurrEstab: mib.TCP_MIB_CURRESTAB, InSegs: mib.TCP_MIB_INSEGS, OutSegs: mib.TCP_MIB_OUTSEGS,
  RetransSegs: mib.TCP_MIB_RETRANSSEGS, InErrs: mib.TCP_MIB_INERRS, OutRsts: mib.TCP_MIB_OUTRSTS, InCsumErrors: mib.TCP_MIB_CSUMERRORS,
}; }

function snmp4_udp_list(): MibNames { return {
  InDatagrams: mib.UDP_MIB_INDATAGRAMS, NoPorts: mib.UDP_MIB_NOPORTS, InErrors: mib.UDP_MIB_INERRORS, OutDatagrams: mib.UDP_MIB_OUTDATAGRAMS,
  RcvbufErrors: mib.UDP_MIB_RCVBUFERRORS, SndbufErrors: mib.UDP_MIB_SNDBUFERRORS, InCsumErrors: mib.UDP_MIB_CSUMERRORS,
}; }

function snmp4_net_list(): MibNames { return {
  SyncookiesSent: mib.LINUX_MIB_SYNCOOKIESSENT, SyncookiesRecv: mib.LINUX_MIB_SYNCOOKIESRECV, SyncookiesFailed: mib.LINUX_MIB_SYNCOOKIESFAILED,
  EmbryonicRsts: mib.LINUX_MIB_EMBRYONICRSTS, PruneCalled: mib.LINUX_MIB_PRUNECALLED, RcvPruned: mib.LINUX_MIB_RCVPRUNED,
  OfoPruned: mib.LINUX_MIB_OFOPRUNED, OutOfWindowIcmps: mib.LINUX_MIB_OUTOFWINDOWICMPS, LockDroppedIcmps: mib.LINUX_MIB_LOCKDROPPEDICMPS,
  ArpFilter: mib.LINUX_MIB_ARPFILTER, TW: mib.LINUX_MIB_TIMEWAITED, TWRecycled: mib.LINUX_MIB_TIMEWAITRECYCLED,
  TWKilled: mib.LINUX_MIB_TIMEWAITKILLED, PAWSPassive: mib.LINUX_MIB_PAWSPASSIVEREJECTED, PAWSActive: mib.LINUX_MIB_PAWSACTIVEREJECTED,
  PAWSEstab: mib.LINUX_MIB_PAWSESTABREJECTED, DelayedACKs: mib.LINUX_MIB_DELAYEDACKS, DelayedACKLocked: mib.LINUX_MIB_DELAYEDACKLOCKED,
  DelayedACKLost: mib.LINUX_MIB_DELAYEDACKLOST, ListenOverflows: mib.LINUX_MIB_LISTENOVERFLOWS, ListenDrops: mib.LINUX_MIB_LISTENDROPS,
  TCPPrequeued: mib.LINUX_MIB_TCPPREQUEUED, TCPDirectCopyFromBacklog: mib.LINUX_MIB_TCPDIRECTCOPYFROMBACKLOG,
  TCPDirectCopyFromPrequeue: mib.LINUX_MIB_TCPDIRECTCOPYFROMPREQUEUE, TCPPrequeueDropped: mib.LINUX_MIB_TCPPREQUEUEDROPPED,
  TCPHPHits: mib.LINUX_MIB_TCPHPHITS, TCPHPHitsToUser: mib.LINUX_MIB_TCPHPHITSTOUSER, TCPPureAcks: mib.LINUX_MIB_TCPPUREACKS,
  TCPHPAcks: mib.LINUX_MIB_TCPHPACKS, TCPRenoRecovery: mib.LINUX_MIB_TCPRENORECOVERY, TCPSackRecovery: mib.LINUX_MIB_TCPSACKRECOVERY,
  TCPSACKReneging: mib.LINUX_MIB_TCPSACKRENEGING, TCPFACKReorder: mib.LINUX_MIB_TCPFACKREORDER, TCPSACKReorder: mib.LINUX_MIB_TCPSACKREORDER,
  TCPRenoReorder: mib.LINUX_MIB_TCPRENOREORDER, TCPTSReorder: mib.LINUX_MIB_TCPTSREORDER, TCPFullUndo: mib.LINUX_MIB_TCPFULLUNDO,
  TCPPartialUndo: mib.LINUX_MIB_TCPPARTIALUNDO, TCPDSACKUndo: mib.LINUX_MIB_TCPDSACKUNDO, TCPLossUndo: mib.LINUX_MIB_TCPLOSSUNDO,
  TCPLostRetransmit: mib.LINUX_MIB_TCPLOSTRETRANSMIT, TCPRenoFailures: mib.LINUX_MIB_TCPRENOFAILURES, TCPSackFailures: mib.LINUX_MIB_TCPSACKFAILURES,
  TCPLossFailures: mib.LINUX_MIB_TCPLOSSFAILURES, TCPFastRetrans: mib.LINUX_MIB_TCPFASTRETRANS, TCPForwardRetrans: mib.LINUX_MIB_TCPFORWARDRETRANS,
  TCPSlowStartRetrans: mib.LINUX_MIB_TCPSLOWSTARTRETRANS, TCPTimeouts: mib.LINUX_MIB_TCPTIMEOUTS, TCPLossProbes: mib.LINUX_MIB_TCPLOSSPROBES,
  TCPLossProbeRecovery: mib.LINUX_MIB_TCPLOSSPROBERECOVERY, TCPRenoRecoveryFail: mib.LINUX_MIB_TCPRENORECOVERYFAIL,
  TCPSackRecoveryFail: mib.LINUX_MIB_TCPSACKRECOVERYFAIL, TCPSchedulerFailed: mib.LINUX_MIB_TCPSCHEDULERFAILED,
  TCPRcvCollapsed: mib.LINUX_MIB_TCPRCVCOLLAPSED, TCPDSACKOldSent: mib.LINUX_MIB_TCPDSACKOLDSENT, TCPDSACKOfoSent: mib.LINUX_MIB_TCPDSACKOFOSENT,
  TCPDSACKRecv: mib.LINUX_MIB_TCPDSACKRECV, TCPDSACKOfoRecv: mib.LINUX_MIB_TCPDSACKOFORECV, TCPAbortOnData: mib.LINUX_MIB_TCPABORTONDATA,
  TCPAbortOnClose: mib.LINUX_MIB_TCPABORTONCLOSE, TCPAbortOnMemory: mib.LINUX_MIB_TCPABORTONMEMORY,
  TCPAbortOnTimeout: mib.LINUX_MIB_TCPABORTONTIMEOUT, TCPAbortOnLinger: mib.LINUX_MIB_TCPABORTONLINGER, TCPAbortFailed: mib.LINUX_MIB_TCPABORTFAILED,
  TCPMemoryPressures: mib.LINUX_MIB_TCPMEMORYPRESSURES, TCPSACKDiscard: mib.LINUX_MIB_TCPSACKDISCARD,
  TCPDSACKIgnoredOld: mib.LINUX_MIB_TCPDSACKIGNOREDOLD, TCPDSACKIgnoredNoUndo: mib.LINUX_MIB_TCPDSACKIGNOREDNOUNDO,
  TCPSpuriousRTOs: mib.LINUX_MIB_TCPSPURIOUSRTOS, TCPMD5NotFound: mib.LINUX_MIB_TCPMD5NOTFOUND, TCPMD5Unexpected: mib.LINUX_MIB_TCPMD5UNEXPECTED,
  TCPSackShifted: mib.LINUX_MIB_SACKSHIFTED, TCPSackMerged: mib.LINUX_MIB_SACKMERGED, TCPSackShiftFallback: mib.LINUX_MIB_SACKSHIFTFALLBACK,
  TCPBacklogDrop: mib.LINUX_MIB_TCPBACKLOGDROP, TCPMinTTLDrop: mib.LINUX_MIB_TCPMINTTLDROP, TCPDeferAcceptDrop: mib.LINUX_MIB_TCPDEFERACCEPTDROP,
  IPReversePathFilter: mib.LINUX_MIB_IPRPFILTER, TCPTimeWaitOverflow: mib.LINUX_MIB_TCPTIMEWAITOVERFLOW,
  TCPReqQFullDoCookies: mib.LINUX_MIB_TCPREQQFULLDOCOOKIES, TCPReqQFullDrop: mib.LINUX_MIB_TCPREQQFULLDROP,
  TCPRetransFail: mib.LINUX_MIB_TCPRETRANSFAIL, TCPRcvCoalesce: mib.LINUX_MIB_TCPRCVCOALESCE, TCPOFOQueue: mib.LINUX_MIB_TCPOFOQUEUE,
  TCPOFODrop: mib.LINUX_MIB_TCPOFODROP, TCPOFOMerge: mib.LINUX_MIB_TCPOFOMERGE, TCPChallengeACK: mib.LINUX_MIB_TCPCHALLENGEACK,
  TCPSYNChallenge: mib.LINUX_MIB_TCPSYNCHALLENGE, TCPFastOpenActive: mib.LINUX_MIB_TCPFASTOPENACTIVE,
  TCPFastOpenPassive: mib.LINUX_MIB_TCPFASTOPENPASSIVE, TCPFastOpenPassiveFail: mib.LINUX_MIB_TCPFASTOPENPASSIVEFAIL,
  TCPFastOpenListenOverflow: mib.LINUX_MIB_TCPFASTOPENLISTENOVERFLOW, TCPFastOpenCookieReqd: mib.LINUX_MIB_TCPFASTOPENCOOKIEREQD,
  TCPSpuriousRtxHostQueues: mib.LINUX_MIB_TCPSPURIOUS_RTX_HOSTQUEUES,
}; }

/** ICMP types by the names that the Icmp line has for them. */
const ICMP_TYPES: Readonly<Record<string, number>> = {
  DestUnreachs: 3, TimeExcds: 11, ParmProbs: 12, SrcQuenchs: 4, Redirects: 5, Echos: 8, EchoReps: 0, Timestamps: 13, TimestampReps: 14, AddrMasks: 17, AddrMaskReps: 18,
};

function twoLines(title: string, names: readonly string[], values: readonly number[]): string {
  return `${title}: ${names.join(' ')}\n${title}: ${values.join(' ')}\n`;
}

function group(title: string, names: MibNames, counters: Float64Array): string {
  return twoLines(title, Object.keys(names), Object.values(names).map((i) => counters[i]));
}

function icmp(host: Host): string {
  const { icmp_statistics: own, icmpmsg_statistics: types } = host.init_net.mib, names = Object.keys(ICMP_TYPES), numbers = Object.values(ICMP_TYPES);
  const text = twoLines('Icmp', ['InMsgs', 'InErrors', 'InCsumErrors', ...names.map((n) => `In${n}`), 'OutMsgs', 'OutErrors', ...names.map((n) => `Out${n}`)], [
    own[mib.ICMP_MIB_INMSGS], own[mib.ICMP_MIB_INERRORS], own[mib.ICMP_MIB_CSUMERRORS], ...numbers.map((t) => types[t]),
    own[mib.ICMP_MIB_OUTMSGS], own[mib.ICMP_MIB_OUTERRORS], ...numbers.map((t) => types[256 + t]),
  ]);
  const seen = [...types.keys()].filter((t) => types[t] > 0);
  return seen.length ? text + twoLines('IcmpMsg', seen.map((t) => `${t >= 256 ? 'Out' : 'In'}Type${t & 255}`), seen.map((t) => types[t])) : text;
}

/** /proc/net/snmp. */
export function snmp(host: Host): string {
  const net = host.init_net, ip = snmp4_ipstats_list(), forwarding = net.ipv4.devconf_all.data[IPV4_DEVCONF_FORWARDING - 1] ? 1 : 2;
  return twoLines('Ip', ['Forwarding', 'DefaultTTL', ...Object.keys(ip)], [forwarding, host.sysctl_ip_default_ttl, ...Object.values(ip).map((i) => net.mib.ip_statistics[i])])
    + icmp(host) + group('Tcp', snmp4_tcp_list(), net.mib.tcp_statistics) + group('Udp', snmp4_udp_list(), net.mib.udp_statistics) + group('UdpLite', snmp4_udp_list(), net.mib.udplite_statistics);
}

/** /proc/net/netstat. */
export function netstat(host: Host): string {
  return group('TcpExt', snmp4_net_list(), host.init_net.mib.net_statistics) + group('IpExt', snmp4_ipextstats_list(), host.init_net.mib.ip_statistics);
}

interface DriverData { readonly rx_ring?: readonly RingStats[]; readonly tx_ring?: readonly RingStats[]; readonly stats64?: net_device_stats }
interface RingStats { readonly rx_stats: { packets: number; bytes: number }; readonly tx_stats: { packets: number; bytes: number } }

/** What dev_get_stats() would add up, without asking the hardware: its registers clear when they are read. */
function statsOf(dev: net_device): net_device_stats {
  const igb: DriverData = dev.netdev_ops.ndo_start_xmit === igb_xmit_frame ? dev.priv : {}, total: net_device_stats = Object.assign(new net_device_stats(), igb.stats64 ?? dev.stats);
  const sum = (rings: readonly RingStats[] = [], way: keyof RingStats, unit: 'packets' | 'bytes'): number => rings.reduce((n, ring) => n + (ring ? ring[way][unit] : 0), 0);
  if (igb.rx_ring) {
    total.rx_packets = sum(igb.rx_ring, 'rx_stats', 'packets');
    total.rx_bytes = sum(igb.rx_ring, 'rx_stats', 'bytes');
    total.tx_packets = sum(igb.tx_ring, 'tx_stats', 'packets');
    total.tx_bytes = sum(igb.tx_ring, 'tx_stats', 'bytes');
  }
  for (const cpu of dev.lstats ?? []) {
    total.rx_packets += cpu.packets;
    total.rx_bytes += cpu.bytes;
  }
  if (dev.lstats) { total.tx_packets = total.rx_packets; total.tx_bytes = total.rx_bytes; }
  for (const cpu of dev.dstats ?? []) {
    total.tx_packets += cpu.tx_packets;
    total.tx_bytes += cpu.tx_bytes;
  }
  total.rx_dropped += dev.rx_dropped.counter;
  return total;
}

/** /proc/net/dev. */
export function netdev(host: Host): string {
  let text = 'Inter-|   Receive                                                |  Transmit\n'
    + ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n';
  const all = host.init_net.dev_base_head;
  for (let p = all.next; p !== all; p = p.next) {
    const dev = p.owner as net_device, s = statsOf(dev);
    const columns: readonly (readonly [number, number])[] = [
      [s.rx_bytes, 7], [s.rx_packets, 7], [s.rx_errors, 4], [s.rx_dropped + s.rx_missed_errors, 4], [s.rx_fifo_errors, 4], [s.rx_length_errors + s.rx_over_errors + s.rx_crc_errors + s.rx_frame_errors, 5],
      [s.rx_compressed, 10], [s.multicast, 9], [s.tx_bytes, 8], [s.tx_packets, 7], [s.tx_errors, 4], [s.tx_dropped, 4], [s.tx_fifo_errors, 4], [s.collisions, 5],
      [s.tx_carrier_errors + s.tx_aborted_errors + s.tx_window_errors + s.tx_heartbeat_errors, 7], [s.tx_compressed, 10],
    ];
    text += `${dev.name.padStart(6)}: ${columns.map(([n, width]) => String(n).padStart(width)).join(' ')}\n`;
  }
  return text;
}
