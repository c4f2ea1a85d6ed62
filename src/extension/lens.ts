/** Where ▶ lenses stand: a scan of the text for system call definitions, no parser and no index. Pure. */

/** What a lens starts. `host` and `entry` say where in the run to begin. */
export interface LensTarget { readonly call: string; readonly scenario: string; readonly host: string; readonly entry: string }

/** System calls that a built-in run passes, by canonical name without `sys_`, with the file whose lens it is. */
const TARGETS: Readonly<Record<string, Omit<LensTarget, 'call'> & { readonly file: string }>> = {
  send: { file: 'net/socket.c', scenario: 'tcp-send-64', host: 'a', entry: 'send' },
  sendto: { file: 'net/socket.c', scenario: 'tcp-send-64', host: 'a', entry: 'sys_sendto' },
  recv: { file: 'net/socket.c', scenario: 'tcp-send-64', host: 'b', entry: 'sys_recvfrom' },
  recvfrom: { file: 'net/socket.c', scenario: 'tcp-send-64', host: 'b', entry: 'sys_recvfrom' },
  connect: { file: 'net/socket.c', scenario: 'tcp-connect', host: 'a', entry: 'sys_connect' },
  accept: { file: 'net/socket.c', scenario: 'tcp-connect', host: 'b', entry: 'sys_accept' },
  bind: { file: 'net/socket.c', scenario: 'socket-bind-listen', host: '', entry: 'sys_bind' },
  listen: { file: 'net/socket.c', scenario: 'socket-bind-listen', host: '', entry: 'sys_listen' },
  shutdown: { file: 'net/socket.c', scenario: 'tcp-shutdown', host: '', entry: 'sys_shutdown' },
  write: { file: 'fs/read_write.c', scenario: 'tcp-write-read-64', host: 'a', entry: 'sys_write' },
  read: { file: 'fs/read_write.c', scenario: 'tcp-write-read-64', host: 'b', entry: 'sys_read' },
  close: { file: 'fs/open.c', scenario: 'tcp-close', host: '', entry: 'sys_close' },
  epoll_wait: { file: 'fs/eventpoll.c', scenario: 'tcp-epoll-recv', host: 'b', entry: 'sys_epoll_wait' },
};

/** A lens and the line (from 0) that it stands above. */
export interface LensPlace { readonly line: number; readonly target: LensTarget }

const DEFINITION = /^(?:SYSCALL_DEFINE\d\s*\(\s*(\w+)|(?:asmlinkage\s+)?(?:void|long|int)\s+sys_(\w+)\s*\([^;]*$)/gm;

const isFile = (path: string, file: string): boolean => path === file || path.endsWith(`/${file}`);

/** Is this one of the files whose system calls have lenses? */
export function mayHaveLenses(path: string): boolean {
  const unix = path.replaceAll('\\', '/');
  return Object.values(TARGETS).some(({ file }) => isFile(unix, file));
}

/** Lenses of a file's text; `path` may be absolute. The outline's stubs (`void sys_send(void) {`) count as definitions. */
export function lensesIn(path: string, text: string): LensPlace[] {
  const unix = path.replaceAll('\\', '/'), out: LensPlace[] = [];
  if (!mayHaveLenses(unix)) return out;
  let line = 0, counted = 0;
  for (const match of text.matchAll(DEFINITION)) {
    const call = match[1] ?? match[2], target = Object.hasOwn(TARGETS, call) ? TARGETS[call] : undefined;
    if (!target || !isFile(unix, target.file)) continue;
    for (; counted < match.index; counted++) if (text.charCodeAt(counted) === 10) line++;
    out.push({ line, target: { call, scenario: target.scenario, host: target.host, entry: target.entry } });
  }
  return out;
}
