/** Applications as people publish them, imported and run to the end: every pod gets a node, or it is told why not. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { command, folderWith } from './command.ts';

const data = process.env['BERTH_DATA'] ?? '';
const folder = join(data, 'k8s-manifests');
const isThere = data !== '' && existsSync(folder);
const reason = data === '' ? 'BERTH_DATA is not set' : `${folder} is not there`;

/** Pods that the objects ask for, counted with grep: replicas, and one of each daemon on the nodes of the cluster. */
const APPLICATIONS: readonly [app: string, pods: number, daemons: number][] = [
  ['bookinfo', 6, 0],
  ['daemonsets', 0, 1],
  ['deathstarbench-hotelReservation', 19, 0],
  ['eks-workshop-base', 9, 0],
  ['kube-prometheus', 5, 1],
  ['online-boutique', 12, 0],
  ['otel-demo-rendered', 29, 1],
  ['sock-shop', 14, 0],
];

interface Row {
  readonly state: string;
  readonly workload: string;
}

/** One file of online-boutique is no YAML. */
function pathOf(app: string): string {
  const path = join(folder, app);
  return app === 'online-boutique' ? join(path, 'kubernetes-manifests.yaml') : path;
}

/** The rows of tasks.csv after half an hour on an Auto Scaling group with the Cluster Autoscaler. */
async function runImported(app: string): Promise<Row[]> {
  const work = folderWith({});
  const file = join(work, 'app.yaml');
  const args = ['import', 'kubernetes', '-R', pathOf(app), '--out', file];
  expect((await command(args)).code).toBe(0);
  const scenario = parse(readFileSync(file, 'utf8')) as {
    variants: Record<string, unknown>;
    duration: string;
  };
  scenario.variants = { eks: scenario.variants['eks-cluster-autoscaler'] };
  scenario.duration = '30m';
  writeFileSync(file, stringify(scenario));
  const out = join(work, 'out');
  const { code, err } = await command(['run', file, '--out', out, '--workers', '1', '--quiet']);
  expect([code, err]).toEqual([0, '']);
  const [head, ...rows] = readFileSync(join(out, 'tasks.csv'), 'utf8').trim().split('\n');
  const columns = head!.split(',');
  return rows.map((row) => {
    const cells = row.split(',');
    return {
      state: cells[columns.indexOf('state')]!,
      workload: cells[columns.indexOf('workload')]!,
    };
  });
}

describe.skipIf(!isThere)(`real manifests${isThere ? '' : ` (skipped: ${reason})`}`, () => {
  it.each(APPLICATIONS)(
    '%s is imported and runs: %i pods and %i daemons, all placed',
    async (app, pods, daemons) => {
      const rows = await runImported(app);
      expect(rows.filter(({ state }) => state === 'pending')).toEqual([]);
      expect(rows.length).toBeGreaterThanOrEqual(pods + daemons);
      const workloads = new Set(rows.map(({ workload }) => workload));
      expect(workloads.size).toBe(pods + daemons);
    },
    120_000,
  );
});
