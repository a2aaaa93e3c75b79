/** Jobs of several pods, which only Kubernetes has, and `rollouts`, whose names must mean a workload that somebody updates. */

import { asList, asMap } from './plain-map.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Path } from './path.ts';
import type { Report } from './check-names.ts';

/** One entry of the list `workload`. */
interface Entry {
  readonly kind: string;
  readonly name: string;
  readonly path: Path;
  readonly body: Readonly<Record<string, unknown>>;
}

type RawMap = Readonly<Record<string, unknown>>;

/** `clusters` are those of the variant, as they were written. */
export function checkKubernetesOnly(
  variant: RawMap,
  clusters: readonly RawMap[],
  report: Report,
): void {
  const entries = entriesOf(variant);
  for (const { kind, name, path, body } of entries) {
    if (kind !== 'jobs' || body['job'] === undefined) continue;
    if (orchestratorOf(variant, clusters, name) === 'kubernetes') continue;
    report([...path, 'job'], 'a Job of several pods needs a kubernetes cluster', 'key');
  }
  asList(variant['rollouts']).forEach((item, i) => {
    checkRollout(variant, clusters, entries, asMap(item) ?? {}, ['rollouts', i], report);
  });
}

function checkRollout(
  variant: RawMap,
  clusters: readonly RawMap[],
  entries: readonly Entry[],
  rollout: RawMap,
  path: Path,
  report: Report,
): void {
  const { workload, image } = rollout;
  const images = Object.keys(asMap(variant['images']) ?? {});
  if (typeof image === 'string' && !images.includes(image)) {
    const found = `"${image}"${didYouMean(image, images)}`;
    report([...path, 'image'], `expected a name under \`images\`, found ${found}`);
  }
  if (typeof workload !== 'string') return;
  const kept = entries.filter(({ kind }) => kind === 'service' || kind === 'daemon');
  const entry = kept.find(({ name }) => name === workload);
  if (entry === undefined) {
    const names = kept.map(({ name }) => name);
    const found = `"${workload}"${didYouMean(workload, names)}`;
    report([...path, 'workload'], `expected the name of a service or daemon, found ${found}`);
    return;
  }
  if (entry.kind === 'service') return;
  if (clusters.some((cluster) => cluster['orchestrator'] === 'kubernetes')) return;
  report([...path, 'workload'], 'a rollout of a daemon needs a kubernetes cluster');
}

function entriesOf(variant: RawMap): Entry[] {
  return asList(variant['workload']).flatMap((item, i) => {
    const [kind, body] = Object.entries(asMap(item) ?? {})[0] ?? [];
    if (kind === undefined) return [];
    const map = asMap(body) ?? {};
    return [{ kind, name: String(map['name']), path: ['workload', i, kind], body: map }];
  });
}

/** Of the cluster that runs a workload: where `place` puts it, else the first. */
function orchestratorOf(variant: RawMap, clusters: readonly RawMap[], workload: string): unknown {
  const placed = asMap(variant['place'])?.[workload];
  const cluster =
    placed === undefined ? clusters[0] : clusters.find((one) => one['name'] === placed);
  return cluster?.['orchestrator'];
}
