/** What a run is: hosts, links, rules, programs. media/scenario.schema.json describes the same for people who write the file. */

/** Virtual nanoseconds. In files, times may also be written as text: `20us`, `1ms`, `2s`. */
export type Nanoseconds = number;

/** What earlier traffic had left when programs start. */
export interface Warmth {
  /** Virtual ns from a second ping, which finds entries that were not confirmed for long, to the programs; 0: there is none. */
  readonly stale: Nanoseconds;
  /** Fragmented datagrams had come from the neighbours. */
  readonly fragments: boolean;
  /** Slow start threshold in segments that earlier connections left in the TCP metrics of each peer, as those do that lost something; 0: none. */
  readonly ssthresh: number;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What there is to see in it, one or two sentences. */
  readonly about: string;
  /** Every random choice of the run comes from it. */
  readonly seed: number;
  /** Virtual time of one step of kernel code. The recorded machines, emulated and traced, took about 1.2 us. */
  readonly step: Nanoseconds;
  /** The same in a function that ran on that CPU within the last 200 ms. The recorded machines were four times as fast then: bursts show it. */
  readonly warmStep: Nanoseconds;
  /** Each host pings its neighbours after boot, so that ARP is resolved when programs start; null: none does. */
  readonly warm: Warmth | null;
  /**
   * Time at which programs start, at the earliest; 0: as soon as the hosts are warm. Timers that began with the link (the driver's watchdog every
   * 2 s, the transmit watchdog every 5 s) fall into a traced window or not, depending on it.
   */
  readonly uptime: Nanoseconds;
  readonly hosts: readonly HostConfig[];
  readonly links: readonly LinkConfig[];
  readonly limits: { readonly time: Nanoseconds; readonly steps: number };
  /** System call that the trace starts at when it has several names (`send` or `sendto`). */
  readonly entry?: string;
  /** Trace the boot as well. */
  readonly boot: boolean;
}

export interface HostConfig {
  readonly name: string;
  readonly cpus: number;
  /** Time after the run's start at which this host powers on. */
  readonly starts: Nanoseconds;
  readonly interfaces: readonly InterfaceConfig[];
  readonly routes: readonly RouteConfig[];
  readonly rules: readonly RuleConfig[];
  /** iptable_filter is registered (always so when there are rules). */
  readonly filter: boolean;
  /** Permanent neighbours: they are never asked for. */
  readonly neighbours: readonly { readonly address: string; readonly mac: string; readonly dev: string }[];
  /** Names as in /proc/sys with dots, for example `net.ipv4.tcp_congestion_control`. */
  readonly sysctls: Readonly<Record<string, string | number>>;
  readonly programs: readonly ProgramConfig[];
}

export interface InterfaceConfig {
  readonly name: string;
  /** `igb`: an Intel 82576; `dummy`. Loopback is always there. */
  readonly driver: 'igb' | 'dummy';
  /** Address with prefix length; empty for none. */
  readonly address: string;
  /** Further addresses. */
  readonly addresses: readonly string[];
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  /** igb has one receive and one transmit queue per CPU, at most eight. */
  readonly queues: { readonly rx: number; readonly tx: number };
  readonly ring: { readonly rx: number; readonly tx: number };
  /** CPU that takes each vector, in the order rx0, rx1, tx0, tx1, link; the last one repeats. */
  readonly interrupts: readonly number[];
  readonly offloads: { readonly tso: boolean; readonly gso: boolean; readonly gro: boolean; readonly sg: boolean; readonly checksum: boolean };
  /** Interrupts per second and vector that the driver starts with; 0 leaves it adaptive. */
  readonly throttle: number;
  /** Receive packet steering: CPUs that a receive queue spreads to; empty for off. */
  readonly rps: readonly number[];
  readonly qdisc: QdiscConfig | null;
}

/** `tc qdisc add dev X root ...`. Rates in bits/s, sizes in bytes (limit of pfifo and netem: packets). */
export type QdiscConfig =
  | { readonly kind: 'pfifo'; readonly limit: number }
  | { readonly kind: 'tbf'; readonly rate: number; readonly burst: number; readonly limit: number }
  | { readonly kind: 'netem'; readonly limit: number; readonly delay: Nanoseconds; readonly jitter: Nanoseconds; readonly loss: number; readonly duplicate: number; readonly reorder: number; readonly correlation: number; readonly gap: number };

export interface RouteConfig { readonly to: string; readonly via: string; readonly dev: string }

/** One iptables rule of the filter table. */
export interface RuleConfig {
  readonly chain: 'INPUT' | 'FORWARD' | 'OUTPUT';
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'all';
  readonly source: string;
  readonly destination: string;
  readonly sport: number;
  readonly dport: number;
  /** Only a SYN without ACK. */
  readonly syn: boolean;
  /** IP length range, inclusive; [0, 65535] for any. */
  readonly length: readonly [number, number];
  /** `-m statistic --mode nth`: every `every`-th packet counted from `packet`; null for off. */
  readonly nth: { readonly every: number; readonly packet: number } | null;
  /** `-m limit`: packets per hour after a burst; null for off. */
  readonly limit: { readonly perHour: number; readonly burst: number } | null;
  readonly target: 'DROP' | 'ACCEPT';
}

