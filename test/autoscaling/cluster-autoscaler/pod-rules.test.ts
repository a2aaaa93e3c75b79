import { describe, expect, it } from 'vitest';
import { DisruptionBudgets } from '../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';
import { KubernetesWorld } from './kubernetes-world.ts';
import { PLAIN_POD } from '../../../src/cluster/pod-template.ts';
import { TASK_STATE } from '../../../src/cluster/tasks.ts';
import { US_PER_HOUR, US_PER_SECOND } from '../../../src/base/units.ts';
import { movabilityOf } from '../../../src/autoscaling/cluster-autoscaler/pod-rules.ts';
import type {
  JudgedPod,
  SkippedNodes,
} from '../../../src/autoscaling/cluster-autoscaler/pod-rules.ts';
import type { PodTemplate } from '../../../src/cluster/pod-template.ts';

const SAFE = 'cluster-autoscaler.kubernetes.io/safe-to-evict';

const ALL: SkippedNodes = { withSystemPods: true, withLocalStorage: true, replicasMin: 0 };
const NONE: SkippedNodes = { withSystemPods: false, withLocalStorage: false, replicasMin: 0 };

function judge(
  template: Partial<PodTemplate>,
  parts: Partial<JudgedPod> = {},
  skips: SkippedNodes = ALL,
) {
  const pod = {
    isDaemon: false,
    isReplicated: true,
    replicas: 2,
    ageUs: 0,
    hasBudget: false,
    isDisruptable: true,
    template: { ...PLAIN_POD, ...template },
    ...parts,
  };
  return movabilityOf(pod, skips);
}

describe('pods that hold a node (kubernetes.md 5.6 Pod rules)', () => {
  it('a pod of a service of too few replicas holds its node, a daemon does not (--min-replica-count)', () => {
    expect(judge({}, {}, { ...NONE, replicasMin: 2 })).toBe('move');
    expect(judge({}, {}, { ...NONE, replicasMin: 3 })).toBe('block');
    expect(judge({}, { isDaemon: true }, { ...NONE, replicasMin: 3 })).toBe('stay');
  });

  it('a pod with a controller moves, one without stays and holds its node', () => {
    expect(judge({})).toBe('move');
    expect(judge({}, { isReplicated: false })).toBe('block');
    expect(judge({}, { isReplicated: false, isDaemon: true })).toBe('stay');
  });

  it('safe-to-evict=true comes before all that would block', () => {
    const template = { annotations: { [SAFE]: 'true' }, volumes: [{ kind: 'local' as const }] };
    expect(judge(template, { isReplicated: false, isDisruptable: false })).toBe('move');
  });

  it('safe-to-evict=false blocks, on-completion waits', () => {
    expect(judge({ annotations: { [SAFE]: 'false' } })).toBe('block');
    expect(judge({ annotations: { [SAFE]: 'on-completion' } })).toBe('wait');
  });

  it('local storage blocks', () => {
    expect(judge({ volumes: [{ kind: 'local' }] })).toBe('block');
    expect(judge({ volumes: [{ kind: 'claim', claim: 'c' }] })).toBe('move');
  });

  it('a pod of kube-system without a budget blocks in its first hour', () => {
    const system = { namespace: 'kube-system' };
    expect(judge(system, { ageUs: US_PER_HOUR })).toBe('block');
    expect(judge(system, { ageUs: US_PER_HOUR + 1 })).toBe('move');
    expect(judge(system, { hasBudget: true })).toBe('move');
  });

  it('neither blocks where nodes with such pods are not skipped', () => {
    expect(judge({ volumes: [{ kind: 'local' }] }, {}, NONE)).toBe('move');
    expect(judge({ namespace: 'kube-system' }, {}, NONE)).toBe('move');
  });

  it('a budget that is used up blocks', () => {
    expect(judge({}, { hasBudget: true, isDisruptable: false })).toBe('block');
  });

  it('a budget holds a node of which it covers a pod that may not go', () => {
    const world = new KubernetesWorld();
    const pool = world.addPool('base', ['m5.large'], { desired: 2 });
    const hosts = [world.addHost(pool), world.addHost(pool)];
    const api = world.service('api', 500);
    for (const host of hosts) world.addRunning(api, host);
    world.cluster.workloads.desired[api] = 2;
    const unneeded = (minAvailable: number) => {
      const rule = {
        minAvailable: { count: minAvailable },
        unhealthyPodEviction: 'IfHealthyBudget' as const,
      };
      const budgets = new DisruptionBudgets(world.cluster, [{ rule, workloads: [api] }]);
      const autoscaler = world.autoscaler([pool], { budgets });
      world.wake(autoscaler, autoscaler.wakeAtUs + US_PER_SECOND);
      return autoscaler.save().unneeded.nodes.map(({ host }) => host);
    };
    for (const host of hosts) {
      const task = world.cluster.hosts.firstTask[host]!;
      world.cluster.tasks.state[task] = TASK_STATE.running;
      world.ledger.setReady(task, 0);
    }
    expect(unneeded(1)).toEqual([0]);
    expect(unneeded(2)).toEqual([]);
  });
});
