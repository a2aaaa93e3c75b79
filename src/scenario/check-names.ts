/**
 * Names in one variant that must mean something: images, workloads, clusters, zones and policies. They are read from the
 * raw maps, so that a fault elsewhere hides none of these. What has the wrong shape is passed over: the schema said so.
 */

import { parsePolicyName } from '../base/policy-name.ts';
import { checkQuotas } from './check-quotas.ts';
import { checkKubernetesOnly } from './check-kubernetes-only.ts';
import { didYouMean, nearestHint } from './did-you-mean.ts';
import type { Path } from './path.ts';
import { asList, asMap } from './plain-map.ts';
import { policyFault } from './check-policy.ts';
import type { KnownPolicies } from './check-policy.ts';

export type Report = (path: Path, message: string, at?: 'key' | 'value') => void;

/** One cluster of the variant and where it stands in it. */
interface RawCluster {
  readonly path: Path;
  readonly map: Readonly<Record<string, unknown>>;
}

export function checkNames(
  variant: Readonly<Record<string, unknown>>,
  known: KnownPolicies,
  report: Report,
): void {
  const workloads = checkWorkload(variant, report);
  const clusters = rawClusters(variant);
  for (const cluster of clusters) {
    checkPools(cluster, workloads, variant['zones'], report);
    checkPolicies(cluster, known, report);
    checkQuotas(variant, cluster.path, cluster.map, report);
  }
  checkDisruptions(variant, clusters, report);
  checkPlace(variant, workloads, clusters, report);
  checkBatch(variant, clusters, report);
  checkKubernetesOnly(
    variant,
    clusters.map(({ map }) => map),
    report,
  );
}

/** A batch cluster runs what ends: nothing there would keep the replicas of a service. */
function checkBatch(
  variant: Readonly<Record<string, unknown>>,
  clusters: readonly RawCluster[],
  report: Report,
): void {
  const place = asMap(variant['place']) ?? {};
  asList(variant['workload']).forEach((item, i) => {
    const service = asMap(asMap(item)?.['service']);
    if (service === undefined) return;
    const placed = place[String(service['name'])];
    const cluster =
      placed === undefined ? clusters[0] : clusters.find(({ map }) => map['name'] === placed);
    if (cluster?.map['orchestrator'] !== 'batch') return;
    const message = 'a batch cluster runs jobs and traces; a service needs ecs or kubernetes';
    report(['workload', i, 'service'], message, 'key');
  });
}

/** Names once, images known. Returns the names. */
function checkWorkload(variant: Readonly<Record<string, unknown>>, report: Report): string[] {
  const images = Object.keys(asMap(variant['images']) ?? {});
  const names: string[] = [];
  asList(variant['workload']).forEach((item, i) => {
    const [kind, body] = Object.entries(asMap(item) ?? {})[0] ?? [];
    if (kind === undefined) return;
    const entry = asMap(body) ?? {};
    const path: Path = ['workload', i, kind];
    const own = entry['name'] ?? (kind === 'manifests' ? 'manifests' : undefined);
    if (typeof own === 'string') {
      if (names.includes(own)) {
        const where = entry['name'] === undefined ? path : [...path, 'name'];
        report(where, `expected each workload to have its own name, found "${own}" again`);
      }
      names.push(own);
    }
    const image = entry['image'];
    if (typeof image === 'string' && !images.includes(image)) {
      const found = `"${image}"${didYouMean(image, images)}`;
      report([...path, 'image'], `expected a name under \`images\`, found ${found}`);
    }
  });
  return names;
}

function rawClusters(variant: Readonly<Record<string, unknown>>): RawCluster[] {
  if (!('clusters' in variant)) return [{ path: [], map: variant }];
  return asList(variant['clusters']).flatMap((item, i) => {
    const map = asMap(item);
    return map === undefined ? [] : [{ path: ['clusters', i], map }];
  });
}

