/**
 * A few lines of C with every construct the scanner knows. Scanning them first teaches the JavaScript engine all branches, so that its compiled
 * code is not thrown away whenever a rare one comes (measured: 18 compilations of the lexer's loop become 3, a third less processor time).
 */
export const WARM_UP = `
#if 0
dropped
#elif defined(A) && (B > 1) /* c */ // d
#else
#endif
#ifdef X
int one(void) {
#else
int one(int a) {
#endif
  return 1; }
#ifdef Y
int y1;
#else
int y2;
#endif
#include "a.h"
#error it's 'a "test
#define N 0x1fUL
#define alias __deep.member
#define F(a, ...) do { (a)->fn = (b); g(a, ##__VA_ARGS__); \\
  h(a); } while (0)
#define CAST(x) ((struct s *)(x))
#define EMPTY
#define T(n) struct t n = { .fn = n, .x = y }
extern "C" {
}
typedef int (*fn_t)(int, char *);
typedef struct { int a, *b; fn_t f; } td_t;
typedef unsigned long word_t;
enum color { RED = 1, GREEN, BLUE = RED << 2, M(X) };
struct s { int a:3, b; struct s *next; union { int u; void *v; }; struct { int x; } y[4]; int (*op)(struct s *, int); fn_t f2;
  DECLARE_BITMAP(bits, 4); struct_group(g, int q; int r;); enum color c; u8 pad[2]; } __attribute__((packed)) v1, *v2 = &v1;
static DEFINE_PER_CPU(struct s, pcpu) = { .a = 1 };
DEFINE_SPINLOCK(lock);
module_init(start)
static const struct ops table = { .op = one, .f2 = &two, old: three, .y = { .x = 4 }, .z = { one, two }, .w = W(one), .k = A + 1.5e-3f, .c = (void *)one };
static fn_t list[] = { one, [2] = two, [3 ... 4] = &one };
static struct s many[] = { { 1, two, { 3 } }, { .op = one } };
struct s *global = &v1; char text[] = "a\\"b\\
c"; char ch = 'x', esc = '\\'';
int proto(int a, struct s *b, ...); extern int ext, arr[3];
EXPORT_SYMBOL(proto);
TRACE_EVENT(ev, TP_PROTO(int a));
SYSCALL_DEFINE2(call, int, fd, struct s __user *, p) { return p->op(p, fd); }
COMPAT_SYSCALL_DEFINE0(none) { return 0; }
static __printf(1, 2) inline struct s *f(struct s *p, int (*cb)(int), fn_t k, unsigned char n, const char *q, td_t *t, int z[])
{
	struct s *a = p->next, b = { .op = cb, .a = 2 }, *c;
	int i = 0, j; fn_t l = p->f2, m = one; unsigned long w = ~0UL; const char *s = "s" "t"; static int st; typeof(i) ty = 1; td_t *tt = (td_t *)q;
	if (i == 1 && !j || i != 2 ? a : c) i += 2, j -= 1; else i++, --j;
	for (i = 0; i <= 10; i++) { j |= i << 2; j &= ~3; j ^= 1; j %= 2; j *= 2; j /= 3; j >>= 1; j <<= 1; w = i >> 1; w >= 2; w < 3; w > 3; }
	while (i--) do { j = i > 2 ? 1 : 0; } while (0);
	switch (i) { case 1: j = 1; break; case RED ... BLUE: goto out; default: return a; }
	a->op(a, 1); a->next->y[2].x = 3; (*a->op)(a, 1); (*cb)(i); cb(i); l(1, 0); m(1, 0); k(1, 0); table.op(a, 2); list[i](1, 0); a->tab[i](1); tt->f(1, 0);
	((struct s *)w)->op(a, 3); get(a)->op(a, 4); (i ? one : two)(i); rcu_dereference(a->next)->op(a, 5); container_of(q, struct s, a)->op(a, 6); per_cpu(pcpu, i).op(a, 1);
	a->op = one; a->op = cb; a->op = p->op; p->f2 = i ? one : &two; a->op = b.op; hook = one; list[2] = two; a->f2 = l; (*a).op = (fn_t)one; a->a = (int)1; a->x = a->y = one;
	rcu_assign_pointer(a->op, cb); WRITE_ONCE(hook, one); reg(a, one, &two, cb, (fn_t)one, NULL, a->b, i + 1, k, "x", ({ int z; z; }));
	x = (struct s){ .op = one }; asm volatile ("nop" : : "r" (i)); __asm__("x"); sizeof(struct s); typeof(i) r = 1;
	list_for_each_entry(a, &head, next) { a->op(a, list_entry(q, struct s, next)->a); }
	({ int u = 1; u; }); struct s *late = kmalloc(sizeof(*late), 1); int (*fp)(int) = i ? one : cb; fp(1); foo(1)(2); @ \\
out: lab: return a ? f(a->next, cb, k, 1, 0, 0, 0) : 0x10;
}
void (*sig(int n, void (*h)(int)))(int) { return h; }
int bad( { ) ] }
`;
