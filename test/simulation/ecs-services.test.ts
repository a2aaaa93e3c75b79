/** ECS services in whole runs: deployments, drains, zones. */

import { describe, expect, it } from 'vitest';
import { experimentOf, NO_INPUTS, runText } from '../support/run-scenario.ts';
import { Streams } from '../../src/random/streams.ts';
import { assemble } from '../../src/scenario/assemble.ts';
import { lowerBound, upperBound } from '../../src/orchestration/ecs/service/deployment-step.ts';

interface Shop {
  readonly replicas: number;
  readonly min?: number;
  readonly max?: number;
  readonly hosts?: number;
  readonly extra?: string;
}

/** A service of 1 GiB tasks on m6i.xlarge instances, about 15 a host, with another revision after 30 minutes. */
function shop({ replicas, min = 100, max = 200, hosts = 3, extra = '' }: Shop): string {
  return `
name: shop
seed: 1
duration: 2h
region: us-east-1
zones: [a, b, c]
workload:
  - service:
      name: web
      cpu: 250m
      memory: 1GiB
      replicas: ${replicas}
      ecs: { minimumHealthyPercent: ${min}, maximumPercent: ${max}${extra} }
rollouts: [{ workload: web, at: 30m, cpu: 300m }]
variants:
  ecs: { orchestrator: ecs, pools: { base: { asg: { instanceTypes: [m6i.xlarge], min: ${hosts}, max: ${hosts} } } } }
`;
}

/** Fewest healthy and most tasks of the service from 20 minutes on, looked at after every step. */
function extremes(text: string): { leastReady: number; mostTasks: number; ready: number } {
  const [variant] = experimentOf(text).variants;
  const { simulation, cluster } = assemble(variant!, 1, NO_INPUTS, {
    recordDecisions: false,
    ownPolicies: [],
  });
  const { workloads } = cluster;
  let leastReady = Infinity;
  let mostTasks = 0;
  simulation.begin();
  while (simulation.kernel.calendar.nextTimeUs() <= 7_200_000_000) {
    simulation.step();
    if (simulation.kernel.nowUs < 1_200_000_000) continue;
    leastReady = Math.min(leastReady, workloads.ready[0]!);
    mostTasks = Math.max(mostTasks, workloads.pending[0]! + workloads.bound[0]!);
  }
  return { leastReady, mostTasks, ready: workloads.ready[0]! };
}

describe('a deployment of an ECS service', () => {
  it.each([
    [4, 100, 200],
    [4, 50, 100],
    [7, 75, 150],
    [10, 0, 100],
    [5, 100, 120],
  ])('of %d tasks keeps %d percent healthy and runs at most %d percent', (replicas, min, max) => {
    const { leastReady, mostTasks, ready } = extremes(shop({ replicas, min, max }));
    const bounds = { minimumHealthyPercent: min, maximumPercent: max };
    expect(leastReady).toBe(lowerBound(replicas, bounds));
    expect(mostTasks).toBe(Math.max(replicas, upperBound(replicas, bounds)));
    expect(ready).toBe(replicas);
  });

  it('never breaks its bounds, in twelve random services with random bounds', () => {
    const draws = new Streams('ecs-deployments').open('swarm');
    const whole = (low: number, high: number) => low + Math.floor(draws.next() * (high - low + 1));
    for (let round = 0; round < 12; round++) {
      const replicas = whole(1, 24);
      const min = whole(0, 20) * 5;
      const max = 100 + whole(0, 20) * 5;
      const hosts = whole(2, 5);
      const { leastReady, mostTasks } = extremes(shop({ replicas, min, max, hosts }));
      const bounds = { minimumHealthyPercent: min, maximumPercent: max };
      // The numbers stand beside the bounds so that a failure names its service.
      const drawn = { replicas, min, max, hosts };
      const fewest = lowerBound(replicas, bounds);
      const most = Math.max(replicas, upperBound(replicas, bounds));
      const broken = leastReady < fewest || mostTasks > most;
      expect({ ...drawn, leastReady, mostTasks, broken }).toMatchObject({ broken: false });
    }
  });

  it('replaces every task once, and none twice', () => {
    const { summary } = runText(shop({ replicas: 6, min: 50, max: 100 }));
    // 6 of the first revision are cancelled, 6 of the second run.
    expect(summary).toMatchObject({
      tasksSubmitted: 12,
      tasksCancelled: 6,
      tasksRunning: 6,
      tasksPending: 0,
    });
  });

  it('that may neither start nor stop anything says so once, and changes nothing', () => {
    const { summary, decisions } = runText(shop({ replicas: 3, min: 100, max: 100 }), true);
    expect(summary).toMatchObject({ tasksSubmitted: 3, tasksRunning: 3 });
    const told = decisions.filter(({ decision }) => decision === 'give-up');
    expect(told.map(({ subject, reason }) => [subject, reason])).toEqual([
      ['web', 'minimum and maximum percent leave no room'],
    ]);
  });
});

