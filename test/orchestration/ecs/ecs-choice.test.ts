import { expect, it } from 'vitest';
import { ClusterBuilder } from '../cluster-builder.ts';
import { EcsChoice } from '../../../src/orchestration/ecs/ecs-choice.ts';
import { PolicyChoice } from '../../../src/orchestration/policy-choice.ts';
import { Streams } from '../../../src/random/streams.ts';
import { placementPolicy } from '../../../src/scenario/registry.ts';

function worldWithChoice() {
  const world = new ClusterBuilder();
  const service = world.workload('service');
  const job = world.workload('job');
  const hosts = [0, 0, 1].map((zone) => world.host({ zone, slots: 1_000 }));
  const spreads = ['zone', 'instance'].map((field) =>
    placementPolicy({ name: 'spread', parameters: { field } }),
  );
  const make = () =>
    new EcsChoice(world.cluster, {
      services: new PolicyChoice(world.cluster, spreads, 'first', new Streams(42).open('services')),
      standalone: new PolicyChoice(world.cluster, [], 'random', new Streams(42).open('standalone')),
      own: new Map(),
      constraints: new Map(),
    });
  const request = (workload: number) => ({
    spec: world.cluster.workloads.spec[workload]!,
    workload,
  });
  return { world, service, job, hosts, make, request };
}

it('ECS spreads a service over zones, then over instances', () => {
  const { world, service, hosts, make, request } = worldWithChoice();
  const choice = make();
  for (let i = 0; i < 8; i++) {
    world.running(service, choice.choose(request(service), hosts));
  }
  const { counts } = world.cluster;
  // 8 over two zones: 4 and 4; the four of zone a over its two instances: 2 and 2.
  expect(hosts.map((host) => counts.onHost(service, host))).toEqual([2, 2, 4]);
});

it('ECS sends standalone tasks to any instance that has room, and a saved choice goes on drawing the same', () => {
  const { job, hosts, make, request } = worldWithChoice();
  const choice = make();
  const seen = new Set<number>();
  for (let i = 0; i < 50; i++) seen.add(choice.choose(request(job), hosts));
  expect(seen).toEqual(new Set(hosts));
  const restored = make();
  restored.restore(structuredClone(choice.save()) as unknown[]);
  for (let i = 0; i < 20; i++) {
    expect(restored.choose(request(job), hosts)).toBe(choice.choose(request(job), hosts));
  }
});