/** A wire between two interfaces (`host.interface`). */
export interface LinkConfig {
  readonly between: readonly [string, string];
  /** bits/s. */
  readonly rate: number;
  /** One way. */
  readonly delay: Nanoseconds;
  /** Probabilities, 0..1, of each frame. */
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  /** Extra delay of a reordered frame. */
  readonly reorderBy: Nanoseconds;
  /** Frames to drop by number, from 1, in each direction counted apart: `a.eth0` names the sender. */
  readonly drop: Readonly<Record<string, readonly number[]>>;
}

export interface ProgramConfig {
  readonly name: string;
  readonly cpu: number;
  /** Wait for a program to print READY before starting (`host.program`); empty to start after boot. */
  readonly after: string;
  readonly steps: readonly ProgramStep[];
}

/** One thing a program does. `fd` names the socket (default: the one made or accepted last). `expect` is the result that the run is held to. */
export type ProgramStep = { readonly fd?: string; readonly expect?: number | string } & (
  | { readonly call: 'socket'; readonly type: 'tcp' | 'udp' | 'icmp' | 'packet'; readonly as?: string }
  | { readonly call: 'bind'; readonly address?: string; readonly port?: number; /** Of a packet socket. */ readonly dev?: string }
  | { readonly call: 'listen'; readonly backlog?: number }
  | { readonly call: 'accept'; readonly as?: string }
  | { readonly call: 'accept4'; readonly as?: string; readonly nonblock?: boolean }
  | { readonly call: 'connect'; readonly address: string; readonly port: number }
  | { readonly call: 'send' | 'write'; readonly length: number; readonly flags?: readonly ('more' | 'dontwait' | 'nosignal')[]; readonly chunk?: number }
  | { readonly call: 'sendto'; readonly address: string; readonly port: number; readonly length: number; readonly count?: number; readonly flags?: readonly ('more' | 'dontwait' | 'nosignal')[] }
  | { readonly call: 'sendmsg' | 'writev'; readonly lengths: readonly number[]; readonly flags?: readonly ('more' | 'dontwait' | 'nosignal')[] }
  | { readonly call: 'sendmmsg'; /** One message each. */ readonly lengths: readonly number[]; readonly flags?: readonly ('more' | 'dontwait' | 'nosignal')[] }
  | { readonly call: 'recvmmsg'; readonly count: number; readonly length: number; readonly flags?: readonly ('dontwait' | 'waitforone')[] }
  | { readonly call: 'recv' | 'recvfrom' | 'read' | 'recvmsg'; readonly length: number; /** Repeat until this many bytes came. */ readonly until?: number; readonly flags?: readonly ('dontwait' | 'peek')[] }
  | { readonly call: 'epoll'; /** ms */ readonly timeout: number }
  | { readonly call: 'poll'; readonly timeout: number }
  | { readonly call: 'close' }
  | { readonly call: 'shutdown'; readonly how: 0 | 1 | 2 }
  | { readonly call: 'setsockopt'; readonly option: string; /** SO_LINGER: seconds, negative for off. TCP_CONGESTION: a name. */ readonly value: number | string }
  | { readonly call: 'getsockopt'; readonly option: 'SO_ERROR' }
  | { readonly call: 'join'; readonly group: string }
  | { readonly call: 'ping'; readonly address: string; readonly length?: number }
  | { readonly call: 'ifdown' | 'ifup'; readonly dev: string }
  | { readonly call: 'address'; readonly dev: string; readonly address: string; /** `ip`: a netlink request in place of ioctls. */ readonly tool?: 'ip' }
  | { readonly call: 'route'; readonly to: string; readonly via?: string; readonly dev?: string; /** `ip`: a netlink request. */ readonly tool?: 'ip' }
  | { readonly call: 'flush' /** iptables -F */ }
  | { readonly call: 'sleep'; readonly time: Nanoseconds }
  | { readonly call: 'pingpong' | 'echo'; readonly count: number; readonly length?: number }
  | { readonly call: 'use'; /** Make another socket the current one. */ readonly fd: string }
  | { readonly call: 'swap' /** The two sockets made last change places. */ }
  | { readonly call: 'ready' /** Lets programs that wait for this one start. */ }
  | { readonly call: 'trace'; readonly on: boolean /** Opens or closes this host's traced window. */ }
  | { readonly call: 'mark'; readonly text: string }
);

/** What a list of scenarios shows. */
export interface ScenarioInfo { readonly id: string; readonly title: string; readonly hosts: readonly string[]; /** The real kernel was recorded doing this. */ readonly recorded: boolean; readonly about: string }
