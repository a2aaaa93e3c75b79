/**
 * The profile on columns, by classes of nodes and kept tallies, against the plugins of the framework on objects: the same node
 * for every pod of worlds in which pods, nodes and constraints come and go.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterBuilder } from '../../cluster-builder.ts';
import { DefaultProfile } from '../../../../src/orchestration/kubernetes/cycle/default-profile.ts';
import { FrameworkTwin } from './framework-twin.ts';
import { GIB, MIB, TICKS_PER_MILLI } from '../../../../src/base/units.ts';
import { HOST_KEY, ZONE_KEY } from '../../../../src/orchestration/kubernetes/topology-keys.ts';
import { HOST_STATE, NO_ROW } from '../../../../src/cluster/hosts.ts';
import { NO_AFFINITY, PLAIN_POD } from '../../../../src/cluster/pod-template.ts';
import { NO_HOST } from '../../../../src/placement/policy.ts';
import { Streams } from '../../../../src/random/streams.ts';
import { TASK_STATE } from '../../../../src/cluster/tasks.ts';
import { leastAllocatedBalanced } from '../../../../src/placement/policies/kubernetes-resources.ts';
import type {
  LabelSelector,
  PodAffinity,
  PodTemplate,
} from '../../../../src/cluster/pod-template.ts';
import type { Taint, TaskSpec } from '../../../../src/cluster/spec.ts';

/** Named with a tag or without, of about 5 to 80 points on a node when all nodes have it. */
const IMAGES: readonly (readonly [name: string, bytes: number])[] = [
  ['web', 70 * MIB],
  ['registry.example:5000/model', 800 * MIB],
  ['tools:v2', 300 * MIB],
];
const KEYS = [HOST_KEY, ZONE_KEY, 'rack'];
const COLOURS = ['blue', 'green'];

const selector = fc.oneof(
  fc
    .constantFrom(...COLOURS)
    .map((colour): LabelSelector => ({ matchLabels: { colour }, matchExpressions: [] })),
  fc.constant<LabelSelector>({
    matchLabels: {},
    matchExpressions: [{ key: 'colour', operator: 'Exists', values: [] }],
  }),
);
const AROUND = {
  namespaces: new Map([
    ['default', { team: 'a' }],
    ['other', { team: 'b' }],
  ]),
  budgets: [],
};
const inTeamB: LabelSelector = { matchLabels: { team: 'b' }, matchExpressions: [] };
const notInTeamB: LabelSelector = {
  matchLabels: {},
  matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['b'] }],
};
const podTerm = fc.record(
  {
    topologyKey: fc.constantFrom(...KEYS),
    selector,
    namespaces: fc.constantFrom([], [], ['default', 'other']),
    namespaceSelector: fc.constantFrom(inTeamB, notInTeamB),
  },
  { requiredKeys: ['topologyKey', 'selector', 'namespaces'] },
);
const preference = fc.record({ weight: fc.integer({ min: 1, max: 100 }), term: podTerm });
const podAffinity = fc.record({
  required: fc.array(podTerm, { maxLength: 1 }),
  preferred: fc.array(preference, { maxLength: 2 }),
});
const nodeTerm = fc.constantFrom('ssd', 'hdd').map((value) => ({
  expressions: [{ key: 'disk', operator: 'In' as const, values: [value] }],
  fields: [],
}));
const spread = fc.record({
  topologyKey: fc.constantFrom(...KEYS),
  maxSkew: fc.integer({ min: 1, max: 3 }),
  whenUnsatisfiable: fc.constantFrom('DoNotSchedule' as const, 'ScheduleAnyway' as const),
  selector,
  minDomains: fc.constantFrom(1, 1, 3),
  nodeAffinityPolicy: fc.constantFrom('Honor' as const, 'Ignore' as const),
  nodeTaintsPolicy: fc.constantFrom('Honor' as const, 'Ignore' as const),
});

const rarely = <T>(arbitrary: fc.Arbitrary<T>, otherwise: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });

