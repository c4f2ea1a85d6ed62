import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { lensesIn } from './lens';

const C = '#include <x.h>\n\nSYSCALL_DEFINE4(send, int, fd, void __user *, buff, size_t, len,\n\t\tunsigned int, flags)\n{\n\treturn sys_sendto(fd);\n}\nSYSCALL_DEFINE2(other, int, a, int, b)\n{\n}\nSYSCALL_DEFINE6(sendto, int, fd)\n{\n}\n';

test('lenses stand at the definitions of known system calls', () => {
  assert.deepEqual(lensesIn('/k/net/socket.c', C).map((l) => [l.line, l.target.call, l.target.entry]), [[2, 'send', 'send'], [10, 'sendto', 'sys_sendto']]);
});

test('the same text in another file has none, and read() belongs to fs/read_write.c', () => {
  assert.deepEqual(lensesIn('/k/net/other.c', C), []);
  assert.deepEqual(lensesIn('C:\\k\\fs\\read_write.c', 'SYSCALL_DEFINE3(read, int, fd)\nSYSCALL_DEFINE4(send, int, fd)\n').map((l) => l.target.call), ['read']);
});

test('stubs of the outline count, declarations do not', () => {
  assert.deepEqual(lensesIn('net/socket.c', 'long sys_recv(int fd);\nvoid sys_send(void) {\n}\n').map((l) => [l.line, l.target.call]), [[1, 'send']]);
});

test('every lens starts a scenario that is there', () => {
  const names = ['send', 'sendto', 'recv', 'recvfrom', 'connect', 'accept', 'bind', 'listen', 'shutdown'].map((n) => `SYSCALL_DEFINE3(${n}, int, fd)`).join('\n');
  const found = [...lensesIn('net/socket.c', names), ...lensesIn('fs/read_write.c', 'SYSCALL_DEFINE3(read, x)\nSYSCALL_DEFINE3(write, x)'), ...lensesIn('fs/open.c', 'SYSCALL_DEFINE1(close, x)')];
  assert.equal(found.length, 12);
  for (const { target } of found) assert.ok(existsSync(`scenarios/${target.scenario}.json`), target.scenario);
});
