/** User space: what a scenario's program does, step by step, through the emulated system calls. */
import { errno_name } from '../emulator/include/uapi/asm-generic/errno';
import { current, type Gen, type Host, type MachinePort, type Task } from '../emulator/include/ports';
import { sockaddr_in } from '../emulator/include/linux/in';
import * as S from '../emulator/include/linux/socket';
import { iovec } from '../emulator/include/linux/uio';
import { hrtimer_nanosleep } from '../emulator/kernel/hrtimer';
import { ipAddress, ipRoute } from '../emulator/iproute';
import * as user from '../emulator/user';
import { fill, verify } from './payload';
import type { HostRun, Run } from './run';
import type { ProgramConfig, ProgramStep } from './types';

const FLAGS: Record<string, number> = { more: S.MSG_MORE, dontwait: S.MSG_DONTWAIT, nosignal: S.MSG_NOSIGNAL, peek: S.MSG_PEEK, waitforone: S.MSG_WAITFORONE };
const OPTIONS: Record<string, readonly [level: number, name: number]> = {
  SO_REUSEADDR: [1, 2], SO_ERROR: [1, 4], SO_BROADCAST: [1, 6], SO_SNDBUF: [1, 7], SO_RCVBUF: [1, 8], SO_KEEPALIVE: [1, 9], SO_PRIORITY: [1, 12], SO_LINGER: [1, 13], SO_RCVLOWAT: [1, 18],
  IP_TOS: [0, 1], IP_TTL: [0, 2], IP_MTU_DISCOVER: [0, 10], IP_RECVERR: [0, 11],
  TCP_NODELAY: [6, 1], TCP_MAXSEG: [6, 2], TCP_CORK: [6, 3], TCP_KEEPIDLE: [6, 4], TCP_KEEPINTVL: [6, 5], TCP_KEEPCNT: [6, 6], TCP_SYNCNT: [6, 7], TCP_LINGER2: [6, 8], TCP_DEFER_ACCEPT: [6, 9],
  TCP_WINDOW_CLAMP: [6, 10], TCP_QUICKACK: [6, 12], TCP_CONGESTION: [6, 13], TCP_USER_TIMEOUT: [6, 18], UDP_CORK: [17, 1],
};

const ETH_P_ALL = 3;
const SOCK_NONBLOCK = 0x800;
/** Family, type, protocol. A packet socket sees every frame from the moment it is made. */
const KINDS: Record<string, readonly [family: number, type: number, protocol: number]> = { tcp: [2, 1, 0], udp: [2, 2, 0], icmp: [2, 3, 1], packet: [S.AF_PACKET, 3, ETH_P_ALL] };

/** One socket of a program: its number, and how far its two byte streams have come. */
interface Socket { readonly name: string; readonly fd: number; readonly stream: boolean; /** Frames or datagrams with headers: not the pattern that is sent. */ readonly raw: boolean; sent: number; received: number; /** Bytes of a datagram that is not complete yet (MSG_MORE, UDP_CORK). */ pending: number; corked: boolean }

/** A socket that has sent and received nothing yet; `fd` -1: none. */
function fresh(name: string, fd: number, stream: boolean, raw: boolean): Socket {
  return { name, fd, stream, raw, sent: 0, received: 0, pending: 0, corked: false };
}

/** 10.0.0.1 → 0x0a000001. */
export function ip(text: string): number {
  return text.split('.').reduce((n, part) => n * 256 + Number(part), 0);
}

function address(host: string, port: number): sockaddr_in {
  return new sockaddr_in(ip(host), port);
}

function flagsOf(names: readonly string[] | undefined): number {
  return (names ?? []).reduce((bits, name) => bits | FLAGS[name], 0);
}

/** The state of a running program. */
class Program {
  readonly sockets: Socket[] = [];
  current: Socket | null = null;
  listener: Socket | null = null;
  made = 0;

  constructor(readonly run: Run, readonly hostRun: HostRun, readonly index: number, readonly config: ProgramConfig) {}

  get host(): Host { return this.hostRun.host; }

  add(fd: number, stream: boolean, name: string | undefined, raw = false): void {
    this.current = fresh(name ?? `s${++this.made}`, fd, stream, raw);
    this.sockets.push(this.current);
  }

  socket(step: ProgramStep): Socket {
    if (step.fd === 'listener' && this.listener) return this.listener;
    const found = step.fd === undefined ? this.current : this.sockets.find((s) => s.name === step.fd);
    return found ?? fresh('none', -1, true, false);
  }

