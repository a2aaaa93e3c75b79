/**
 * KEDA: takes a workload to 0 replicas when nothing asks for it, and back. Between 1 and the maximum a
 * HorizontalPodAutoscaler works, which leaves a workload at 0 alone (kubernetes.md 4.3).
 *
 * Look       every `pollingUs`, each target at its own times: active when the measure is above `activation`, whose default of 0
 *            needs more than none. The measure: messages in the workload's queue, or requests a second.
 * Active     at 0 replicas, or at the idle number: minReplicas, at least 1. The cooldown starts anew.
 * Inactive   above 0 with a minimum of 0: to 0 (or the idle number) once the last activity is more than `cooldownUs` ago;
 *            without any activity yet, once the initial cooldown has passed since the start of the run. Below the minimum:
 *            to the minimum.
 * Requests   are read when asked; at 0 replicas they are refused. Messages wait.
 * Departs    no fallback replicas, as the scaler never fails; no pause.
 */

import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { UsageProbe } from '../../telemetry/usage-probe.ts';

export interface KedaTarget {
  readonly workload: number;
  readonly minReplicas: number;
  /** Fewer than the minimum; undefined for 0 where the minimum is 0. */
  readonly idleReplicas: number | undefined;
  readonly measure: 'requests' | 'queue';
  readonly activation: number;
  readonly pollingUs: number;
  readonly cooldownUs: number;
  readonly initialCooldownUs: number;
}

/** One entry a target; `lastActiveUs` null before the first activity. */
export type KedaState = readonly {
  readonly nextPollUs: number;
  readonly lastActiveUs: number | null;
}[];

export class Keda implements Controller {
  readonly actor = 'keda';
  readonly phase = 'autoscaling';
  readonly wakesOn = 0;
  /** Requests may come to a cluster in which nothing runs: such a run goes on. */
  readonly background = false;
  private readonly view: ClusterView;
  private readonly probe: UsageProbe;
  private readonly targets: readonly KedaTarget[];
  private polls: { nextPollUs: number; lastActiveUs: number | null }[];

  /** First looks of the targets, each before its polling time has passed. */
  constructor(
    view: ClusterView,
    probe: UsageProbe,
    targets: readonly KedaTarget[],
    phasesUs: readonly number[],
  ) {
    this.view = view;
    this.probe = probe;
    this.targets = targets;
    this.polls = phasesUs.map((nextPollUs) => ({ nextPollUs, lastActiveUs: null }));
  }

  get wakeAtUs(): number {
    return this.polls.reduce((least, { nextPollUs }) => Math.min(least, nextPollUs), Infinity);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    for (const [index, target] of this.targets.entries()) {
      const poll = this.polls[index]!;
      if (poll.nextPollUs > nowUs) continue;
      poll.nextPollUs = nowUs + target.pollingUs;
      const { workload, measure, activation } = target;
      const measured =
        measure === 'queue'
          ? this.probe.queueLength(workload, nowUs)
          : this.probe.requestsPerSecond(workload, nowUs);
      const isActive = measured > activation;
      const current = this.view.workloads.desired[workload]!;
      const desired = isActive ? activeSize(target, current) : this.idleSize(index, current, nowUs);
      if (isActive) poll.lastActiveUs = nowUs;
      if (desired !== current) out.push({ kind: 'set-desired', workload, desired });
    }
  }

  save(): KedaState {
    return this.polls.map((poll) => ({ ...poll }));
  }

  restore(state: KedaState): void {
    this.polls = state.map((poll) => ({ ...poll }));
  }

  private idleSize(index: number, current: number, nowUs: number): number {
    const target = this.targets[index]!;
    const { minReplicas, idleReplicas, cooldownUs, initialCooldownUs } = target;
    const mayShrink = minReplicas === 0 || idleReplicas !== undefined;
    if (!mayShrink) return Math.max(current, minReplicas);
    const idle = idleReplicas ?? 0;
    if (current <= idle) return current;
    const { lastActiveUs } = this.polls[index]!;
    const endsUs = lastActiveUs === null ? initialCooldownUs : lastActiveUs + cooldownUs;
    return endsUs < nowUs ? idle : current;
  }
}

function activeSize({ minReplicas, idleReplicas }: KedaTarget, current: number): number {
  return current === 0 || current <= (idleReplicas ?? -1) ? Math.max(1, minReplicas) : current;
}
