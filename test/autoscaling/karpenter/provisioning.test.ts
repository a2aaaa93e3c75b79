import { describe, expect, it } from 'vitest';
import { HOST_STATE } from '../../../src/cluster/hosts.ts';
import { HOSTNAME, ZONE } from '../../../src/autoscaling/karpenter/well-known-labels.ts';
import { KarpenterWorld, claimsOf } from './karpenter-world.ts';
import { NO_AFFINITY, PLAIN_POD } from '../../../src/cluster/pod-template.ts';
import { PLAIN_PLANNING, Provisioner } from '../../../src/autoscaling/karpenter/provisioner.ts';
import { Requirement } from '../../../src/autoscaling/karpenter/requirement.ts';
import { Requirements } from '../../../src/autoscaling/karpenter/requirements.ts';
import { MARKET } from '../../support/world.ts';
import { podOf } from '../../../src/autoscaling/karpenter/pod.ts';
import type { LabelRequirement } from '../../../src/cluster/spec.ts';
import type { PodTemplate, PodTerm } from '../../../src/cluster/pod-template.ts';

const M5 = ['m5.large', 'm5.xlarge', 'm5.2xlarge'];

function inZone(zone: string): LabelRequirement {
  return { key: ZONE, operator: 'In', values: [`us-east-1${zone}`] };
}

function apart(topologyKey: string): PodTerm {
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  return { topologyKey, selector, namespaces: [] };
}

/** Of pods with the label app: web. */
function web(parts: Partial<PodTemplate>) {
  return { labels: { app: 'web' }, pod: { ...PLAIN_POD, ...parts } };
}

function zonesOf(plan: ReturnType<KarpenterWorld['plan']>): string[] {
  return plan.claims.map(({ requirements }) =>
    [...requirements.get(ZONE)!.values].map((zone) => zone.slice(-1)).join(''),
  );
}

it('pitfall 14.2: a claim is a set of types, the 600 cheapest of those that would do', () => {
  const world = new KarpenterWorld();
  world.addNodePool('any', { arch: [], categories: ['c', 'm', 'r'] });
  const plan = world.plan(world.addPending(world.addService('web', 0.1, 0.1)));
  expect(plan.claims[0]!.types).toHaveLength(600);
  expect(world.provisioner().templates[0]!.types.length).toBeGreaterThan(600);
});

it('pitfall 14.3: packs first fit, not best fit: nodes in the order of their names', () => {
  const world = new KarpenterWorld();
  const { pool } = world.addNodePool('m5', { instanceTypes: M5 });
  const roomy = world.addHostOf('m5.2xlarge', pool, 0, false, HOST_STATE.ready);
  world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
  // The second node would be filled by the pod; the first one comes first.
  const plan = world.plan(world.addPending(world.addService('web', 1.9, 1)));
  expect(plan.placements.map(({ host }) => host)).toEqual([roomy]);
});

describe('pitfall 14.5: a preference is hard until it is dropped', () => {
  it('so a node outside the preferred zone stays empty while a new one is opened inside', () => {
    const world = new KarpenterWorld();
    const { pool } = world.addNodePool('m5', { instanceTypes: M5 });
    world.addHostOf('m5.2xlarge', pool, 0, false, HOST_STATE.ready);
    const term = { expressions: [inZone('c')], fields: [] };
    const spec = web({ preferredNodeTerms: [{ weight: 1, term }] });
    const plan = world.plan(world.addPending(world.addService('web', 1, 1, spec)));
    expect(plan.placements).toEqual([]);
    expect(zonesOf(plan)).toEqual(['c']);
  });

  it('the heaviest first', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: M5 });
    const preferring = (zone: string, weight: number) => ({
      weight,
      term: { expressions: [inZone(zone)], fields: [] },
    });
    // No zone x: the heaviest is dropped, and the next one holds.
    const preferredNodeTerms = [preferring('b', 1), preferring('x', 50), preferring('c', 10)];
    const spec = web({ preferredNodeTerms });
    const plan = world.plan(world.addPending(world.addService('web', 1, 1, spec)));
    expect(zonesOf(plan)).toEqual(['c']);
  });

  it('unless preferences are ignored from the start', () => {
    const world = new KarpenterWorld();
    const { pool } = world.addNodePool('m5', { instanceTypes: M5 });
    const ready = world.addHostOf('m5.2xlarge', pool, 0, false, HOST_STATE.ready);
    const term = { expressions: [inZone('c')], fields: [] };
    const spec = web({ preferredNodeTerms: [{ weight: 1, term }] });
    const tasks = world.addPending(world.addService('web', 1, 1, spec));
    const policy = { ...PLAIN_PLANNING, ignoresPreferences: true };
    const provisioner = new Provisioner(world.cluster, 0, world.configs, MARKET, policy);
    const pods = tasks.map((task) => podOf(world.cluster, task));
    expect(provisioner.plan(pods, new Set()).placements.map(({ host }) => host)).toEqual([ready]);
  });

  it('and so are taints that are only preferred', () => {
    const world = new KarpenterWorld();
    const taint = { key: 'soft', value: '', effect: 'PreferNoSchedule' } as const;
    world.addNodePool('soft', { instanceTypes: M5 }, { weight: 10 }, { taints: [taint] });
    world.addNodePool('plain', { instanceTypes: ['m5.large'] });
    const small = world.addPending(world.addService('small', 1, 1));
    const large = world.addPending(world.addService('large', 3, 1));
    // The large pod fits no m5.large: it goes to the tainted pool once it tolerates the taint.
    const pools = world
      .plan([...small, ...large])
      .claims.map(({ template, pods }) => `${template.config.name} ${pods.length}`);
    expect(pools).toEqual(['soft 1', 'plain 1']);
  });
});

