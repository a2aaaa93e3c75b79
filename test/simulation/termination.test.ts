/** Graceful termination (kubernetes.md 2.6): what a pod does between the order to stop and being gone. */

import { describe, expect, it } from 'vitest';
import { CHANGE, JournalCursor, changeBit } from '../../src/cluster/journal.ts';
import { ROUND, STOP_S, seconds } from './round-latencies.ts';
import { World } from '../support/world.ts';
import { runText } from '../support/run-scenario.ts';
import { untilStoppedUs } from '../../src/runtime/stop-time.ts';

const CONFIRM_S = 1;
const S = 1_000_000;

/** The first spot host of a group: after its notice the replica of the service is told to stop, on ECS when another is healthy. */
function noticeOn(orchestrator: 'ecs' | 'kubernetes', keys: string) {
  const bands = Array.from({ length: 5 }, (_, i) => `  spot.band-${i}-monthly-probability: 0.999`);
  const { tasks, decisions, hosts } = runText(
    `
name: termination
seed: 1
duration: 400h
sampling: 1h
${ROUND.replace('images:', `${bands.join('\n')}\nimages:`)}
workload: [{ service: { name: web, cpu: 100m, memory: 128MiB ${keys} } }]
variants:
  it:
    orchestrator: ${orchestrator}
    pools:
      base: { asg: { instanceTypes: [m6i.large], min: 1, max: 1, capacityType: spot }${orchestrator === 'kubernetes' ? ', terminationHandler: true' : ''} }
`,
    true,
  );
  const notice = decisions.find(({ decision }) => decision === 'interrupt')!;
  const [host] = hosts;
  const order = decisions.find(
    ({ decision, reason }) => decision === 'evict' && reason === 'drained',
  );
  const stopped = tasks.find((task) => task.host === host!.host)!;
  const next = tasks.find(({ submittedUs }) => submittedUs >= notice.timeUs)!;
  return {
    goneAfterS: seconds(stopped.finishedUs! - (order ?? notice).timeUs),
    replacedAfterS: seconds(next.submittedUs - notice.timeUs),
    reason: stopped.reason,
  };
}

describe('a pod that is told to stop', () => {
  it('is gone when its containers stopped and the kubelet has said so', () => {
    expect(noticeOn('kubernetes', '')).toEqual({
      goneAfterS: STOP_S + CONFIRM_S,
      replacedAfterS: 0,
      reason: 'spot-interruption',
    });
  });

  it('is killed when its grace period ends, 30 s unless stated (2.6)', () => {
    expect(noticeOn('kubernetes', ', stopTime: 50s').goneAfterS).toBe(30 + CONFIRM_S);
    expect(noticeOn('kubernetes', ', stopTime: 50s, terminationGrace: 40s').goneAfterS).toBe(41);
    expect(noticeOn('kubernetes', ', stopTime: 12s, terminationGrace: 40s').goneAfterS).toBe(13);
  });

  it('takes as long as an ECS task, which nobody has to confirm', () => {
    expect(noticeOn('ecs', '').goneAfterS).toBe(STOP_S);
    // Of its 30 s too few are left before the host goes.
    expect(noticeOn('ecs', ', stopTime: 50s, terminationGrace: 9s').goneAfterS).toBe(9);
  });

  it('needs no more than the grace period whatever its containers want', () => {
    expect(untilStoppedUs(50 * S, 0)).toBe(0);
  });

  it('runs its preStop hook within the grace period, and leaves 2 s for TERM at least (2.6)', () => {
    expect(untilStoppedUs(3 * S, 30 * S, 15 * S)).toBe(18 * S);
    // 15 of 20 s are the hook's; TERM gets the other 5.
    expect(untilStoppedUs(12 * S, 20 * S, 15 * S)).toBe(20 * S);
    // The hook is cut off at 10 s, and TERM gets 2.
    expect(untilStoppedUs(12 * S, 10 * S, 15 * S)).toBe(12 * S);
    expect(untilStoppedUs(1 * S, 10 * S, 15 * S)).toBe(11 * S);
  });

  it('waits for its preStop hook in a run', () => {
    const hook = ', preStop: 15s';
    expect(noticeOn('kubernetes', hook).goneAfterS).toBe(15 + STOP_S + CONFIRM_S);
    expect(noticeOn('ecs', hook).goneAfterS).toBe(STOP_S);
  });
});

describe('a terminating pod', () => {
  function terminating(orchestrator: 'ecs' | 'kubernetes') {
    const world = new World(orchestrator);
    const workload = world.addWorkload('web', 'service', 128_000, 1_024);
    const host = world.addHost(world.addPool('base', ['m6i.large']));
    const [task] = world.addPending(workload);
    world.bind(task!, host);
    const cursor = new JournalCursor(world.cluster.journal, changeBit(CHANGE.taskStopping));
    const { hosts, counts, workloads } = world.cluster;
    const freeBefore = hosts.cpuFree[host];
    world.ledger.markStopping(task!, 7);
    return {
      change: cursor.next(),
      task,
      host,
      keepsRoom: hosts.cpuFree[host] === freeBefore,
      onHost: counts.onHost(workload, host),
      bound: workloads.bound[workload],
      stopping: workloads.stopping[workload],
    };
  }

  it('keeps its room, counts as gone for its controller, and says so in the journal', () => {
    const seen = terminating('kubernetes');
    expect(seen.keepsRoom).toBe(true);
    expect([seen.bound, seen.stopping]).toEqual([0, 1]);
    expect(seen.change).toMatchObject({ row: seen.task, value: seen.host });
  });

  it('is looked past by topology spread, unlike an ECS task that stops (1.8)', () => {
    expect(terminating('kubernetes').onHost).toBe(0);
    expect(terminating('ecs').onHost).toBe(1);
  });
});
