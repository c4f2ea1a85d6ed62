/** One bulk TCP transfer without recording, for bench/bulk-ns3.mjs. Arguments: bytes, rate in bits/s, delay in ns, runs. Prints a JSON object per run. */
import { loadScenario } from '../../src/scenario/index';
import { Run } from '../../src/scenario/run';

const [bytes, rate, delay, runs] = process.argv.slice(2).map(Number);

function scenario(): string {
  const nic = (address: string): object => ({ name: 'eth0', address });
  return JSON.stringify({
    id: 'bulk', warm: false, links: [{ between: ['a.eth0', 'b.eth0'], rate, delay }],
    hosts: [
      { name: 'a', interfaces: [nic('10.0.0.1/24')], programs: [{ name: 'send', after: 'b', steps: [{ call: 'socket', type: 'tcp' }, { call: 'connect', address: '10.0.0.2', port: 5000 }, { call: 'send', length: bytes, chunk: 65536, expect: bytes }, { call: 'close' }] }] },
      { name: 'b', interfaces: [nic('10.0.0.2/24')], programs: [{ name: 'recv', steps: [{ call: 'socket', type: 'tcp' }, { call: 'bind', port: 5000 }, { call: 'listen' }, { call: 'ready' }, { call: 'accept' }, { call: 'recv', length: 65536, until: bytes, expect: bytes }, { call: 'close' }] }] },
    ],
  });
}

for (let i = 0; i < runs; i++) {
  const loaded = loadScenario({ text: scenario(), where: 'bulk' });
  if (loaded.ok === false) throw new Error(loaded.error.message);
  let segments = 0;
  const run = new Run(loaded.value, { silent: true, onFrame: (frame) => { if (frame.bytes.length > 100 && frame.from === 'a.eth0') segments++; } });
  // Booting is no part of the transfer: ns-3 has none.
  const until = (done: () => boolean): void => { while (!done() && run.machine.run({ steps: run.machine.probe.steps + 500, time: 600e9 }) !== '') { /* on */ } };
  until(() => run.results.some((r) => r.call.startsWith('connect')));
  const booted = run.machine.probe.steps, cpu = process.cpuUsage(), begin = process.hrtime.bigint();
  const stopped = run.finish();
  const wall = Number(process.hrtime.bigint() - begin) / 1e9, used = process.cpuUsage(cpu);
  if (stopped !== '') throw new Error(stopped);
  console.log(JSON.stringify({ wall, cpu: (used.user + used.system) / 1e6, segments, bytes: run.results.find((r) => r.call.startsWith('recv'))?.result, steps: run.machine.probe.steps - booted, rss: Math.round(process.memoryUsage().rss / 1048576) }));
}
