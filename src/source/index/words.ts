/** The words the scanner treats specially, found by hash while lexing: one small number per word. */

/** Word classes as stored per token; 0 is a plain identifier. */
export const W = {
  NONE: 0,
  IF: 1, ELSE: 2, FOR: 3, WHILE: 4, DO: 5, SWITCH: 6, CASE: 7, DEFAULT: 8, RETURN: 9, GOTO: 10, BREAK: 11, CONTINUE: 12,
  SIZEOF: 13, TYPEOF: 14, ASM: 15,
  /** Keywords that name or build an arithmetic type. */
  BASIC: 20,
  /** Typedefs of arithmetic types: no member is ever reached through them, no function pointer hides in them. */
  SCALAR: 21,
  STRUCT: 22, UNION: 23, ENUM: 24,
  CONST: 26, STATIC: 27, EXTERN: 28, INLINE: 29, TYPEDEF: 30, REGISTER: 31, AUTO: 32,
  SYSCALL: 40, COMPAT_SYSCALL: 41,
  /** Annotations: dropped from the token stream, the second kind with its arguments. */
  NOTE: 50, NOTE_ARGS: 51,
} as const;

const LISTS: ReadonlyArray<readonly [number, string]> = [
  [W.IF, 'if'], [W.ELSE, 'else'], [W.FOR, 'for'], [W.WHILE, 'while'], [W.DO, 'do'], [W.SWITCH, 'switch'], [W.CASE, 'case'],
  [W.DEFAULT, 'default'], [W.RETURN, 'return'], [W.GOTO, 'goto'], [W.BREAK, 'break'], [W.CONTINUE, 'continue'],
  [W.SIZEOF, 'sizeof __alignof__ __alignof _Alignof alignof offsetof __builtin_offsetof __builtin_types_compatible_p'],
  [W.TYPEOF, 'typeof __typeof__ __typeof'],
  [W.ASM, 'asm __asm__ __asm'],
  [W.BASIC, 'void char short int long float double signed unsigned _Bool __signed__ __int128'],
  [W.SCALAR, 'bool u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 __be16 __be32 __be64 __le16 __le32 __le64 '
    + '__sum16 __wsum uint8_t uint16_t uint32_t uint64_t int8_t int16_t int32_t int64_t size_t ssize_t loff_t off_t pid_t uid_t gid_t gfp_t '
    + 'dma_addr_t phys_addr_t resource_size_t sector_t dev_t ino_t mode_t umode_t uint ulong ushort u_int u_char u_long u_short uchar '
    + 'time_t clock_t cycles_t jiffies_t ptrdiff_t intptr_t uintptr_t __kernel_size_t netdev_features_t fmode_t key_t sigset_t'],
  [W.STRUCT, 'struct'], [W.UNION, 'union'], [W.ENUM, 'enum'],
  [W.CONST, 'const volatile __const __const__ __volatile__ __volatile restrict __restrict __restrict__'],
  [W.STATIC, 'static STATIC'], [W.EXTERN, 'extern'], [W.INLINE, 'inline __inline __inline__ __always_inline noinline __forceinline'],
  [W.TYPEDEF, 'typedef'], [W.REGISTER, 'register'], [W.AUTO, 'auto __auto_type'],
  [W.SYSCALL, 'SYSCALL_DEFINE0 SYSCALL_DEFINE1 SYSCALL_DEFINE2 SYSCALL_DEFINE3 SYSCALL_DEFINE4 SYSCALL_DEFINE5 SYSCALL_DEFINE6'],
  [W.COMPAT_SYSCALL, 'COMPAT_SYSCALL_DEFINE0 COMPAT_SYSCALL_DEFINE1 COMPAT_SYSCALL_DEFINE2 COMPAT_SYSCALL_DEFINE3 '
    + 'COMPAT_SYSCALL_DEFINE4 COMPAT_SYSCALL_DEFINE5 COMPAT_SYSCALL_DEFINE6'],
  [W.NOTE, '__init __exit __initdata __exitdata __initconst __devinit __devexit __devinitdata __devinitconst __devexitdata __cpuinit '
    + '__cpuexit __cpuinitdata __cpuinitconst __meminit __meminitdata __memexit __net_init __net_exit __net_initdata __ref __refdata '
    + '__refconst __init_or_module __initdata_or_module __initconst_or_module __user __rcu __percpu __iomem __force __kernel __nocast __bitwise '
    + '__bitwise__ __safe __private __read_mostly __ro_after_init __latent_entropy asmlinkage notrace __sched __kprobes nokprobe_inline '
    + '__cacheline_aligned __cacheline_aligned_in_smp ____cacheline_aligned ____cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp '
    + '____cacheline_internodealigned __page_aligned_data __page_aligned_bss __used __maybe_unused __always_unused __must_check __deprecated '
    + '__packed __weak __pure __attribute_const__ __cold __hot __noreturn __visible __malloc __noclone __flatten __no_sanitize_address '
    + '__lockfunc __irq_entry __softirq_entry __exception_irq_entry __irqentry_text __initcall_start __extension__ __designated_init '
    + '__randomize_layout __no_randomize_layout __fastcall fastcall __tracing_syscall __noendbr __noinitretpoline __nocfi __no_kcsan __xipram '
    + '__vdso_data __transparent_union __gnu_inline __nonstring __mode __ptr32 __ptr64 noinline_for_stack noinline_for_kasan __inittext'],
  [W.NOTE_ARGS, '__attribute__ __attribute __releases __acquires __must_hold __cond_acquires __cond_releases __printf __scanf __aligned '
    + '__section __alias __assume_aligned __alloc_size __copy __no_sanitize __counted_by __nonnull __format __acquire_shared __realloc_size '
    + '__declspec __diag_push'],
];

const SIZE = 4096;
const MASK = SIZE - 1;
const TABLE_HASH = new Int32Array(SIZE);
const TABLE_WORD = new Uint8Array(SIZE);

/** FNV-1a over bytes; the hash that tokens carry. */
export function hashName(name: string): number {
  let h = 0x811c9dc5 | 0;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h;
}

function fold(h: number): number {
  return (h ^ (h >>> 12) ^ (h >>> 21)) & MASK;
}

for (const [word, names] of LISTS) {
  for (const name of names.split(' ')) {
    const h = hashName(name);
    let slot = fold(h);
    while (TABLE_WORD[slot] !== 0) slot = (slot + 1) & MASK;
    TABLE_HASH[slot] = h;
    TABLE_WORD[slot] = word;
  }
}

/** The word class of an identifier's hash (0 for a plain identifier). */
export function wordOf(h: number): number {
  let slot = (h ^ (h >>> 12) ^ (h >>> 21)) & MASK;
  for (;;) {
    const word = TABLE_WORD[slot];
    if (word === 0) return 0;
    if (TABLE_HASH[slot] === h) return word;
    slot = (slot + 1) & MASK;
  }
}