/** Where the tasks that run at the end are: tasks by zone. */
function tasksByZone(text: string): Record<string, number> {
  const zones: Record<string, number> = {};
  for (const { state, zone } of runText(text).tasks) {
    if (state === 'running') zones[zone] = (zones[zone] ?? 0) + 1;
  }
  return zones;
}

describe('the zones of an ECS service', () => {
  /** The first instance that is there takes all tasks. */
  const uneven = (extra = '') => `
name: zones
seed: 1
duration: 3h
region: us-east-1
zones: [a, b, c]
workload: [{ service: { name: web, cpu: 250m, memory: 1GiB, replicas: 5${extra} } }]
variants:
  ecs: { orchestrator: ecs, pools: { base: { asg: { instanceTypes: [m6i.xlarge], min: 3, max: 3 } } } }
`;

  it('worked value 10.2.6: are evened out one task after the other, to 2, 2 and 1 of 5', () => {
    expect(Object.values(tasksByZone(uneven())).sort((a, b) => a - b)).toEqual([1, 2, 2]);
  });

  it('stay as they are where rebalancing is off, or no task may be started first', () => {
    expect(Object.values(tasksByZone(uneven(', ecs: { zoneRebalancing: false }')))).toEqual([5]);
    expect(Object.values(tasksByZone(uneven(', ecs: { maximumPercent: 100 }')))).toEqual([5]);
  });
});

describe('an ECS container instance that is taken back', () => {
  /** Spot instances of which one in a hundred is taken each hour. */
  const spot = (draining: boolean) => `
name: spot
seed: 3
duration: 240h
region: us-east-1
zones: [a, b, c]
assumptions: { ${[0, 1, 2, 3, 4].map((band) => `spot.band-${band}-monthly-probability: 0.999`).join(', ')} }
workload: [{ service: { name: web, cpu: 1, memory: 2GiB, replicas: 6 } }]
variants:
  ecs: { orchestrator: ecs, pools: { base: { asg: { instanceTypes: [m6i.xlarge], min: 4, max: 4, capacityType: spot }, managedDraining: ${String(draining)} } } }
`;

  it('pitfall 14.16: keeps its tasks to the end without managed draining, which moves them at the notice', () => {
    const [without, withDraining] = [false, true].map((draining) => runText(spot(draining)));
    expect(without!.summary.interruptions).toBeGreaterThan(0);
    const reasons = (result: typeof without) =>
      new Set(
        result!.tasks.filter(({ state }) => state === 'cancelled').map(({ reason }) => reason),
      );
    expect(reasons(without)).toContain('spot-interruption');
    expect(reasons(withDraining)).toContain('drained');
  });
});

describe('placement constraints of ECS', () => {
  const constrained = (keys: string) => `
name: constraints
seed: 1
duration: 1h
region: us-east-1
zones: [a, b, c]
workload: [{ service: { name: web, cpu: 250m, memory: 1GiB, replicas: 4, ecs: { ${keys} } } }]
variants:
  ecs:
    orchestrator: ecs
    pools:
      one: { asg: { instanceTypes: [m6i.xlarge], min: 2, max: 2 }, labels: { stack: red } }
      two: { asg: { instanceTypes: [c6i.xlarge], min: 1, max: 1 }, labels: { stack: blue } }
    strategy: [{ pool: one }, { pool: two }]
`;
  const hostsOf = (keys: string) => {
    const { tasks } = runText(constrained(keys));
    const names = tasks.map(({ state, host }) => (state === 'pending' ? state : host));
    return names.sort((a, b) => (a < b ? -1 : 1));
  };

  it('distinctInstance puts one task on an instance, and the rest waits', () => {
    // The strategy sends two tasks to each pool; pool two has one instance.
    const hosts = hostsOf(
      "placementConstraints: [distinctInstance], placementStrategy: ['spread[field=instance]']",
    );
    expect(hosts).toEqual(['one-0', 'one-1', 'pending', 'two-0']);
  });

  it('memberOf names instances by their attributes', () => {
    const hosts = hostsOf(
      "placementConstraints: ['memberOf(attribute:stack == blue || attribute:ecs.instance-type =~ c6i.*)']",
    );
    expect(hosts).toEqual(['pending', 'pending', 'two-0', 'two-0']);
  });

  it('a strategy of the service goes before that of the cluster', () => {
    const hosts = hostsOf("placementStrategy: ['binpack[resource=memory]']");
    expect(new Set(hosts).size).toBe(2);
  });

  it('says where an expression is wrong', () => {
    expect(() => hostsOf("placementConstraints: ['memberOf(attribute:stack = blue)']")).toThrow(
      'expected a name, a value or an operator, found "=" (character 17 of the expression)',
    );
  });
});

