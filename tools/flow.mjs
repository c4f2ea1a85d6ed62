// Judges the lines that traces show without any recording: is what each frame of each built-in scenario shows a way through its C function?
//   node tools/flow.mjs [--count] [--random=N] [SCENARIO ...]     --random: N random scenarios, too
//       SKBWALK_KERNEL: the 3.10.108 tree; without it everything is skipped
// A move is wrong when the C function cannot get from the one statement to the other without passing a statement that would have been shown.
// A call is wrong when the C function has none there: not by name, through a pointer or in a macro. A case is wrong when a statement's partner stands in another one.
// Exit code 1 if anything is wrong beyond EXCEPTIONS.
import { fileURLToPath } from 'node:url';
import { judgeCalls } from './flow/calls.mjs';
import { judgeCases } from './flow/cases.mjs';
import { graphsIn } from './flow/graph.mjs';
import { judgeMoves, shownSites } from './flow/judge.mjs';
import { runAll } from './flow/runs.mjs';
import { isKernelTree, root } from './project.mjs';

/** What is understood and stays: function, from, to (of calls: the place's words and the callee), why. */
export const EXCEPTIONS = [
  { function: 'do_softirq', from: 'call_softirq', to: '__do_softirq', why: 'call_softirq is assembly that changes to the interrupt stack' },
  { function: 'net_dev_init', from: '', to: 'loopback_net_init', why: 'it may sleep, so it is called here, not by register_pernet_device' },
  { function: 'sys_epoll_create1', from: 'file', to: 'alloc_file', why: 'anonymous inodes are not modelled' },
  { function: 'ep_poll', from: 'spin_unlock_irqrestore', to: 'schedule', why: 'schedule_hrtimeout_range, which sleeps, is a primitive' },
  { function: 'poll_schedule_timeout', from: 'set_current_state', to: 'schedule', why: 'likewise' },
  { function: 'ep_poll_callback', from: 'list_add_tail', to: '__wake_up', why: 'one function wakes tasks, with the lock held or not' },
  { function: 'pci_register_driver', from: '', to: 'igb_probe', why: 'the driver core, which finds the device for the driver, is not mirrored' },
];

const isExcepted = (row) => EXCEPTIONS.some((x) => x.function === row.function && x.from === row.from && x.to === row.to);

/** One row as a line to read. */
export function sentence(row) {
  const passing = row.passed.length > 0 ? `, passing ${row.passed.join(' ')}` : '';
  return `${row.path} ${row.function}: ${row.kind}: ${row.from || '?'} -> ${row.to}${passing} (${row.times} times, first ${row.where})`;
}

const number = (n) => n.toLocaleString('en');

async function main(args) {
  const kernel = process.env.SKBWALK_KERNEL, counts = args.includes('--count');
  if (!kernel || !isKernelTree(kernel)) {
    console.log(`  skip the ways through the C functions: ${kernel ? 'SKBWALK_KERNEL names no kernel tree' : 'SKBWALK_KERNEL is not set'}`);
    if (counts) console.log('@@counts 0 0 3');
    return 0;
  }
  const runs = await runAll(root, args.filter((a) => !a.startsWith('--')), Number(args.find((a) => a.startsWith('--random='))?.slice(9) ?? 0)), graphOf = graphsIn(root, kernel), calls = judgeCalls(root, kernel, runs, graphOf);
  const verdicts = {
    moves: [judgeMoves(runs, graphOf, shownSites(root, kernel)), `${number(runs.moves.length)} different moves of ${number(runs.frames)} frames (${runs.scenarios} scenarios, ${number(runs.steps)} steps): {} are no way through their C function`],
    calls: [calls.rows, `${number(runs.calls.length)} different calls: ${number(calls.counts.direct)} by name, ${number(calls.counts.pointer)} through a pointer, ${number(calls.counts.macro)} in a macro or small function, {} are none of the C function's`],
    cases: [judgeCases(root, kernel, graphOf), 'statements of the table in another case of their switch: {}'],
  };
  let failed = 0;
  for (const [rows, text] of Object.values(verdicts)) {
    const wrong = rows.filter((row) => !isExcepted(row)).sort((a, b) => `${a.path} ${a.function}`.localeCompare(`${b.path} ${b.function}`) || a.from - b.from);
    for (const row of wrong) console.log(`  FAIL ${sentence(row)}`);
    console.log(`  ${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${text.replace('{}', wrong.length)}`);
    failed += wrong.length > 0 ? 1 : 0;
  }
  if (counts) console.log(`@@counts ${3 - failed} ${failed} 0`);
  return failed > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await main(process.argv.slice(2)));
