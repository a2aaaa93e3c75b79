/**
 * The pods of a cluster as rules about other pods count them: by host and template, without those that are terminating or that
 * a plan moves. Counted again when anything has happened since.
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import { Requirements } from './requirements.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Pod } from './pod.ts';
import type { PodTemplates } from '../../orchestration/kubernetes/constraints/pod-templates.ts';
import type { ScheduledPods } from './topology.ts';
import type { SpreadNode } from './topology-group.ts';

interface Count {
  readonly host: number;
  readonly template: number;
  pods: number;
}

export class ScheduledPodsBook {
  readonly templates: PodTemplates;
  private readonly view: ClusterView;
  private readonly requirementsByKind: (Requirements | undefined)[] = [];
  private counts: ReadonlyMap<number, readonly Count[]> = new Map();
  private countedAt = -1;

  constructor(view: ClusterView, templates: PodTemplates) {
    this.view = view;
    this.templates = templates;
  }

  /** What was counted is void: the cluster is another one, whatever its journal says. */
  forget(): void {
    this.countedAt = -1;
  }

  /** What a host's labels state, one value for all hosts of a kind. */
  requirementsOf(host: number): Requirements {
    const { hosts, specs } = this.view;
    const kind = hosts.kind[host]!;
    return (this.requirementsByKind[kind] ??= Requirements.ofLabels(specs.kindAt(kind).labels));
  }

  nodeOf(host: number): SpreadNode {
    const { hosts, specs } = this.view;
    return {
      taints: specs.kindAt(hosts.kind[host]!).taints,
      requirements: this.requirementsOf(host),
      hostname: String(host),
    };
  }

  /** Does a pod that is scheduled repel others, so that every plan has to know of it? */
  get hasRepelling(): boolean {
    return this.templates.opinionated.some(
      (template) => this.templates.at(template).template.antiAffinity.required.length > 0,
    );
  }

  on(hosts: readonly number[], moved: readonly Pod[]): ScheduledPods[] {
    this.count(hosts);
    const leaving = new Map<string, number>();
    for (const { leaves, spec } of moved) {
      if (leaves === NO_ROW) continue;
      const name = `${leaves}/${this.view.specs.templateOf(spec)}`;
      leaving.set(name, (leaving.get(name) ?? 0) + 1);
    }
    const scheduled: ScheduledPods[] = [];
    for (const host of hosts) {
      for (const { template, pods } of this.counts.get(host) ?? []) {
        const count = pods - (leaving.get(`${host}/${template}`) ?? 0);
        if (count > 0) scheduled.push(this.described(host, template, count));
      }
    }
    return scheduled;
  }

  private described(host: number, template: number, count: number): ScheduledPods {
    const { labels, template: pod, tolerations } = this.templates.at(template);
    const { namespace, antiAffinity } = pod;
    const node = this.nodeOf(host);
    const repels = antiAffinity.required;
    return { labels, namespace, count, isCounted: true, node, repels, tolerations };
  }

  private count(hosts: readonly number[]): void {
    const { view } = this;
    if (this.countedAt === view.journal.version) return;
    this.countedAt = view.journal.version;
    this.counts = new Map(hosts.map((host) => [host, this.countOn(host)]));
  }

  private countOn(host: number): Count[] {
    const { hosts, tasks, specs } = this.view;
    const counts: Count[] = [];
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      if (tasks.stopping[task] === 1) continue;
      const template = specs.templateOf(tasks.spec[task]!);
      const known = counts.find((one) => one.template === template);
      if (known === undefined) counts.push({ host, template, pods: 1 });
      else known.pods++;
    }
    return counts;
  }
}
