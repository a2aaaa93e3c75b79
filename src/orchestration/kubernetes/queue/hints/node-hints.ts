/**
 * Hints of the plugins that look at what a node is.
 *
 *   NodeUnschedulable   a node that takes pods was added
 *   NodeName            any node was added
 *   TaintToleration     a node was added, or its taints changed, and all are tolerated now that were not before
 *   NodeAffinity        a node was added that matches, or its labels changed so that it does now
 *
 * Pools       a pod kept for a pool, and a pool kept for workloads, stand for a node selector.
 * Departs     a node that was cordoned is never uncordoned in a simulation, and a pod's tolerations do not change.
 */

import { MISSES_SELECTOR, tolerates } from '../../../../cluster/specs.ts';
import { NO_ROW } from '../../../../cluster/hosts.ts';
import { always } from './plugin-hint.ts';
import { mayUsePool } from '../../../../placement/feasible.ts';
import type { HintWorld, PluginHint, RefusedPods } from './plugin-hint.ts';
import type { TaskSpec } from '../../../../cluster/spec.ts';

export const nodeUnschedulableHint: PluginHint = { 'node-added': always };

export const nodeNameHint: PluginHint = { 'node-added': always };

export const taintTolerationHint: PluginHint = {
  'node-added': ({ spec }, { host }, { view }) => {
    return toleratesAll(spec, view.specs.kindAt(view.hosts.kind[host]!).taints);
  },
  'node-changed': ({ spec }, { before, after }, { view: { specs } }) => {
    if (toleratesAll(spec, specs.kindAt(before).taints)) return false;
    return toleratesAll(spec, specs.kindAt(after).taints);
  },
};

export const nodeAffinityHint: PluginHint = {
  'node-added': (refused, { host }, world) => {
    return matches(refused, host, world.view.hosts.kind[host]!, world);
  },
  'node-changed': (refused, { host, before, after }, world) => {
    return !matches(refused, host, before, world) && matches(refused, host, after, world);
  },
};

function toleratesAll(spec: TaskSpec, taints: readonly Parameters<typeof tolerates>[1][]): boolean {
  return taints.every(
    (taint) =>
      taint.effect === 'PreferNoSchedule' ||
      spec.tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

function matches({ key }: RefusedPods, host: number, kind: number, { view }: HintWorld): boolean {
  const pool = view.hosts.pool[host]!;
  return (
    (key.pool === NO_ROW || key.pool === pool) &&
    mayUsePool(view, pool, key.workload) &&
    view.specs.eligibility(key.spec, kind) !== MISSES_SELECTOR
  );
}