describe('the network interfaces of a container instance', () => {
  const tasksOn = (agent: string) => `
name: interfaces
seed: 1
duration: 1h
region: us-east-1
zones: [a, b, c]
workload: [{ service: { name: web, cpu: 10m, memory: 16MiB, replicas: 20 } }]
variants:
  ecs: { orchestrator: ecs, pools: { base: { asg: { instanceTypes: [m5.large], min: 1, max: 1 }${agent} } } }
`;
  const running = (agent: string) => runText(tasksOn(agent)).summary.tasksRunning;

  it('worked value 10.2.7: bound the tasks of an m5.large to 2 in awsvpc mode, to 10 with trunking', () => {
    expect(running(', agent: { networkMode: awsvpc }')).toBe(2);
    expect(running(', agent: { networkMode: awsvpc, eniTrunking: true }')).toBe(10);
    expect(running('')).toBe(20);
  });
});

it('a service of 1,200 tasks is started 500 tasks a minute (aws.md 3.1)', () => {
  const { tasks } = runText(`
name: large
seed: 1
duration: 10m
region: us-east-1
zones: [a]
workload: [{ service: { name: web, cpu: 250m, memory: 512MiB, replicas: 1200 } }]
variants:
  ecs: { orchestrator: ecs, pools: { base: { fargate: {} } } }
`);
  const byMinute = [0, 1, 2].map(
    (minute) => tasks.filter((task) => task.submittedUs === minute * 60_000_000).length,
  );
  // 500 + 500 + 200
  expect(byMinute).toEqual([500, 500, 200]);
});

describe('Application Auto Scaling of an ECS service (aws.md 3.14)', () => {
  const scaled = (autoScaling: string) => `
name: scaled
seed: 1
duration: 3h
region: us-east-1
zones: [a]
workload:
  - service:
      name: web
      cpu: 500m
      memory: 512MiB
      replicas: { min: 2, max: 20 }
      cpuPerRequest: 10ms
      traffic: { profile: steps, steps: [{ at: 0s, rate: 40/s }, { at: 1h, rate: 300/s }] }
      ecs: { autoScaling: ${autoScaling} }
variants: { ecs: { orchestrator: ecs, pools: { base: { fargate: {} } } } }
`;
  const running = (text: string) => runText(text).summary.tasksRunning;

  it('a step policy adds by how far the alarm is exceeded, until it is off', () => {
    const policy = `{ step: { threshold: { cpu: 60% }, alarm: above, steps: [{ from: 0, to: 20, by: 1 }, { from: 20, by: 4 }] } }`;
    // 300/s x 10 ms = 3 vCPU: the first count at which 3 / (n x 0.5) is not above 60 % is 10
    expect(running(scaled(`{ policies: [${policy}] }`))).toBe(10);
  });

  it('requests for each task: 300/s at 25/s are 12', () => {
    const policy = '{ target: { metric: { requestsPerTask: 25/s } } }';
    expect(running(scaled(`{ policies: [${policy}] }`))).toBe(12);
  });

  it('a scheduled minimum holds from its time on', () => {
    expect(running(scaled('{ schedule: [{ at: 2h, min: 7 }] }'))).toBe(7);
  });

  it('goes on alike from a saved state', () => {
    const policy = '{ target: { metric: { requestsPerTask: 25/s } } }';
    const text = scaled(`{ policies: [${policy}], schedule: [{ at: 2h, min: 14 }] }`);
    const [variant] = experimentOf(text).variants;
    const options = { recordDecisions: false, ownPolicies: [] };
    const straight = assemble(variant!, 1, NO_INPUTS, options).simulation;
    straight.begin();
    for (let i = 0; i < 100; i++) straight.step();
    const copy = assemble(variant!, 1, NO_INPUTS, options).simulation;
    copy.restore(structuredClone(straight.save()));
    for (const simulation of [straight, copy]) simulation.run();
    expect(copy.digest.save()).toEqual(straight.digest.save());
  });
});
