/**
 * A KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1 and its betas). A pure function of the file's text; throws
 * ScenarioError with all faults of the file.
 *
 * Read       profiles with their plugins, arguments and names; percentageOfNodesToScore; podInitialBackoffSeconds,
 *            podMaxBackoffSeconds. Defaults by kubernetes.md 1.1.
 * Harmless   how the scheduler reaches the API server, elects a leader and serves its metrics; parallelism
 * Refused    plugins that are not in the tree but for Coscheduling, more than one queueSort, extenders (they would decide)
 * Notes      name what else is there and not read, and points that are configured and decide nothing here.
 */

import { ScenarioError, type Fault } from '../../base/scenario-error.ts';
import type {
  SchedulerConfiguration,
  SchedulerProfile,
} from '../../cluster/scheduler-configuration.ts';
import { pluginArguments } from './plugin-config.ts';
import { DECIDING_POINTS, expandedPlugins } from './scheduler-plugins.ts';
import { readYaml, type YamlCursor } from './yaml-cursor.ts';

const VERSIONS = ['v1', 'v1beta3', 'v1beta2'].map((one) => `kubescheduler.config.k8s.io/${one}`);
const HARMLESS = [
  'clientConnection',
  'debuggingConfiguration',
  'enableContentionProfiling',
  'enableProfiling',
  'healthzBindAddress',
  'leaderElection',
  'metricsBindAddress',
  'parallelism',
  'delayCacheUntilActive',
];
const DEFAULT_NAME = 'default-scheduler';

export function readSchedulerConfiguration(file: string, text: string): SchedulerConfiguration {
  const faults: Fault[] = [];
  const notes: string[] = [];
  const roots = readYaml(file, text, faults);
  const [root, second] = roots;
  second?.faultSaying('expected one KubeSchedulerConfiguration in the file');
  if (root === undefined) {
    const message = 'expected a KubeSchedulerConfiguration, found nothing';
    throw new ScenarioError(
      faults.length > 0 ? faults : [{ file, line: 0, column: 0, path: '', message }],
    );
  }
  const note = (at: YamlCursor, message: string) =>
    void notes.push(`${at.file}:${at.line}:${at.column}: ${message}`);
  const read = configurationOf(root, note);
  for (const part of root.unread()) {
    if (!HARMLESS.includes(part.pathText)) note(part, `${part.pathText} is not read`);
  }
  if (faults.length > 0) throw new ScenarioError(faults);
  return { ...read, notes };
}

function configurationOf(
  root: YamlCursor,
  note: (at: YamlCursor, message: string) => void,
): Omit<SchedulerConfiguration, 'notes'> {
  const kind = root.get('kind');
  if (kind.text() !== 'KubeSchedulerConfiguration') kind.fault('KubeSchedulerConfiguration');
  const version = root.get('apiVersion');
  if (!VERSIONS.includes(version.text())) version.fault(`one of ${VERSIONS.join(', ')}`);
  const extenders = root.get('extenders');
  if (extenders.items().length > 0) {
    extenders.faultSaying('expected no extenders: they decide outside of the scheduler');
  }
  const percentage = percentageOf(root, 0);
  const written = root.get('profiles').items();
  const profiles = written.map((profile) => profileOf(profile, percentage, note));
  const names = new Set<string>();
  for (const [i, { schedulerName }] of profiles.entries()) {
    if (names.has(schedulerName)) {
      written[i]!.faultSaying(`expected another schedulerName than ${schedulerName}, found twice`);
    }
    names.add(schedulerName);
  }
  return {
    profiles:
      profiles.length > 0 ? profiles : [profileOf(root.get('profiles').get(''), percentage, note)],
    podInitialBackoffSeconds: root.get('podInitialBackoffSeconds').whole(1, 1),
    podMaxBackoffSeconds: root.get('podMaxBackoffSeconds').whole(10),
  };
}

function profileOf(
  profile: YamlCursor,
  percentage: number,
  note: (at: YamlCursor, message: string) => void,
): SchedulerProfile {
  const plugins = profile.get('plugins');
  const points: readonly string[] = [...DECIDING_POINTS, 'multiPoint'];
  for (const [point, set] of plugins.entries()) {
    if (points.includes(point)) continue;
    note(set, `plugins at ${point} decide nothing here: filter and score say which run`);
    for (const list of ['enabled', 'disabled'])
      for (const item of set.get(list).items()) item.entries();
  }
  return {
    schedulerName: profile.get('schedulerName').text(DEFAULT_NAME),
    plugins: expandedPlugins(plugins),
    arguments: pluginArguments(profile.get('pluginConfig'), note),
    percentageOfNodesToScore: percentageOf(profile, percentage),
  };
}

function percentageOf(holder: YamlCursor, otherwise: number): number {
  const percentage = holder.get('percentageOfNodesToScore');
  const value = percentage.whole(otherwise);
  if (!percentage.isAbsent && value > 100) percentage.fault('a percentage from 0 to 100');
  return value;
}
