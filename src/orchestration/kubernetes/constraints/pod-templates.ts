/**
 * The pods of a simulation as kube-scheduler's plugins know them: one PodSpecInfo for each spec that was written.
 *
 * Workload   every pod has the label `berth.dev/workload`. It selects the pods of a Service whose scenario states no labels, and
 *            what a scenario's `spread` counts; manifests' own selectors do not know it.
 */

import { PLAIN_POD, SPREAD_DEFAULTS } from '../../../cluster/pod-template.ts';
import { podSpecInfo } from '../framework/pod-info.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { LabelSelector, TopologySpread } from '../../../cluster/pod-template.ts';
import type { PodSpecInfo } from '../framework/pod-info.ts';
import type { SpreadConstraint, TaskSpec } from '../../../cluster/spec.ts';

const WORKLOAD_LABEL = 'berth.dev/workload';

export class PodTemplates {
  private readonly view: ClusterView;
  private readonly infos: (PodSpecInfo | undefined)[] = [];
  /** Templates with terms about other pods, and whether one leaves requests unstated, as far as specs were looked at. */
  private readonly withTerms: number[] = [];
  private leavesUnstated = false;
  private looked = 0;

  constructor(view: ClusterView) {
    this.view = view;
  }

  /** By template, not by spec: sizes that were drawn are those of one of its specs. */
  at(template: number): PodSpecInfo {
    return (this.infos[template] ??= infoOf(this.view.specs.writtenAt(template)));
  }

  /** Templates that have a term about other pods. Grows, and is never changed otherwise. */
  get opinionated(): readonly number[] {
    this.look();
    return this.withTerms;
  }

  /** Does a pod of some template count as more than it asks for (kubernetes.md 1.7)? */
  get hasUnstated(): boolean {
    this.look();
    return this.leavesUnstated;
  }

  private look(): void {
    const { specs } = this.view;
    for (; this.looked < specs.writtenCount; this.looked++) {
      const spec = specs.writtenAt(this.looked);
      if (hasTerms(spec)) this.withTerms.push(this.looked);
      const { nonZero, requests } = this.at(this.looked);
      const countsAsAsked =
        nonZero.cpu === (requests['cpu'] ?? 0) && nonZero.memory === (requests['memory'] ?? 0);
      this.leavesUnstated ||= !countsAsAsked;
    }
  }
}

function infoOf(task: TaskSpec): PodSpecInfo {
  const own = ownPods(task);
  const isOfController = task.kind === 'service';
  const labels = { ...task.labels, [WORKLOAD_LABEL]: task.workload };
  const spread = task.pod === undefined ? task.spread.map((one) => spreadOf(one, own)) : [];
  const plain = podSpecInfo({ ...task, labels }, isOfController ? own : undefined);
  if (spread.length === 0) return plain;
  return { ...plain, template: { ...plain.template, topologySpread: spread } };
}

function ownPods({ workload }: TaskSpec): LabelSelector {
  return { matchLabels: { [WORKLOAD_LABEL]: workload }, matchExpressions: [] };
}

function spreadOf(constraint: SpreadConstraint, selector: LabelSelector): TopologySpread {
  return { ...SPREAD_DEFAULTS, ...constraint, selector };
}

function hasTerms({ pod = PLAIN_POD }: TaskSpec): boolean {
  const { affinity, antiAffinity } = pod;
  const lists = [
    affinity.required,
    affinity.preferred,
    antiAffinity.required,
    antiAffinity.preferred,
  ];
  return lists.some((terms) => terms.length > 0);
}
