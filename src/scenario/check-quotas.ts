/** Quotas of a cluster name workloads that can wait for them: each once, and only what arrives by itself. */

import { asList, asMap } from './plain-map.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Path } from './path.ts';
import type { Report } from './check-names.ts';

type RawMap = Readonly<Record<string, unknown>>;

export function checkQuotas(variant: RawMap, path: Path, cluster: RawMap, report: Report): void {
  const entries = asList(variant['workload']).flatMap((item) => {
    return Object.entries(asMap(item) ?? {}).map(([kind, body]) => ({
      kind,
      body: asMap(body) ?? {},
    }));
  });
  const names = entries.flatMap(({ body }) => {
    return typeof body['name'] === 'string' ? [body['name']] : [];
  });
  const quotaOf = new Map<string, string>();
  for (const [quota, body] of Object.entries(asMap(cluster['quotas']) ?? {})) {
    asList(asMap(body)?.['workloads']).forEach((workload, i) => {
      if (typeof workload !== 'string') return;
      const where = [...path, 'quotas', quota, 'workloads', i];
      const entry = entries.find((one) => one.body['name'] === workload);
      if (entry === undefined) {
        const found = `"${workload}"${didYouMean(workload, names)}`;
        return report(where, `expected the name of a workload, found ${found}`);
      }
      const refusal = whyNot(entry.kind, entry.body);
      if (refusal !== undefined) report(where, refusal);
      const other = quotaOf.get(workload);
      if (other !== undefined) {
        report(where, `"${workload}" waits for the quota ${other} already`);
      }
      quotaOf.set(workload, quota);
    });
  }
}

function whyNot(kind: string, body: RawMap): string | undefined {
  if (kind !== 'jobs' && kind !== 'trace') {
    return `expected jobs or a trace, which wait for a quota, found a ${kind}`;
  }
  const isCron = asMap(body['arrivals'])?.['cron'] !== undefined;
  if (body['job'] === undefined && !isCron) return undefined;
  return 'Jobs of several pods and CronJobs cannot wait for a quota here; use `gang` for tasks that start together';
}
