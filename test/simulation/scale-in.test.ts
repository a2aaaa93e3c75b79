/** Who goes first when a service shrinks, checked on whole runs against the rows alone. */

import { expect, it } from 'vitest';
import { SEVEN } from '../support/seven-variants.ts';
import { runVariant } from '../support/run-scenario.ts';
import { ageBucket } from '../../src/orchestration/kubernetes/controllers/pod-ranking.ts';
import type { TaskRow } from '../../src/metrics/rows.ts';

interface Stop {
  readonly timeUs: number;
  readonly victim: TaskRow;
  /** Its service's tasks that were left when it was chosen, itself among them. */
  readonly left: readonly TaskRow[];
}

/** Every scale-in of a variant, in order. */
function stopsOf(name: string): Stop[] {
  const variant = SEVEN.variants.find((one) => one.name === name)!;
  const { tasks, decisions } = runVariant(variant, SEVEN.seed, true);
  const rowOf = new Map(tasks.map((task) => [task.task, task]));
  const replicas = tasks.filter(({ kind }) => kind === 'service');
  const gone = new Set<string>();
  return decisions
    .filter(({ decision, subject }) => decision === 'scale-in' && rowOf.has(subject))
    .map(({ subject, timeUs }) => {
      const left = replicas.filter(
        ({ task, submittedUs, finishedUs }) =>
          !gone.has(task) && submittedUs <= timeUs && (finishedUs === null || finishedUs > timeUs),
      );
      gone.add(subject);
      return { timeUs, victim: rowOf.get(subject)!, left };
    });
}

function number({ task }: TaskRow): number {
  return Number(task.slice('task-'.length));
}

it('ECS stops the oldest task of the zone that has the most, one after the other', () => {
  const stops = stopsOf('ecs-fargate');
  expect(stops.length).toBeGreaterThan(3);
  for (const { victim, left } of stops) {
    const inZone = (zone: string) => left.filter((task) => task.zone === zone);
    const most = Math.max(...left.map(({ zone }) => inZone(zone).length));
    const own = inZone(victim.zone);
    expect(own.length).toBe(most);
    expect(number(victim)).toBe(Math.min(...own.map(number)));
  }
});

it('Kubernetes deletes a pod of the youngest bucket of ages, where every node has one', () => {
  const stops = stopsOf('eks-fargate');
  expect(stops.length).toBeGreaterThan(3);
  for (const { victim, left, timeUs } of stops) {
    // One that was not ready yet goes before all that were; a pod ready for 50 s is in the bucket of one ready for 60 s.
    const bucket = ({ readyUs }: TaskRow) =>
      readyUs === null || readyUs > timeUs ? -2 : ageBucket(timeUs - readyUs);
    expect(bucket(victim)).toBe(Math.min(...left.map(bucket)));
  }
});
