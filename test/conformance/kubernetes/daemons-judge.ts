/**
 * Compares what our DaemonSet would make and delete with what the real one does. Of nodes that are equally due the real one
 * takes any, in the order of a Go map: there the numbers are compared, and that those which always go are among them.
 */

import { daemonStep } from '../../../src/orchestration/kubernetes/controllers/daemon-set-step.ts';
import type { CountOrPercent } from '../../../src/cluster/controller-specs.ts';
import type { DaemonsCase } from './daemons-case.ts';

interface Change {
  readonly created: readonly string[];
  readonly deleted: readonly string[];
}

export function judgeDaemons(input: unknown, output: unknown): string | undefined {
  const read = input as DaemonsCase;
  const { kept, updated } = output as { kept: Change; updated: Change };
  const ours = changeOf(read, false);
  const difference = told('kept', ours, kept);
  if (difference !== undefined) return difference;
  // The real update waits for what is kept to be seen; so does ours, and then there is nothing to compare.
  if (ours.created.length + ours.deleted.length > 0) return undefined;
  const update = changeOf(read, true);
  const isMissing = update.always.find(
    (one) => ![...updated.created, ...updated.deleted].includes(one),
  );
  if (isMissing !== undefined) return `updated: the real one leaves ${isMissing}`;
  const counts = (change: Change) =>
    `${change.created.length} made, ${change.deleted.length} deleted`;
  if (counts(update) === counts(updated)) return undefined;
  return `updated: ${counts(update)}, really ${counts(updated)}`;
}

function changeOf(read: DaemonsCase, updates: boolean): Change & { always: readonly string[] } {
  const nodes = read.nodes.map((pods, node) => ({
    node,
    pods: pods.map(({ terminating, ready, current }, k) => ({
      name: `agent-${node}-${k}`,
      isTerminating: terminating,
      isReady: ready,
      isAvailable: ready,
      isCurrent: current,
    })),
  }));
  const { create, remove } = daemonStep(nodes, {
    updates,
    maxUnavailable: amountOf(read.maxUnavailable),
    maxSurge: amountOf(read.maxSurge),
  });
  const created = sorted(create.map((node) => `node-${node}`));
  const deleted = sorted(remove.map(({ name }) => name));
  const always = [
    ...remove.filter(({ isAvailable }) => !isAvailable).map(({ name }) => name),
    ...create
      .filter((node) => nodes[node]!.pods.some((pod) => !pod.isAvailable && !pod.isTerminating))
      .map((node) => `node-${node}`),
  ];
  return { created, deleted, always };
}

function told(what: string, ours: Change, real: Change): string | undefined {
  const text = ({ created, deleted }: Change) => JSON.stringify({ created, deleted });
  return text(ours) === text(real) ? undefined : `${what}: ${text(ours)}, really ${text(real)}`;
}

function sorted(names: readonly string[]): string[] {
  return names.toSorted((a, b) => (a < b ? -1 : 1));
}

function amountOf(amount: number | string): CountOrPercent {
  return typeof amount === 'number' ? { count: amount } : { percent: Number(amount.slice(0, -1)) };
}