  /** Notes a system call's result, and whether it is the one that was expected. */
  result(step: ProgramStep, text: string, value: number): void {
    const task = this.run.taskId(current.task), shown = value < 0 ? errno_name(value) : String(value);
    this.run.results.push({ host: this.index, task, call: text, result: value, time: this.run.machine.now(), step: this.run.recorder ? this.run.recorder.stepCount - 1 : -1 });
    if (step.expect !== undefined && String(step.expect) !== shown && step.expect !== value) this.run.machine.log(`${this.config.name}: ${text} gave ${shown}, expected ${step.expect}`);
  }
}

/** How long a ping waits for its answer, ns. */
const PING_PATIENCE = 10e9;
const ERESTARTSYS = 512, EINTR = 4;

/** One echo request and its answer. An alarm ends the wait, as ping's own does: the answer may be lost. */
function* ping(machine: MachinePort, fd: number, to: string, length: number): Gen<number> {
  const task = current.task as Task & { signal_pending: boolean };
  const alarm = machine.at(machine.now() + PING_PATIENCE, () => {
    task.signal_pending = true;
    task.state = 0;
    machine.wake(task);
  });
  const r = yield* user.ping(fd, address(to, 0), length);
  machine.cancel(alarm);
  task.signal_pending = false;
  return r === -ERESTARTSYS ? -EINTR : r;
}

/** `ping -c 1 ADDRESS` on a socket of its own. */
export function* pingOnce(machine: MachinePort, to: string): Gen<void> {
  const fd = yield* user.socket(S.AF_INET, 3, 1);
  if (fd < 0) return;
  yield* ping(machine, fd, to, 56);
  yield* user.close(fd);
}

/** Runs a program to its end. */
export function* runProgram(run: Run, hostRun: HostRun, index: number, config: ProgramConfig): Gen<void> {
  const p = new Program(run, hostRun, index, config);
  for (const step of config.steps) yield* perform(p, step);
}

function* perform(p: Program, step: ProgramStep): Gen<void> {
  switch (step.call) {
    case 'trace': p.run.setTracing(p.hostRun, step.on); return;
    case 'mark': if (p.run.recorder && p.hostRun.tracing) p.run.recorder.event('mark', p.index, p.run.machine.now(), 0, step.text); return;
    case 'ready': p.run.markReady(p.host.name, p.config.name); return;
    case 'sleep': yield* hrtimer_nanosleep(step.time); return;
    case 'use': p.current = p.sockets.find((s) => s.name === step.fd) ?? p.current; return;
    case 'swap': { const others = p.sockets.filter((s) => s !== p.current); p.current = others[others.length - 1] ?? p.current; return; }
    case 'pingpong': case 'echo': yield* talk(p, step); return;
    case 'socket': case 'bind': case 'listen': case 'accept': case 'accept4': case 'connect': case 'close': case 'shutdown': yield* connection(p, step); return;
    case 'send': case 'write': case 'sendto': case 'sendmsg': case 'writev': case 'sendmmsg': yield* send(p, step); return;
    case 'recv': case 'recvfrom': case 'read': case 'recvmsg': yield* receive(p, step); return;
    case 'recvmmsg': yield* receiveMany(p, step); return;
    default: yield* other(p, step);
  }
}

function* connection(p: Program, step: ProgramStep): Gen<void> {
  const s = p.socket(step);
  switch (step.call) {
    case 'socket': {
      const [family, type, protocol] = KINDS[step.type], fd = yield* user.socket(family, type, protocol);
      if (fd >= 0) p.add(fd, step.type === 'tcp', step.as, type === 3);
      return p.result(step, `socket(${step.type})`, fd);
    }
    case 'bind': if (step.dev !== undefined) return p.result(step, `bind(${step.dev})`, yield* user.bindPacket(s.fd, step.dev, ETH_P_ALL));
      return p.result(step, `bind(${step.port})`, yield* user.bind(s.fd, address(step.address ?? '0.0.0.0', step.port ?? 0)));
    case 'listen': {
      const r = yield* user.listen(s.fd, step.backlog ?? 128);
      p.listener = s;
      return p.result(step, 'listen()', r);
    }
    case 'accept': case 'accept4': {
      const fd = step.call === 'accept4' ? yield* user.accept4(s.fd, step.nonblock ? SOCK_NONBLOCK : 0) : yield* user.accept(s.fd);
      if (fd >= 0) p.add(fd, true, step.as);
      return p.result(step, `${step.call}()`, fd);
    }
    case 'connect': return p.result(step, `connect(${step.address}:${step.port})`, yield* user.connect(s.fd, address(step.address, step.port)));
    case 'shutdown': return p.result(step, `shutdown(${step.how})`, yield* user.shutdown(s.fd, step.how));
    case 'close': {
      const r = yield* user.close(s.fd);
      p.sockets.splice(p.sockets.indexOf(s), 1);
      if (p.current === s) p.current = p.sockets[p.sockets.length - 1] ?? null;
      return p.result(step, 'close()', r);
    }
  }
}

