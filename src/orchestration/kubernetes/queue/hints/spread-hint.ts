/**
 * PodTopologySpread's hint: an assigned pod of the namespace came or went that a hard constraint's selector matches; a node
 * with all its topology keys came or went, moved to another domain, or has other taints.
 *
 * Tasks that name no template spread over pods of their own workload, by host name and zone, which every node has.
 */

import { HOST_KEY } from '../../topology-keys.ts';
import { selectorMatches } from '../../framework/label-selector.ts';
import type { HintWorld, PluginHint, RefusedPods } from './plugin-hint.ts';
import type { HostKind } from '../../../../cluster/specs.ts';

export const podTopologySpreadHint: PluginHint = {
  'pod-added': (refused, { task }, world) => isCounted(refused, task, world),
  'pod-deleted': (refused, { task }, world) => isCounted(refused, task, world),
  'node-added': (refused, { host }, world) => isDomain(refused, kindOf(host, world)),
  'node-deleted': (refused, { host }, world) => isDomain(refused, kindOf(host, world)),
  'node-changed': (refused, event, { view: { specs } }) => {
    const [before, after] = [specs.kindAt(event.before), specs.kindAt(event.after)];
    const isNow = isDomain(refused, after);
    if (isDomain(refused, before) !== isNow) return true;
    const moved = keysOf(refused).some((key) => before.labels[key] !== after.labels[key]);
    return isNow && (moved || !haveSameTaints(before, after));
  },
};

function isCounted({ spec, key, info }: RefusedPods, task: number, world: HintWorld): boolean {
  if (spec.pod === undefined) return world.view.tasks.workload[task] === key.workload;
  const other = world.infoOf(task);
  if (other.template.namespace !== spec.pod.namespace) return false;
  return info().template.topologySpread.some(
    ({ whenUnsatisfiable, selector }) =>
      whenUnsatisfiable === 'DoNotSchedule' && selectorMatches(selector, other.labels),
  );
}

function isDomain(refused: RefusedPods, { labels }: HostKind): boolean {
  if (refused.spec.pod === undefined) return true;
  return keysOf(refused).every((key) => key === HOST_KEY || labels[key] !== undefined);
}

function keysOf({ spec }: RefusedPods): string[] {
  return (spec.pod?.topologySpread ?? spec.spread)
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule')
    .map(({ topologyKey }) => topologyKey);
}

function haveSameTaints({ taints: a }: HostKind, { taints: b }: HostKind): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ key, value, effect }, i) =>
        key === b[i]!.key && value === b[i]!.value && effect === b[i]!.effect,
    )
  );
}

function kindOf(host: number, { view }: HintWorld): HostKind {
  return view.specs.kindAt(view.hosts.kind[host]!);
}
