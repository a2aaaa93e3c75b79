/**
 * The shapes of a simulation's pods: pods with the same spec, of the same workload, bound to the same pool, share one. They
 * outlive a plan, and with them what is known of their requirements.
 *
 * Departs  pods whose template says nothing of resources by container ask for the task's sizes; of GPUs whole devices.
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import { PodShape } from './pod-shape.ts';
import { PodTemplates } from '../../orchestration/kubernetes/constraints/pod-templates.ts';
import { mayUsePool } from '../../placement/feasible.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Pod } from './pod.ts';
import type { PodWishes, ShapeBook } from './pod-shape.ts';
import type { Requirements } from './requirements.ts';

/** Where the volumes of a task may be; empty for anywhere. */
export type VolumePlaces = (task: number) => readonly Requirements[];

export class PodShapes {
  readonly templates: PodTemplates;
  private readonly view: ClusterView;
  private readonly volumesOf: VolumePlaces;
  private readonly ignoresPreferences: boolean;
  private readonly book: ShapeBook = { next: 0 };
  /** By spec, then by workload, pool and places of volumes. */
  private readonly shapes: (Map<string, PodShape> | undefined)[] = [];

  constructor(view: ClusterView, ignoresPreferences: boolean, volumesOf: VolumePlaces) {
    this.view = view;
    this.templates = new PodTemplates(view);
    this.ignoresPreferences = ignoresPreferences;
    this.volumesOf = volumesOf;
  }

  of({ task, spec, workload, pool }: Pod): PodShape {
    return this.shapeOf(spec, workload, pool, this.volumesOf(task));
  }

  /** Of the daemon that a workload runs on every host. */
  ofDaemon(workload: number): PodShape {
    return this.shapeOf(this.view.workloads.spec[workload]!, workload, NO_ROW, []);
  }

  private shapeOf(
    spec: number,
    workload: number,
    pool: number,
    volumes: readonly Requirements[],
  ): PodShape {
    const ofSpec = (this.shapes[spec] ??= new Map());
    const places = volumes.map((one) => Array.from(one.all(), ({ text }) => text).join(','));
    const name = `${workload}/${pool}/${places.join('|')}`;
    let shape = ofSpec.get(name);
    if (shape === undefined) {
      const wishes = this.wishesOf(spec, workload, pool, volumes);
      ofSpec.set(name, (shape = new PodShape(wishes, this.book, this.ignoresPreferences)));
    }
    return shape;
  }

  private wishesOf(
    spec: number,
    workload: number,
    pool: number,
    volumes: readonly Requirements[],
  ): PodWishes {
    const { view } = this;
    const { specs } = view;
    const task = specs.at(spec);
    const info = this.templates.at(specs.templateOf(spec));
    const { template, labels, nodeSelector, tolerations, hostPorts } = info;
    const terms = task.pod?.requiredNodeTerms?.map(({ expressions }) => expressions);
    const own = task.requirements.length === 0 ? [] : [task.requirements];
    return {
      labels,
      namespace: template.namespace,
      requests: [specs.cpuTicks[spec]!, specs.memoryBytes[spec]!, 1, specs.gpuCount[spec]!],
      nodeSelector,
      requiredTerms: terms ?? own,
      preferredTerms: template.preferredNodeTerms.map(({ weight, term }) => ({
        weight,
        term: term.expressions,
      })),
      tolerations,
      spread: template.topologySpread,
      affinity: template.affinity,
      antiAffinity: template.antiAffinity,
      hostPorts,
      volumes,
      mayUsePool: (one) => (pool === NO_ROW || pool === one) && mayUsePool(view, one, workload),
    };
  }
}