/** What one application's pods ask for, besides room. */
const constraints = fc.record({
  namespace: fc.constantFrom('default', 'default', 'other'),
  affinity: rarely<PodAffinity>(podAffinity, NO_AFFINITY),
  antiAffinity: rarely<PodAffinity>(podAffinity, NO_AFFINITY),
  topologySpread: rarely(fc.array(spread, { maxLength: 2 }), []),
  preferredNodeTerms: rarely(
    fc.array(fc.record({ weight: fc.integer({ min: 1, max: 9 }), term: nodeTerm }), {
      maxLength: 2,
    }),
    [],
  ),
  required: rarely(fc.array(nodeTerm, { minLength: 1, maxLength: 2 }), []),
  port: rarely(fc.constantFrom(80, 443), 0),
  image: fc.constantFrom('', ...IMAGES.map(([name]) => name)),
  initImage: fc.constantFrom('', ...IMAGES.map(([name]) => name)),
});
const application = fc.record({
  constraints: rarely(
    constraints.map((one) => one as typeof one | undefined),
    undefined,
  ),
  kind: fc.constantFrom('service' as const, 'job' as const),
  colour: fc.constantFrom('', ...COLOURS),
  cores: fc.integer({ min: 1, max: 3 }),
  /** Leaves its requests unstated. */
  isSilent: fc.boolean(),
  tolerates: fc.boolean(),
});
type Application = typeof application extends fc.Arbitrary<infer One> ? One : never;

const TAINTS: readonly (readonly Taint[])[] = [
  [],
  [],
  [{ key: 'slow', value: '', effect: 'PreferNoSchedule' }],
  [{ key: 'gpu', value: '', effect: 'NoSchedule' }],
];
const node = fc.record({
  zone: fc.nat(2),
  rack: fc.constantFrom('', 'r1', 'r2', 'r3'),
  disk: fc.constantFrom('', 'ssd', 'hdd'),
  taints: fc.constantFrom(...TAINTS),
});
const step = fc.record({ pod: fc.nat(7), event: fc.nat(11), which: fc.nat(10_000), node });

function templateOf({ constraints: asked, cores, isSilent }: Application): PodTemplate | undefined {
  if (asked === undefined) return undefined;
  const { required, port: taken, image, initImage, ...kept } = asked;
  const hostPorts = [{ ip: '0.0.0.0', protocol: 'TCP', port: taken }];
  const container = {
    name: 'main',
    image,
    requests: isSilent ? {} : { cpu: 500 * cores, memory: 700 * MIB * cores },
    limits: {},
    hostPorts: taken === 0 ? [] : hostPorts,
    isSidecar: false,
  };
  return {
    ...PLAIN_POD,
    ...kept,
    containers: [container],
    ...(initImage === ''
      ? {}
      : { initContainers: [{ ...container, image: initImage, requests: {}, hostPorts: [] }] }),
    ...(required.length === 0 ? {} : { requiredNodeTerms: required }),
  };
}

function specOf(asked: Application): Partial<TaskSpec> {
  const pod = templateOf(asked);
  return {
    cpuTicks: asked.isSilent ? 0 : asked.cores * 500 * TICKS_PER_MILLI,
    memoryBytes: asked.isSilent ? 0 : asked.cores * 700 * MIB,
    labels: asked.colour === '' ? {} : { colour: asked.colour },
    tolerations: asked.tolerates ? [{ key: 'gpu', operator: 'Exists', value: '', effect: '' }] : [],
    ...(pod === undefined ? {} : { pod }),
  };
}

