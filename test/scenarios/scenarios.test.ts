/** The scenarios that come with Berth: all of them load, the lessons hold what they say, published traces lose no task. */

import { describe, expect, it } from 'vitest';
import { load, run, statesOf } from './run-scenario.ts';
import tightestMemory from '../../scenarios/tutorial/policies/tightest-memory.ts';

const LESSONS = [
  'tutorial/1-one-queue.yaml',
  'tutorial/2-first-service.yaml',
  'tutorial/3-spread-or-pack.yaml',
  'tutorial/4-spot.yaml',
  'tutorial/5-own-hosts-first.yaml',
  'tutorial/6-zone-outage.yaml',
  'tutorial/7-rolling-update.yaml',
  'tutorial/8-sharing-a-cluster.yaml',
  'tutorial/9-your-manifests.yaml',
];
const OWN_POLICY = 'tutorial/policies/own-policy.yaml';
const STANDARD = 'standard/shop-on-every-launch-type.yaml';

describe('the lessons', () => {
  it.each(LESSONS)('%s holds what it expects, and its states add up', async (name) => {
    const { summary, broken } = await run(name);
    expect(broken).toEqual([]);
    for (const row of summary) expect(statesOf(row)).toBe(row.tasksSubmitted);
  });

  it('the policy of one’s own is taken by name and does what its scenario expects', async () => {
    const { broken } = await run(OWN_POLICY, [tightestMemory]);
    expect(broken).toEqual([]);
    expect(() => load(OWN_POLICY)).toThrow('tightest-memory');
  });
});

describe('the main comparison', () => {
  it('loads without a fault and compares every launch type with ECS on EC2', () => {
    const { variants, baseline, replications } = load(STANDARD);
    expect(baseline).toBe('ecs-ec2');
    expect(replications).toBe(5);
    expect(variants.map(({ name }) => name)).toEqual([
      'ecs-ec2',
      'ecs-ec2-spot',
      'ecs-fargate',
      'ecs-fargate-spot',
      'eks-autoscaler',
      'eks-karpenter',
      'eks-fargate',
      'on-prem-burst',
    ]);
  });

  it('runs the same shop on every Kubernetes variant as on ECS, apart from what a cluster needs itself', () => {
    const { variants } = load(STANDARD);
    const shopOf = (name: string) =>
      variants
        .find((one) => one.name === name)!
        .scenario.workload.filter(({ kind }) => kind !== 'daemon')
        .filter((entry) => !['coredns', 'cluster-autoscaler', 'karpenter'].includes(entry.name));
    for (const name of ['eks-autoscaler', 'eks-karpenter', 'eks-fargate']) {
      expect(shopOf(name)).toEqual(shopOf('ecs-ec2'));
    }
  });
});

describe('the published traces', () => {
  it.each([
    'published/openb-fleet/scenario.yaml',
    'published/sdsc-sp2/scenario.yaml',
    'published/kube-scheduler-openb/scenario.yaml',
  ])('%s loads without a fault', (name) => void load(name));

  const hasData = (process.env['BERTH_DATA'] ?? '') !== '';
  describe.skipIf(!hasData)('replayed (skipped without BERTH_DATA)', () => {
    it.each([
      ['published/openb-fleet/scenario.yaml', 8152],
      ['published/sdsc-sp2/scenario.yaml', 59_715],
    ])('%s accounts for each of its %i tasks in every variant', async (name, tasks) => {
      const { summary, broken } = await run(name);
      for (const row of summary) {
        expect(row.tasksSubmitted).toBe(tasks);
        expect(statesOf(row)).toBe(tasks);
      }
      expect(broken).toEqual([]);
    });

    it('kube-scheduler leaves about as many pods of openb without a node as the real one did', async () => {
      const { summary, broken } = await run('published/kube-scheduler-openb/scenario.yaml');
      expect(broken).toEqual([]);
      // Ten seeds of 1,067, 2,099, 3,940 and 7,064 pods.
      expect(summary.map(({ tasksSubmitted }) => tasksSubmitted)).toEqual(
        [1_067, 2_099, 3_940, 7_064].flatMap((pods) => Array.from({ length: 10 }, () => pods)),
      );
    });
  });
});
