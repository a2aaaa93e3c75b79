/** Nodes that run short of disk, and pods above their own limit of it (kubernetes.md 2.8). */

import { describe, expect, it } from 'vitest';
import { ROUND } from './round-latencies.ts';
import { runText } from '../support/run-scenario.ts';

/** 10 GiB of disk, of which 1 GiB has to stay free: pressure above 9216 MiB. */
function run(workload: string, kubelet = 'disk: 10GiB') {
  return runText(
    `
name: disk-pressure
seed: 1
duration: 1h
sampling: 10m
${ROUND.replace('{ size: 300MB }', '{ size: 300MB }, big: { size: 1000MiB }').replace(
  'assumptions:',
  'assumptions:\n  image.unpacked-factor: 1',
)}
workload: [${workload}]
variants:
  it:
    orchestrator: kubernetes
    pools: { own: { external: { hosts: 1, cpu: 8, memory: 8GiB, costPerHour: 1 }, kubelet: { ${kubelet} } } }
`,
    true,
  );
}
const service = (name: string, keys: string) =>
  `{ service: { name: ${name}, cpu: 100m, memory: 128MiB, ${keys} } }`;
const greedy = service(
  'greedy',
  'diskUsage: [{ at: 0s, bytes: 1GiB }, { at: 200s, bytes: 9000MiB }]',
);

describe('a node that runs short of disk', () => {
  const modest = service('modest', 'diskUsage: 500MiB, diskRequest: 1GiB, priority: -5');
  const { tasks, decisions } = run(`${greedy}, ${modest}`);
  const evictions = decisions.filter(({ decision }) => decision === 'evict');
  const [first, second] = tasks.filter(({ workload }) => workload === 'greedy');

  it('evicts the pod that uses more than it asked for within 10 s, with a grace of 1 s', () => {
    expect(first).toMatchObject({ state: 'cancelled', reason: 'evicted' });
    const overUs = first!.startedUs! + 200e6;
    expect(evictions[0]!.timeUs - overUs).toBeGreaterThan(0);
    expect(evictions[0]!.timeUs - overUs).toBeLessThanOrEqual(10e6);
    expect(first!.finishedUs! - evictions[0]!.timeUs).toBe(2e6);
    expect(tasks.filter(({ workload }) => workload === 'modest')).toHaveLength(1);
  });

  it('takes new pods again when no pressure was seen for 5 minutes', () => {
    const waitedS = (second!.placedUs! - first!.finishedUs!) / 1e6;
    expect(waitedS).toBeGreaterThan(300 - 15);
    expect(waitedS).toBeLessThanOrEqual(310);
  });

  it('never evicts critical pods', () => {
    const critical = greedy.replace('memory:', 'priority: 2000000000, memory:');
    expect(run(critical.replace('9000MiB', '9900MiB')).tasks).toHaveLength(1);
  });
});

describe('images on the disk of the pods', () => {
  const job =
    '{ jobs: { name: job, cpu: 100m, memory: 128MiB, image: big, arrivals: { at: [0s, 20m] }, duration: 30s } }';
  const filling = greedy.replace('9000MiB', '8500MiB');

  it('go under pressure where no pod uses them, and nobody is evicted', () => {
    // 1000 + 8500 MiB are above 9216; without the image of the job that is done 8500 are not.
    const { tasks, decisions } = run(`${filling}, ${job}`);
    // The second job comes at 1200 s.
    const evicted = decisions.filter((one) => one.decision === 'evict' && one.timeUs < 1_200e6);
    expect(evicted).toEqual([]);
    const pullS = tasks
      .filter(({ workload }) => workload === 'job')
      .map(({ pulledUs, placedUs }) => (pulledUs! - placedUs!) / 1e6);
    // Pulled again, 1 + 10.5 + 21 s.
    expect(pullS[1]).toBeGreaterThan(30);
  });

  it('count for nothing on a disk of their own', () => {
    const { tasks } = run(`${filling}, ${job}`, 'disk: 10GiB, imageDisk: 20GiB');
    const [, again] = tasks.filter(({ workload }) => workload === 'job');
    expect(again!.pulledUs! - again!.placedUs!).toBeLessThan(1e6);
  });
});

it('evicts a pod above its own limit, whatever the node has free', () => {
  const { tasks, decisions } = run(
    service(
      'it',
      'diskUsage: [{ at: 0s, bytes: 1GiB }, { at: 100s, bytes: 3GiB }], diskLimit: 2GiB',
    ),
  );
  const [first, second] = tasks;
  expect(first).toMatchObject({ state: 'cancelled', reason: 'evicted' });
  const [evicted] = decisions.filter(({ decision }) => decision === 'evict');
  expect(evicted!.timeUs - first!.startedUs!).toBeLessThanOrEqual(110e6);
  // There is no pressure, so the next is placed at once.
  expect(second!.placedUs! - first!.finishedUs!).toBeLessThan(2e6);
});

it('does not run pods under pressure of disk, daemons that tolerate it included, unless they are critical', () => {
  const agents = (priority: string) =>
    run(
      `${greedy}, { daemon: { name: agent, cpu: 100m, memory: 128MiB ${priority} } }`,
      'disk: 10GiB',
    ).tasks.filter(({ workload }) => workload === 'agent');
  expect(agents('')).toHaveLength(1);
});