/** Where in the pattern of bytes the next send begins: a stream goes on, a datagram begins anew unless it is still being made. */
function nextByte(s: Socket): number { return s.stream ? s.sent : s.pending; }

/** Notes what a send has taken. */
function wasSent(s: Socket, flags: number, bytes: number): void {
  if (bytes > 0) s.sent += bytes;
  // An error throws away what was being made (udp_sendmsg).
  s.pending = bytes < 0 ? 0 : s.corked || (flags & S.MSG_MORE) !== 0 ? s.pending + bytes : 0;
}

function* sendBytes(p: Program, s: Socket, length: number, flags: number, call: 'send' | 'write'): Gen<number> {
  const bytes = new Uint8Array(length);
  fill(bytes, 0, length, nextByte(s));
  const r = call === 'write' ? yield* user.write(s.fd, bytes, length) : yield* user.send(s.fd, bytes, length, flags, p.run.scenario.entry === 'send');
  wasSent(s, flags, r);
  return r;
}

function* send(p: Program, step: ProgramStep): Gen<void> {
  const s = p.socket(step);
  switch (step.call) {
    case 'send': case 'write': {
      const chunk = step.chunk ?? Math.max(1, step.length), flags = flagsOf(step.flags);
      let done = 0, r = 0;
      do {
        r = yield* sendBytes(p, s, Math.min(chunk, step.length - done), flags, step.call);
        if (r > 0) done += r;
      } while (r > 0 && done < step.length);
      return p.result(step, `${step.call}(${step.length})`, done > 0 ? done : r);
    }
    case 'sendto': {
      const to = address(step.address, step.port), bytes = new Uint8Array(step.length), flags = flagsOf(step.flags);
      for (let i = 0; i < (step.count ?? 1); i++) {
        fill(bytes, 0, step.length, nextByte(s));
        const r = yield* user.sendto(s.fd, bytes, step.length, flags, to);
        wasSent(s, flags, r);
        p.result(step, `sendto(${step.length})`, r);
      }
      return;
    }
    case 'sendmsg': case 'writev': {
      let at = nextByte(s);
      const parts = step.lengths.map((n) => { const b = new Uint8Array(n); fill(b, 0, n, at); at += n; return new iovec(b, 0, n); });
      const r = step.call === 'writev' ? yield* user.writev(s.fd, parts) : yield* user.sendmsg(s.fd, parts, flagsOf(step.flags));
      wasSent(s, step.call === 'writev' ? 0 : flagsOf(step.flags), r);
      return p.result(step, `${step.call}(${step.lengths.join('+')})`, r);
    }
    case 'sendmmsg': {
      let at = s.stream ? s.sent : 0;
      const messages = step.lengths.map((n) => { const b = new Uint8Array(n); fill(b, 0, n, s.stream ? at : 0); at += n; return [new iovec(b, 0, n)]; });
      const r = yield* user.sendmmsg(s.fd, messages, flagsOf(step.flags));
      for (let i = 0; i < r; i++) s.sent += step.lengths[i];
      return p.result(step, `sendmmsg(${step.lengths.join(', ')})`, r);
    }
  }
}

