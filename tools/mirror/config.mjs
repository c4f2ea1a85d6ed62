// Which `#if` branches the recorded kernel was built with. What stands in another branch did not exist there, and is never shown.
// The table follows the configuration that the recordings state, and which lines they found to be compiled. What it does not know counts as neither.

const ON = new Set(('64BIT BQL BUG HAVE_EFFICIENT_UNALIGNED_ACCESS INET IP_MULTICAST NET NETDEVICES NETFILTER NET_SCHED NO_HZ_COMMON PCI PCI_MSI PROC_FS RPS SMP SYN_COOKIES SYSCTL SYSFS ' +
  'X86_64 XPS').split(' ').map((name) => `CONFIG_${name}`).concat('NET_SKBUFF_DATA_USES_OFFSET', '__LITTLE_ENDIAN', '__KERNEL__'));
const OFF = new Set(('32BIT ARPD AUDITSYSCALL AX25 BRIDGE_NETFILTER FDDI FIREWIRE_NET HIGHMEM IGB_DCA IGB_HWMON IPV6 IP_FIB_TRIE_STATS IP_MROUTE IP_MULTIPLE_TABLES IP_ROUTE_CLASSID IP_ROUTE_MULTIPATH ' +
  'IP_ROUTE_VERBOSE IP_VS MODULES NETFILTER_XT_TARGET_TRACE NETPRIO_CGROUP NETROM NETWORK_SECMARK NET_CLS_ACT NET_CLS_CGROUP NET_DMA NET_DSA_TAG_DSA NET_DSA_TAG_TRAILER NET_NS NF_CONNTRACK NUMA ' +
  'PCI_IOV PROVE_LOCKING SECURITY SECURITY_NETWORK TCP_MD5SIG TRACE_IRQFLAGS VLAN_8021Q WEXT_CORE XFRM').split(' ').flatMap((name) => [`CONFIG_${name}`, `CONFIG_${name}_MODULE`])
  .concat('DEBUG', 'INET_CSK_CLEAR_TIMERS', 'NETNS_REFCNT_DEBUG', 'SOCK_REFCNT_DEBUG', 'STATE_TRACE', 'DEBUG_ALLOW_ALL', '__BIG_ENDIAN', '__ARCH_IRQ_EXIT_IRQS_DISABLED'));
const NUMBERS = { BITS_PER_LONG: 64, HZ: 250, PAGE_SIZE: 4096, L1_CACHE_BYTES: 64, FASTRETRANS_DEBUG: 1 };

const isSet = (name) => (ON.has(name) ? true : OFF.has(name) ? false : null);

/** An `#if` expression: true, false, or null when it cannot be told. */
function value(expression) {
  const known = expression.replace(/\/\*.*?(\*\/|$)|\/\/.*/gs, '').replace(/\\/g, ' ')
    .replace(/\b(?:defined|IS_ENABLED|IS_BUILTIN|IS_MODULE)\s*\(?\s*(\w+)\s*\)?/g, (_, name) => String(isSet(name))).replace(/\b[A-Z]\w*\b/g, (name) => String(NUMBERS[name] ?? null));
  if (/null/.test(known)) {
    // What is not known decides nothing when the rest decides alone.
    const parts = known.split('||').map((part) => (part.split('&&').some((x) => x.trim() === 'false') ? false : /null/.test(part) ? null : value(part)));
    return parts.includes(true) ? true : parts.every((part) => part === false) ? false : null;
  }
  if (!/^[\s\d()&|!<>=+*-]*$/.test(known.replace(/\b(true|false)\b/g, ''))) return null;
  return !!new Function(`return (${known});`)();
}

function test({ word, rest }) {
  const name = /^\w+/.exec(rest)?.[0] ?? '', set = isSet(name);
  return word === 'ifdef' ? set : word === 'ifndef' ? set === null ? null : !set : value(rest);
}

/**
 * The `#if` groups of a file's directives, inner ones first: {branches: [{from, to, life}], whole}. `place` gives a directive's position, branches are half-open.
 * `life`: true (compiled), false (not), null (not known). `whole`: there is an `#else`.
 */
export function groupsOf(directives, place) {
  const open = [], groups = [];
  for (const d of directives) {
    if (['if', 'ifdef', 'ifndef'].includes(d.word)) open.push({ branches: [{ from: place(d), to: 0, life: test(d) }], whole: false });
    else if (open.length && ['elif', 'else', 'endif'].includes(d.word)) {
      const group = open.at(-1), before = group.branches.map((b) => b.life);
      group.branches.at(-1).to = place(d);
      if (d.word === 'endif') { groups.push(open.pop()); continue; }
      group.whole ||= d.word === 'else';
      const own = d.word === 'else' ? true : value(d.rest);
      group.branches.push({ from: place(d), to: 0, life: before.includes(true) ? false : before.every((life) => life === false) ? own : own === false ? false : null });
    }
  }
  return groups;
}

/** A test for lines (from 1) of a file that were not compiled. */
export function deadLines(directives) {
  const dead = groupsOf(directives, (d) => d.line).flatMap((g) => g.branches.filter((b) => b.life === false));
  return (line) => dead.some((b) => line > b.from && line < b.to);
}
