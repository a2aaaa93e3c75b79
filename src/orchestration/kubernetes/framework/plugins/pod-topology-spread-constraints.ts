/**
 * Which constraints of topology spread a pod has: its own, or where it states none at all, those of the profile with the
 * selector of the pod's Services and controller (kubernetes.md 1.8, 1.9).
 */

import { HOST_KEY, ZONE_KEY } from '../../topology-keys.ts';
import { SPREAD_DEFAULTS } from '../../../../cluster/pod-template.ts';
import type { DefaultSpread, SpreadArguments } from '../../../../cluster/plugin-arguments.ts';
import type { LabelSelector, TopologySpread } from '../../../../cluster/pod-template.ts';
import type { PodSpecInfo } from '../pod-info.ts';

const SYSTEM_DEFAULTS: readonly DefaultSpread[] = [
  { topologyKey: HOST_KEY, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
  { topologyKey: ZONE_KEY, maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
];

/** Hard ones for DoNotSchedule, soft ones for ScheduleAnyway. */
export function spreadConstraints(
  spec: PodSpecInfo,
  { defaults }: SpreadArguments,
  action: TopologySpread['whenUnsatisfiable'],
): readonly TopologySpread[] {
  const own = spec.template.topologySpread;
  if (own.length > 0) return own.filter((one) => one.whenUnsatisfiable === action);
  const { defaultSelector } = spec;
  if (defaultSelector === undefined) return [];
  return (defaults === 'System' ? SYSTEM_DEFAULTS : defaults)
    .filter((one) => one.whenUnsatisfiable === action)
    .map((one) => withDefaults(one, defaultSelector));
}

function withDefaults(constraint: DefaultSpread, selector: LabelSelector): TopologySpread {
  return { ...SPREAD_DEFAULTS, ...constraint, selector };
}

/** Must a node have the keys of all constraints to be counted and scored? Not with the system's defaults. */
export function requiresAllKeys(spec: PodSpecInfo, { defaults }: SpreadArguments): boolean {
  return spec.template.topologySpread.length > 0 || defaults !== 'System';
}
