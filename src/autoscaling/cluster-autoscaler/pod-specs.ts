/**
 * Specs as the scheduler's filters see them, and whether a snapshot has to ask the filters about a pod at all.
 *
 * Plain      a pod that states nothing but labels of nodes, tolerations and sizes is answered by columns. It has to be asked
 *            about all the same while any spec of the run keeps others off its node (required anti-affinity).
 * Claims     a pod with claims is asked about too. How many volumes a node may have attached is not: a node that is to come has
 *            told nobody yet.
 * Left out   sizes, which the columns know with the shares of GPUs; disks that pods share without a claim.
 * Source     kubernetes.md 1.8, 5.3.
 */

import { BARE } from '../../orchestration/kubernetes/framework/surroundings.ts';
import { HOST_KEY } from '../../orchestration/kubernetes/topology-keys.ts';
import { PodTemplates } from '../../orchestration/kubernetes/constraints/pod-templates.ts';
import { ViewStorage } from '../../orchestration/kubernetes/volumes/view-storage.ts';
import { EXPENDABLE_BELOW } from './unschedulable-pods.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { ContainerTemplate } from '../../cluster/pod-template.ts';
import type { PodSpecInfo } from '../../orchestration/kubernetes/framework/pod-info.ts';
import type { Surroundings } from '../../orchestration/kubernetes/framework/surroundings.ts';
import type { SpreadConstraint, TaskSpec } from '../../cluster/spec.ts';

export class PodSpecs {
  private readonly view: ClusterView;
  private readonly templates: PodTemplates;
  private readonly bare: Surroundings;
  private readonly expendableBelow: number;
  /** Absent where no pod claims a volume. */
  private readonly storage: ViewStorage | undefined;
  /** By row of the spec, filled when first asked. */
  private readonly constrained: boolean[] = [];
  /** Rows looked at, and whether one of them keeps other pods off or is expendable. */
  private looked = 0;
  private keepsOff = false;
  private hasExpendable = false;

  /** `namespaces`: with labels, for terms that select by them. `expendableBelow`: a priority. */
  constructor(
    view: ClusterView,
    namespaces: Surroundings['namespaces'] = BARE.namespaces,
    expendableBelow = EXPENDABLE_BELOW,
  ) {
    this.view = view;
    this.expendableBelow = expendableBelow;
    this.bare = { ...BARE, namespaces };
    this.templates = new PodTemplates(view);
    this.storage = view.storage.isEmpty ? undefined : new ViewStorage(view, () => undefined);
  }

  /** What filters look at besides nodes and pods. */
  get around(): Surroundings {
    const { storage } = this;
    if (storage === undefined) return this.bare;
    storage.advance();
    return { ...this.bare, storage };
  }

  at(row: number): PodSpecInfo {
    return this.templates.at(this.view.specs.templateOf(row));
  }

  needsFilters(row: number): boolean {
    return (
      this.someKeepOthersOff() || (this.constrained[row] ??= isConstrained(this.view.specs.at(row)))
    );
  }

  spreadsOverHosts(row: number): boolean {
    const spec = this.view.specs.at(row);
    const { spread, pod } = spec;
    return [...spread, ...(pod?.topologySpread ?? [])].some(
      ({ topologyKey }) => topologyKey === HOST_KEY,
    );
  }

  /** Pods that make way for all others, below priority -10, are as if they were not there. */
  isExpendable(row: number): boolean {
    return this.view.specs.priorityOf(row) < this.expendableBelow;
  }

  /** False while no spec of the run is expendable. */
  someAreExpendable(): boolean {
    this.look();
    return this.hasExpendable;
  }

  private someKeepOthersOff(): boolean {
    this.look();
    return this.keepsOff;
  }

  private look(): void {
    const { specs } = this.view;
    for (; this.looked < specs.count; this.looked++) {
      const pod = specs.podOf(this.looked);
      this.keepsOff ||= pod !== undefined && pod.antiAffinity.required.length > 0;
      this.hasExpendable ||= this.isExpendable(this.looked);
    }
  }
}

function isConstrained({ spread, pod }: TaskSpec): boolean {
  if (spread.some(isHard)) return true;
  if (pod === undefined) return false;
  const { requiredNodeTerms: terms = [], affinity, antiAffinity, topologySpread } = pod;
  return (
    pod.nodeName !== '' ||
    affinity.required.length > 0 ||
    antiAffinity.required.length > 0 ||
    topologySpread.some(isHard) ||
    terms.length > 1 ||
    terms.some(({ fields }) => fields.length > 0) ||
    [...pod.containers, ...pod.initContainers].some(takesPorts)
  );
}

function isHard({ whenUnsatisfiable }: Pick<SpreadConstraint, 'whenUnsatisfiable'>): boolean {
  return whenUnsatisfiable === 'DoNotSchedule';
}

function takesPorts({ hostPorts }: ContainerTemplate): boolean {
  return hostPorts.length > 0;
}
