/** Rows as a run hands them over: one object, filled again for every task. Seeded, and nothing in them was simulated. */

import { GIB, US_PER_SECOND } from '../../src/base/units.ts';
import type { TaskRow } from '../../src/metrics/rows.ts';

const HOSTS = Array.from({ length: 10_000 }, (_, host) => `host-${host}`);
const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];

export class MadeUpTasks {
  private readonly row = emptyTaskRow('eks-karpenter', '42');

  /** The row of that task, until the next is asked for. */
  at(task: number): WritableTaskRow {
    const { row } = this;
    const random = Math.imul(task + 1, 0x9e3779b1) >>> 0;
    const submittedUs = task * 25_000 + (random % 25_000);
    const placedUs = submittedUs + (random % (3 * US_PER_SECOND));
    const pulledUs = placedUs + 2 * US_PER_SECOND;
    row.task = `task-${task}`;
    row.origin = row.task;
    row.workload = random % 3 === 0 ? 'nightly' : 'api';
    row.kind = 'job';
    row.orchestrator = 'kubernetes';
    row.launchType = 'ec2';
    row.zone = ZONES[random % 3]!;
    row.host = HOSTS[random % HOSTS.length]!;
    row.instanceType = 'm6i.4xlarge';
    row.cpuMilli = 250 * (1 + (random % 8));
    row.memoryBytes = GIB * (1 + (random % 4));
    row.submittedUs = submittedUs;
    row.placedUs = placedUs;
    row.pulledUs = pulledUs;
    row.startedUs = pulledUs + 500_000;
    row.readyUs = row.startedUs;
    row.finishedUs = task % 50 === 0 ? null : row.startedUs + random;
    row.waitUs = row.startedUs - submittedUs;
    row.state = row.finishedUs === null ? 'running' : 'completed';
    row.attempts = 1;
    row.reason = row.finishedUs === null ? '' : 'completed';
    return row;
  }
}

/** Every field is there from the start, so that the shape of the row never changes. */
type WritableTaskRow = { -readonly [K in keyof TaskRow]: TaskRow[K] };

function emptyTaskRow(variant: string, seed: string): WritableTaskRow {
  return {
    variant,
    seed,
    task: '',
    workload: '',
    kind: 'job',
    orchestrator: '',
    launchType: '',
    zone: '',
    host: '',
    instanceType: '',
    cpuMilli: 0,
    memoryBytes: 0,
    gpuMilli: 0,
    submittedUs: 0,
    placedUs: null,
    pulledUs: null,
    startedUs: null,
    readyUs: null,
    finishedUs: null,
    waitUs: null,
    state: 'pending',
    origin: '',
    attempts: 0,
    reason: '',
  };
}