describe('anti-affinity (aws.md 1.11)', () => {
  it('to the host opens a node for each pod', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: M5 });
    const spec = web({ antiAffinity: { ...NO_AFFINITY, required: [apart(HOSTNAME)] } });
    const plan = world.plan(world.addPending(world.addService('web', 0.5, 1, spec), 3));
    expect(claimsOf(plan).map(({ pods }) => pods)).toEqual([1, 1, 1]);
  });

  it('to the zone needs a plan for each zone: a claim may be in any of them', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: M5 });
    const spec = web({ antiAffinity: { ...NO_AFFINITY, required: [apart(ZONE)] } });
    const plan = world.plan(world.addPending(world.addService('web', 0.5, 1, spec), 3));
    expect(plan.claims).toHaveLength(1);
    expect(plan.unplaced).toHaveLength(2);
  });

  it('of a pod that runs keeps others away too', () => {
    const world = new KarpenterWorld();
    const { pool } = world.addNodePool('m5', { instanceTypes: M5 });
    const host = world.addHostOf('m5.2xlarge', pool, 0, false, HOST_STATE.ready);
    const spec = web({ antiAffinity: { ...NO_AFFINITY, required: [apart(HOSTNAME)] } });
    world.addRunning(world.addService('lonely', 0.5, 1, spec), host);
    // It has the label, and no rule of its own.
    const other = world.addService('other', 0.5, 1, web({}));
    const plan = world.plan(world.addPending(other));
    expect(plan.placements).toEqual([]);
    expect(plan.claims).toHaveLength(1);
  });
});

it('anti-affinity selects namespaces by their labels', () => {
  const world = new KarpenterWorld();
  const { pool } = world.addNodePool('m5', { instanceTypes: M5 });
  const host = world.addHostOf('m5.2xlarge', pool, 0, false, HOST_STATE.ready);
  world.addRunning(world.addService('there', 0.5, 1, web({ namespace: 'team-a' })), host);
  const namespaceSelector = { matchLabels: { team: 'a' }, matchExpressions: [] };
  const required = [{ ...apart(HOSTNAME), namespaceSelector }];
  const spec = web({ antiAffinity: { ...NO_AFFINITY, required } });
  const [task] = world.addPending(world.addService('web', 0.5, 1, spec));
  const planWith = (team: string) =>
    new Provisioner(world.cluster, 0, world.configs, MARKET, {
      ...PLAIN_PLANNING,
      namespaces: new Map([['team-a', { team }]]),
    }).plan([podOf(world.cluster, task!)], new Set());
  expect(planWith('a').claims).toHaveLength(1);
  expect(planWith('b').placements.map((one) => one.host)).toEqual([host]);
});

it('affinity to itself gathers the pods in one zone', () => {
  const world = new KarpenterWorld();
  world.addNodePool('m5', { instanceTypes: ['m5.large'] });
  const spec = web({ affinity: { ...NO_AFFINITY, required: [apart(ZONE)] } });
  const plan = world.plan(world.addPending(world.addService('web', 1.5, 1, spec), 3));
  expect(zonesOf(plan)).toEqual(['a', 'a', 'a']);
});

it('pods with the same port of the host go to nodes of their own', () => {
  const world = new KarpenterWorld();
  world.addNodePool('m5', { instanceTypes: M5 });
  const main = {
    name: 'main',
    image: '',
    requests: { cpu: 500 },
    limits: {},
    hostPorts: [{ ip: '0.0.0.0', protocol: 'TCP', port: 80 }],
    isSidecar: false,
  };
  const spec = web({ containers: [main] });
  const plan = world.plan(world.addPending(world.addService('web', 0.5, 1, spec), 2));
  expect(claimsOf(plan).map(({ pods }) => pods)).toEqual([1, 1]);
});

it('minValues give way under BestEffort when a claim is opened (aws.md 1.9)', () => {
  const world = new KarpenterWorld();
  const key = 'node.kubernetes.io/instance-type';
  const wish = { key, operator: 'In', values: M5, minValues: 2 } as const;
  world.addNodePool('m5', { instanceTypes: M5 }, { requirements: [wish] });
  const [task] = world.addPending(world.addService('large', 6, 1));
  // Only the m5.2xlarge has six cores.
  const planBy = (isBestEffort: boolean) =>
    new Provisioner(world.cluster, 0, world.configs, MARKET, {
      ...PLAIN_PLANNING,
      isBestEffort,
    }).plan([podOf(world.cluster, task!)], new Set());
  expect(planBy(false).claims).toHaveLength(0);
  expect(claimsOf(planBy(true))).toEqual([{ types: ['m5.2xlarge'], pods: 1 }]);
});

it('a claim goes where the volumes of its pods may be, a zone after the other (aws.md 1.6)', () => {
  const world = new KarpenterWorld();
  world.addNodePool('m5', { instanceTypes: M5 }, { zones: [0, 1] });
  const places = ['c', 'b'].map((zone) => Requirements.of([Requirement.of(inZone(zone))]));
  const provisioner = new Provisioner(
    world.cluster,
    0,
    world.configs,
    MARKET,
    PLAIN_PLANNING,
    () => places,
  );
  const [task] = world.addPending(world.addService('web', 1, 1));
  // The NodePool has no zone c.
  expect(zonesOf(provisioner.plan([podOf(world.cluster, task!)], new Set()))).toEqual(['b']);
});
