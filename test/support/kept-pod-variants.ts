/** Jobs whose pods are kept after their end, suspended Jobs and CronJobs, where finished pods are billed. */

import { experimentOf } from './run-scenario.ts';

export const KEPT_PODS = experimentOf(`
name: kept-pods
seed: 42
duration: 2h
workload:
  - jobs: { name: kept, cpu: 250m, memory: 512MiB, duration: { exponential: { mean: 3m } }, arrivals: { every: 9m }, job: { parallelism: 2, completions: 4, ttlAfterFinished: 12m } }
  - jobs: { name: clocked, cpu: 250m, memory: 512MiB, duration: 4m, arrivals: { cron: '*/7 * * * *' }, job: { ttlAfterFinished: Never, suspended: [{ from: 40m, until: 65m }] } }
  - jobs: { name: halted, cpu: 250m, memory: 512MiB, duration: 10m, arrivals: { every: 13m }, job: { suspended: [{ from: 30m, until: 50m }] } }
variants:
  finished-pods-on-fargate: { orchestrator: kubernetes, pools: { vms: { fargate: {} } } }
`);