function* receive(p: Program, step: ProgramStep): Gen<void> {
  if (step.call !== 'recv' && step.call !== 'recvfrom' && step.call !== 'read' && step.call !== 'recvmsg') return;
  const s = p.socket(step), flags = flagsOf(step.flags), until = step.until ?? 0;
  let total = 0, r = 0, bytes = new Uint8Array(0);
  do {
    const size = until > 0 ? Math.min(step.length, until - total) : step.length;
    // What the last call left must not pass for what this one should have brought.
    if (bytes.length === size) bytes.fill(0, 0, Math.max(0, r)); else bytes = new Uint8Array(size);
    r = step.call === 'read' ? yield* user.read(s.fd, bytes, size) : step.call === 'recvmsg' ? yield* user.recvmsg(s.fd, bytes, size, flags) : yield* user.recv(s.fd, bytes, size, flags, step.call === 'recv' && p.run.scenario.entry === 'recv', step.call === 'recvfrom');
    if (r > 0) {
      total += r;
      check(p, s, bytes, r);
      if (!(flags & S.MSG_PEEK)) s.received += r;
    }
  } while (r > 0 && total < until);
  p.result(step, `${step.call}(${step.length})`, total > 0 ? total : r);
}

function check(p: Program, s: Socket, bytes: Uint8Array, length: number): void {
  if (s.raw) return;
  const at = s.stream ? s.received : 0, wrong = verify(bytes, 0, length, at);
  if (wrong >= 0) p.run.corrupted(`${p.host.name} ${p.config.name}: byte ${at + wrong} received is not the byte sent`);
}

function* receiveMany(p: Program, step: ProgramStep): Gen<void> {
  if (step.call !== 'recvmmsg') return;
  const s = p.socket(step), buffers = Array.from({ length: step.count }, () => new Uint8Array(step.length)), lengths: number[] = [];
  const r = yield* user.recvmmsg(s.fd, buffers, flagsOf(step.flags), lengths);
  for (const [i, length] of lengths.entries()) { check(p, s, buffers[i], length); s.received += length; }
  p.result(step, `recvmmsg(${step.count} x ${step.length})`, r);
}

function* talk(p: Program, step: ProgramStep): Gen<void> {
  if (step.call !== 'pingpong' && step.call !== 'echo') return;
  const s = p.socket(step), length = step.length ?? 64;
  for (let i = 0; i < step.count; i++) {
    if (step.call === 'pingpong') yield* sendBytes(p, s, length, 0, 'send');
    for (let got = 0; got < length;) {
      const bytes = new Uint8Array(length - got), r = yield* user.recv(s.fd, bytes, length - got, 0, false);
      if (r <= 0) return p.result(step, `${step.call}: recv(${length - got})`, r);
      if (verify(bytes, 0, r, s.received) >= 0) p.run.corrupted(`${p.host.name} ${p.config.name}: wrong bytes at ${s.received}`);
      s.received += r;
      got += r;
    }
    if (step.call === 'echo') yield* sendBytes(p, s, length, 0, 'send');
  }
}

function* other(p: Program, step: ProgramStep): Gen<void> {
  const s = p.socket(step);
  switch (step.call) {
    case 'setsockopt':
      if (step.option === 'UDP_CORK') { s.corked = step.value !== 0; if (!s.corked) s.pending = 0; }
      return p.result(step, `setsockopt(${step.option})`, yield* user.setsockopt(s.fd, OPTIONS[step.option][0], OPTIONS[step.option][1], step.value));
    case 'getsockopt': return p.result(step, `getsockopt(${step.option})`, yield* user.getsockopt(s.fd, OPTIONS[step.option][0], OPTIONS[step.option][1]));
    case 'epoll': return p.result(step, `epoll_wait(${step.timeout})`, yield* user.epoll(s.fd, step.timeout));
    case 'poll': return p.result(step, `poll(${step.timeout})`, yield* user.poll(s.fd, step.timeout));
    case 'join': return p.result(step, `setsockopt(IP_ADD_MEMBERSHIP ${step.group})`, yield* user.join(s.fd, ip(step.group)));
    case 'ping': return p.result(step, `ping(${step.address})`, yield* ping(p.run.machine, s.fd, step.address, step.length ?? 56));
    case 'ifdown': case 'ifup': return p.result(step, `${step.call}(${step.dev})`, yield* user.ifflags(step.dev, step.call === 'ifup'));
    case 'address': { const [a, bits] = step.address.split('/'); return p.result(step, `address(${step.address})`, yield* (step.tool === 'ip' ? ipAddress : user.addAddress)(step.dev, ip(a), Number(bits))); }
    case 'route': { const [a, bits] = step.to.split('/'); return p.result(step, `route(${step.to})`, yield* (step.tool === 'ip' ? ipRoute : user.addRoute)(ip(a), Number(bits), step.via ? ip(step.via) : 0, step.dev ?? '')); }
    case 'flush': return p.result(step, 'iptables -F', user.flushRules());
  }
}
