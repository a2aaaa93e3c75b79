/** From the KubeSchedulerConfiguration that a cluster names to what its kube-scheduler runs on. */

import { ConfiguredChoice } from '../../orchestration/kubernetes/configured-choice.ts';
import { DEFAULT_ARGUMENTS } from '../../cluster/plugin-arguments.ts';
import { DEFAULT_BACKOFF } from '../../orchestration/kubernetes/queue/backoff.ts';
import { LaggingCache } from '../../cluster/lagging-cache.ts';
import { profileOf } from '../../orchestration/kubernetes/framework/profile.ts';
import type { BackoffOptions } from '../../orchestration/kubernetes/queue/backoff.ts';
import type { CoschedulingOptions } from '../../orchestration/kubernetes/gang/coscheduling.ts';
import type { ConfiguredProfile } from '../../orchestration/kubernetes/configured-choice.ts';
import type { Surroundings } from '../../orchestration/kubernetes/framework/surroundings.ts';
import type { PluginName } from '../../orchestration/kubernetes/framework/status.ts';
import type {
  SchedulerConfiguration,
  SchedulerProfile,
} from '../../cluster/scheduler-configuration.ts';
import type { KubernetesCluster, SchedulerVersion } from '../schema-cluster.ts';
import type { World } from './world.ts';

/** Undefined for a cluster that names none. */
export function schedulerOfInputs(
  { inputs }: World,
  { schedulerConfig }: KubernetesCluster,
): SchedulerConfiguration | undefined {
  return schedulerConfig === undefined ? undefined : inputs.schedulers?.[schedulerConfig];
}

export function backoffOf(world: World, settings: KubernetesCluster): BackoffOptions {
  const configuration = schedulerOfInputs(world, settings);
  if (configuration === undefined) return DEFAULT_BACKOFF;
  const { podInitialBackoffSeconds, podMaxBackoffSeconds } = configuration;
  return { initialSeconds: podInitialBackoffSeconds, maxSeconds: podMaxBackoffSeconds };
}

/** Where a profile enables Coscheduling, or the cluster asks for it: with the pod groups of all manifests. */
export function coschedulingOf(
  world: World,
  settings: KubernetesCluster,
): { coscheduling?: CoschedulingOptions } {
  const { profiles = [] } = schedulerOfInputs(world, settings) ?? {};
  const enabled = profiles.find(({ plugins }) =>
    plugins.postFilter.some(({ name }) => name === 'Coscheduling'),
  );
  if (enabled === undefined && settings.schedulesGangs !== 'coscheduling') return {};
  const { coscheduling } = enabled?.arguments ?? DEFAULT_ARGUMENTS;
  const groups = Object.values(world.inputs.manifests).flatMap(({ podGroups }) => podGroups);
  return { coscheduling: { ...coscheduling, groups } };
}

/** As the default profile, on a cache that lags by the informers' delay where there is one. */
export function configuredChoice(
  world: World,
  configuration: SchedulerConfiguration,
  version: SchedulerVersion,
  stream: string,
): { choice: ConfiguredChoice; cache?: LaggingCache } {
  for (const note of configuration.notes) {
    if (!world.notes.includes(note)) world.notes.push(note);
  }
  const profiles = schedulerProfiles(configuration, version);
  const draws = version === '1.34' ? world.streams.open(stream) : undefined;
  const around = surroundingsOf(world);
  const delayUs = world.parameters.us('kubernetes.informer-delay-s');
  if (delayUs === 0) {
    return { choice: new ConfiguredChoice(world.cluster, profiles, around, { draws }) };
  }
  const cache = new LaggingCache(world.cluster, delayUs);
  return {
    choice: new ConfiguredChoice(world.cluster, profiles, around, { draws, free: cache }),
    cache,
  };
}

/** Namespaces of all manifests with their labels. */
export function surroundingsOf({ inputs }: World): Surroundings {
  const namespaces = Object.values(inputs.manifests).flatMap((one) =>
    Object.entries(one.namespaces),
  );
  return {
    namespaces: new Map(
      namespaces.map(([name, labels]) => [
        name,
        { 'kubernetes.io/metadata.name': name, ...labels },
      ]),
    ),
    budgets: [],
  };
}

/** By the name that pods choose them by. */
function schedulerProfiles(
  { profiles }: SchedulerConfiguration,
  version: SchedulerVersion,
): ReadonlyMap<string, ConfiguredProfile> {
  return new Map(profiles.map((profile) => [profile.schedulerName, configured(profile, version)]));
}

function configured(written: SchedulerProfile, version: SchedulerVersion): ConfiguredProfile {
  const { plugins, arguments: args, percentageOfNodesToScore: percentage } = written;
  const weights: Partial<Record<PluginName, number>> = {};
  for (const { plugin } of profileOf().scores) {
    const enabled = plugins.score.find(({ name }) => name === plugin.name);
    weights[plugin.name] = enabled?.weight ?? 0;
  }
  return {
    profile: profileOf({
      args,
      weights,
      filters: plugins.filter.map(({ name }) => name),
      balanceFormula: version === '1.36' ? 'improvement' : 'with',
    }),
    percentage,
    preempts: plugins.postFilter.some(({ name }) => name === 'DefaultPreemption'),
  };
}