/** Plays a script on both and expects every choice to be the same. How many pods found a node. */
function play(
  applications: readonly Application[],
  layout: readonly (typeof node extends fc.Arbitrary<infer One> ? One : never)[],
  script: readonly (typeof step extends fc.Arbitrary<infer One> ? One : never)[],
  options: { percentage: number; version: string; isIndexed: boolean },
): number {
  const { percentage, version, isIndexed } = options;
  const world = new ClusterBuilder();
  const images = IMAGES.map(([name, bytes]) => world.cluster.images.register(name, bytes));
  const workloads = applications.map((one) => world.workload(one.kind, specOf(one)));
  const local = leastAllocatedBalanced.create({ version: '1.36' });
  const isDrawn = version === '1.34';
  const [draws, twinDraws] = [0, 1].map(() => new Streams(7).open('ties'));
  const profile = new DefaultProfile(world.cluster, {
    local,
    percentage,
    draws: isDrawn ? draws : undefined,
    around: AROUND,
  });
  const twin = new FrameworkTwin(
    world.cluster,
    percentage,
    isDrawn ? () => twinDraws!.next() : undefined,
    AROUND,
  );
  const add = ({ zone, rack, disk, taints }: (typeof layout)[number]): number =>
    world.host({
      name: `node-${world.cluster.hosts.count}`,
      zone,
      taints,
      slots: 6,
      memoryAllocatableBytes: 8 * GIB,
      labels: { ...(rack === '' ? {} : { rack }), ...(disk === '' ? {} : { disk }) },
    });
  let ready = layout.map(add);
  const live: number[] = [];
  let placed = 0;
  for (const { pod, event, which, node: late } of script) {
    if (event < 3 && live.length > 0) {
      const [task] = live.splice(which % live.length, 1);
      world.endedAs(task!, TASK_STATE.completed);
    }
    if (event === 3 && live.length > 0) {
      const task = live[which % live.length]!;
      if (world.cluster.tasks.stopping[task] === 0) world.ledger.markStopping(task, world.nowUs);
    }
    if (event === 4) ready.push(add(late));
    if (event === 5 && ready.length > 1) {
      const leaving = ready[which % ready.length]!;
      for (const task of live.filter((one) => world.cluster.tasks.host[one] === leaving)) {
        live.splice(live.indexOf(task), 1);
        world.endedAs(task, TASK_STATE.cancelled);
      }
      world.ledger.setHostState(leaving, HOST_STATE.draining, 0);
      ready = ready.filter((one) => one !== leaving);
    }
    if (event > 5 && event < 9) {
      const held = images.filter((image) => (which & (1 << image)) !== 0);
      world.ledger.reportImages(ready[which % ready.length]!, held, world.nowUs);
    }
    const workload = workloads[pod % workloads.length]!;
    const request = { spec: world.cluster.workloads.spec[workload]!, workload };
    const expected = twin.choose(request, ready);
    expect(profile.choose(request, ready, isIndexed ? NO_ROW : undefined)).toBe(expected);
    expect(profile.save().nextStart).toBe(twin.nextStart);
    if (expected === NO_HOST) continue;
    placed++;
    live.push(world.running(workload, expected));
  }
  return placed;
}

describe('constraints by classes of nodes', () => {
  it.each([
    ['on a few nodes', 8, 60, 60, 0, true],
    ['on more nodes than a cycle looks at', 130, 60, 6, 0, true],
    ['on every one of many nodes', 130, 60, 4, 100, true],
    ['node by node, when no index can follow', 8, 40, 30, 0, false],
  ])('give the node that the plugins give %s', (_, nodes, pods, numRuns, percentage, isIndexed) => {
    let placed = 0;
    fc.assert(
      fc.property(
        fc.array(application, { minLength: 2, maxLength: 6 }),
        fc.array(node, { minLength: nodes, maxLength: nodes, size: 'max' }),
        fc.array(step, { minLength: pods, maxLength: pods, size: 'max' }),
        fc.constantFrom('1.34', '1.36'),
        (applications, layout, script, version) => {
          placed += play(applications, layout, script, { percentage, version, isIndexed });
        },
      ),
      { numRuns, seed: 42 },
    );
    // Not a test of refusals alone.
    expect(placed).toBeGreaterThan((numRuns * pods) / 4);
  });
});
