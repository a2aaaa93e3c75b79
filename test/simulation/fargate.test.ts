/** Fargate in whole runs: launch rates, zones, prices, retirement. */

import { describe, expect, it } from 'vitest';
import { runText } from '../support/run-scenario.ts';

interface Account {
  readonly pool?: string;
  readonly replicas?: number;
  readonly duration?: string;
  readonly extra?: string;
  readonly memory?: string;
}

const scenario = ({
  pool = '{ fargate: {} }',
  replicas = 1,
  duration = '1h',
  extra = '',
  memory = '512MiB',
}: Account) => `
name: fargate
seed: 1
duration: ${duration}
region: us-east-1
zones: [a, b, c]
${extra}
workload: [{ service: { name: web, cpu: 250m, memory: ${memory}, replicas: ${replicas} } }]
variants: { ecs: { orchestrator: ecs, pools: { vm: ${pool} } } }
`;

describe('the launch rate of an account', () => {
  it('lets 100 tasks be launched at once and 20 each second from then on', () => {
    const { hosts } = runText(scenario({ replicas: 160 }));
    const requested = hosts.map(({ requestedUs }) => requestedUs / 1e6).sort((a, b) => a - b);
    expect(requested.filter((second) => second === 0)).toHaveLength(100);
    // The 160th is the 60th beyond the burst: 60 / 20 s.
    expect(requested.at(-1)).toBe(3);
  });

  it('is that of the pool in a newer region', () => {
    const pool = '{ fargate: { launchBurst: 25, launchesPerSecond: 5 } }';
    const { hosts } = runText(scenario({ pool, replicas: 50 }));
    // 25 beyond the burst, 5 a second.
    expect(Math.max(...hosts.map(({ requestedUs }) => requestedUs / 1e6))).toBe(5);
  });

  it('spreads micro-VMs over the zones', () => {
    const { hosts } = runText(scenario({ replicas: 9 }));
    for (const zone of ['a', 'b', 'c']) {
      expect(hosts.filter((host) => host.zone === zone)).toHaveLength(3);
    }
  });
});

describe('what a Fargate task costs', () => {
  const linesOf = (pool: string, memory?: string) =>
    Object.fromEntries(
      [...runText(scenario({ pool, memory: memory ?? '512MiB' })).costs].map(
        ({ item, priceNanoUsd }) => [item, priceNanoUsd],
      ),
    );

  it('is less on ARM, and more on Windows by its licence', () => {
    expect(linesOf('{ fargate: { arch: arm64 } }')['fargate-vcpu']).toBe(32_380_000);
    // 0.09148 + 0.046 USD; Windows has no size below 1 vCPU.
    expect(linesOf('{ fargate: { os: windows } }')['fargate-vcpu']).toBe(137_480_000);
  });

  it('has a line for storage above 20 GiB', () => {
    expect(linesOf('{ fargate: {} }')).not.toHaveProperty('fargate-storage');
    const lines = linesOf('{ fargate: { ephemeralStorage: 50GiB } }');
    expect(lines['fargate-storage']).toBe(111_000);
  });
});

describe('the retirement of a platform', () => {
  const extra = 'disruptions: [{ fargateRetirement: { at: 1h, wait: 1h } }]';

  it('replaces the tasks of a service within its percentages, before the old ones stop', () => {
    const { summary, tasks, hosts } = runText(scenario({ replicas: 4, duration: '4h', extra }));
    expect(summary).toMatchObject({ tasksSubmitted: 8, tasksRunning: 4, tasksCancelled: 4 });
    const ended = tasks.filter(({ state }) => state === 'cancelled');
    expect(new Set(ended.map(({ reason }) => reason))).toEqual(new Set(['drained']));
    const retired = hosts.filter(({ terminationReason }) => terminationReason === 'retired');
    expect(retired).toHaveLength(4);
    // 100 % stay healthy: none stops before a new one has run for 40 s.
    const started = tasks
      .filter(({ state }) => state === 'running')
      .map((one) => one.startedUs ?? 0);
    expect(Math.min(...ended.map((one) => one.finishedUs ?? 0))).toBeGreaterThan(
      Math.min(...started) + 40e6,
    );
  });
});
