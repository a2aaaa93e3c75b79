/** Compares what our workload controllers would do next with what the real ones do. */

import {
  fencesOf,
  rolledSizes,
  scaledSizes,
} from '../../../src/orchestration/kubernetes/controllers/deployment-step.ts';
import { cronJobStep } from '../../../src/orchestration/kubernetes/controllers/cron-job-step.ts';
import { parseCron } from '../../../src/base/cron-schedule.ts';
import { statefulStep } from '../../../src/orchestration/kubernetes/controllers/stateful-set-step.ts';
import type { CountOrPercent } from '../../../src/cluster/controller-specs.ts';
import type { CronCase } from './cron-case.ts';
import type { RolloutCase } from './rollout-case.ts';
import type { StatefulCase } from './stateful-case.ts';

export function judgeRollout(input: unknown, output: unknown): string | undefined {
  const { replicas, sets, newest, ...amounts } = input as RolloutCase;
  const maxSurge = amountOf(amounts.maxSurge);
  const maxUnavailable = amountOf(amounts.maxUnavailable);
  const fences = fencesOf({ strategy: 'RollingUpdate', maxSurge, maxUnavailable }, replicas);
  const ours = {
    ...fences,
    scaled: scaledSizes(sets, newest, replicas, fences, true),
    rolled: rolledSizes(sets, newest, replicas, fences),
  };
  return difference(ours, output);
}

export function judgeStateful(input: unknown, output: unknown): string | undefined {
  const { replicas, firstOrdinal, management, update, partition, pods } = input as StatefulCase;
  const step = statefulStep(
    pods.map((pod) => ({
      ordinal: pod.ordinal,
      isTerminating: pod.terminating,
      isAvailable: pod.ready,
      isCurrent: pod.current,
    })),
    {
      replicas,
      firstOrdinal,
      isOrdered: management === 'OrderedReady',
      updates: update === 'RollingUpdate',
      partition,
    },
  );
  const deleted = step.update === undefined ? step.remove : [...step.remove, step.update];
  const ours = {
    created: named(step.create),
    deleted: named(deleted.map(({ ordinal }) => ordinal)),
  };
  return difference(ours, output);
}

export function judgeCron(input: unknown, output: unknown): string | undefined {
  const { schedule: text, created, lastScheduled, deadlineSeconds, now } = input as CronCase;
  const schedule = parseCron(text);
  if (typeof schedule === 'string') return schedule;
  const startingDeadlineUs = (deadlineSeconds ?? Infinity) * 1e6;
  const rule = { startingDeadlineUs, concurrency: 'Allow' } as const;
  const state = {
    createdUs: created * 1e6,
    lastScheduledUs: lastScheduled === undefined ? NaN : lastScheduled * 1e6,
    active: 0,
  };
  const { startUs, nextUs } = cronJobStep(schedule, rule, state, now * 1e6);
  const { due, lookMs } = output as { due: number | null; lookMs: number };
  const ours = { due: startUs === undefined ? null : startUs / 1e6 };
  const isDue = difference(ours, { due });
  // Once a Job was started the real one looks again by that time; asked before it started, by the time before.
  const looks = startUs === undefined && (nextUs - now * 1e6) / 1_000 !== lookMs;
  return (
    isDue ??
    (looks ? `looks after ${(nextUs - now * 1e6) / 1_000} ms, really ${lookMs}` : undefined)
  );
}

function amountOf(amount: number | string): CountOrPercent {
  return typeof amount === 'number' ? { count: amount } : { percent: Number(amount.slice(0, -1)) };
}

function named(ordinals: readonly number[]): string[] {
  return ordinals.map((ordinal) => `store-${ordinal}`).sort((a, b) => (a < b ? -1 : 1));
}

function difference(ours: object, real: unknown): string | undefined {
  const really = real as Record<string, unknown>;
  for (const [key, value] of Object.entries(ours)) {
    const [mine, theirs] = [JSON.stringify(value), JSON.stringify(really[key])];
    if (mine !== theirs) return `${key}: ${mine}, really ${theirs}`;
  }
  return undefined;
}