function checkPools(
  { path, map }: RawCluster,
  workloads: readonly string[],
  zones: unknown,
  report: Report,
): void {
  for (const [name, body] of Object.entries(asMap(map['pools']) ?? {})) {
    const pool = asMap(body) ?? {};
    asList(pool['workloads']).forEach((workload, i) => {
      if (typeof workload !== 'string' || workloads.includes(workload)) return;
      const found = `"${workload}"${didYouMean(workload, workloads)}`;
      const where = [...path, 'pools', name, 'workloads', i];
      report(where, `expected the name of a workload, found ${found}`);
    });
    const zone = asMap(pool['external'])?.['zone'];
    const known = zones === undefined ? ['a', 'b', 'c'] : asList(zones);
    asList(asMap(pool['asg'])?.['zones']).forEach((one, i) => {
      if (typeof one !== 'string' || known.includes(one)) return;
      const message = `expected one of the scenario's zones (${known.join(', ')}), found "${one}"`;
      report([...path, 'pools', name, 'asg', 'zones', i], message);
    });
    if (typeof zone === 'string' && !known.includes(zone)) {
      const message = `expected one of the scenario's zones (${known.join(', ')}), found "${zone}"`;
      report([...path, 'pools', name, 'external', 'zone'], message);
    }
  }
}

/** Pools and zones that are to fail must be there. */
function checkDisruptions(
  variant: Readonly<Record<string, unknown>>,
  clusters: readonly RawCluster[],
  report: Report,
): void {
  const zones = variant['zones'] === undefined ? ['a', 'b', 'c'] : asList(variant['zones']);
  const pools = clusters.flatMap(({ map }) => Object.entries(asMap(map['pools']) ?? {}));
  const names = pools.map(([name]) => name);
  // The names of NodePools stand in their own file.
  const areListed = pools.every(
    ([, pool]) => !('nodePools' in (asMap(asMap(pool)?.['karpenter']) ?? {})),
  );
  asList(variant['disruptions']).forEach((item, i) => {
    const zone = asMap(asMap(item)?.['zoneOutage'])?.['zone'];
    if (typeof zone === 'string' && !zones.includes(zone)) {
      const message = `expected one of the scenario's zones (${zones.join(', ')}), found "${zone}"`;
      report(['disruptions', i, 'zoneOutage', 'zone'], message);
    }
    const cutOff = asMap(asMap(item)?.['linkLoss'])?.['zone'];
    if (typeof cutOff === 'string' && cutOff !== 'on-prem' && !zones.includes(cutOff)) {
      const message = `expected on-prem or one of the scenario's zones (${zones.join(', ')}), found "${cutOff}"`;
      report(['disruptions', i, 'linkLoss', 'zone'], message);
    }
    for (const kind of ['hostFailure', 'linkLoss']) {
      asList(asMap(asMap(item)?.[kind])?.['pools']).forEach((pool, k) => {
        if (typeof pool !== 'string' || names.includes(pool) || !areListed) return;
        const found = `"${pool}"${didYouMean(pool, names)}`;
        const message = `expected the name of a pool, found ${found}`;
        report(['disruptions', i, kind, 'pools', k], message);
      });
    }
  });
}

function checkPolicies({ path, map }: RawCluster, known: KnownPolicies, report: Report): void {
  const orchestrator = map['orchestrator'];
  const check = (text: unknown, slot: string, where: Path, isLast = true) => {
    const parsed = typeof text === 'string' ? parsePolicyName(text) : undefined;
    if (!parsed?.ok) return;
    const fault = policyFault(parsed.value, slot, known, isLast);
    if (fault !== undefined) report([...path, ...where], fault);
  };
  if (typeof orchestrator === 'string') {
    const placement = map['placement'];
    if (typeof placement === 'string') check(placement, orchestrator, ['placement']);
    const list = asList(placement);
    list.forEach((one, i) => check(one, orchestrator, ['placement', i], i === list.length - 1));
  }
  check(map['queue'], 'queue', ['queue']);
}

function checkPlace(
  variant: Readonly<Record<string, unknown>>,
  workloads: readonly string[],
  clusters: readonly RawCluster[],
  report: Report,
): void {
  const names: string[] = [];
  for (const { path, map } of clusters) {
    const own = map['name'];
    if (typeof own !== 'string') continue;
    if (names.includes(own)) {
      const message = `expected each cluster to have its own name, found "${own}" again`;
      report([...path, 'name'], message);
    } else {
      names.push(own);
    }
  }
  if (!('clusters' in variant)) return; // `place` itself is refused then.
  for (const [workload, cluster] of Object.entries(asMap(variant['place']) ?? {})) {
    if (!workloads.includes(workload)) {
      const found = `"${workload}"${didYouMean(workload, workloads)}`;
      report(['place', workload], `expected the name of a workload, found ${found}`, 'key');
    }
    if (typeof cluster === 'string' && !names.includes(cluster)) {
      const found = `"${cluster}"${nearestHint(cluster, names)}`;
      const message = `expected a cluster of this variant (${names.join(', ')}), found ${found}`;
      report(['place', workload], message);
    }
  }
}
