/**
 * What the claims of a pod mean for its nodes: VolumeRestrictions, NodeVolumeLimits, VolumeBinding and VolumeZone
 * (kubernetes.md 1.8), asked of the framework's plugins. Pods without claims and shared disks are not asked about.
 *
 * Departs    what is chosen for a pod is not reserved while its scheduler thinks: its bind makes it true at once. A profile that
 *            leaves one of these plugins out is held to it all the same.
 */

import { NO_ROW } from '../../../cluster/hosts.ts';
import { isAttaching } from './provisioners.ts';
import { CycleFilters } from '../framework/cycle-filters.ts';
import { NominatedPods } from '../framework/nominated-pods.ts';
import { nodeVolumeLimits } from '../framework/plugins/node-volume-limits.ts';
import { volumeBinding } from '../framework/plugins/volume-binding.ts';
import { volumeRestrictions } from '../framework/plugins/volume-restrictions.ts';
import { volumeZone } from '../framework/plugins/volume-zone.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { FilterPlugin } from '../framework/plugin.ts';
import type { PendingReason } from '../../../base/reasons.ts';
import type { PluginName, Refusal } from '../framework/status.ts';
import type { Surroundings } from '../framework/surroundings.ts';
import type { ViewNodes } from '../view-nodes.ts';
import type { ViewStorage } from './view-storage.ts';

const FILTERS: readonly FilterPlugin[] = [
  volumeRestrictions,
  nodeVolumeLimits,
  volumeBinding,
  volumeZone,
];
const NOBODY = new NominatedPods();

/** What stands against a pod for the sake of its volumes. */
export interface VolumeJudgement {
  /** Of every node; undefined where the nodes differ, or all will do. */
  readonly ofAll: Refusal | undefined;
  /** Claims and volumes, for preemption to look at. */
  readonly around: Surroundings;
  of(host: number): Refusal | undefined;
  /** The word for what stands against a node. */
  readonly reason: (host: number) => PendingReason | undefined;
  /** Who refuses these nodes. */
  rejectors(hosts: readonly number[]): Set<PluginName>;
}

export class VolumeRules {
  private readonly around: Surroundings;
  private readonly view: ClusterView;
  private readonly nodes: ViewNodes;
  private readonly storage: ViewStorage;

  constructor(view: ClusterView, nodes: ViewNodes, storage: ViewStorage) {
    this.view = view;
    this.nodes = nodes;
    this.storage = storage;
    this.around = { namespaces: new Map(), budgets: [], storage };
  }

  /** Undefined for a pod without volumes that bear on its place. */
  judge(task: number, hosts: readonly number[]): VolumeJudgement | undefined {
    const { tasks, storage } = this.view;
    if (storage.wants[tasks.workload[task]!] === undefined) return undefined;
    this.storage.advance();
    const infos = hosts.map((host) => this.nodes.at(host));
    const pod = this.nodes.podOf(task);
    const { filters, refusal } = CycleFilters.begin(FILTERS, pod, infos, this.around);
    const of = (host: number): Refusal | undefined =>
      refusal ?? filters.refusalOf(this.nodes.at(host), NOBODY);
    return {
      ofAll: refusal,
      around: this.around,
      of,
      reason: (host) => {
        const found = of(host);
        return found && reasonOf(found);
      },
      rejectors: (refused) => {
        const plugins = [refusal, ...refused.map(of)].map((one) => one?.plugin ?? '');
        return new Set(plugins.filter((plugin) => plugin !== ''));
      },
    };
  }

  /** Rows of the claims of a pod; undefined where it has none. */
  claimsOf(task: number): readonly number[] | undefined {
    const { tasks, storage } = this.view;
    const claims = storage.claimsOf(tasks, task);
    return claims.length === 0 ? undefined : claims;
  }

  /** Has the pod a claim whose volume must be attached, which no micro-VM of Fargate can (aws.md 4.6)? */
  needsNode(task: number): boolean {
    const { claims, claimSpecs, volumeSpecs, classes } = this.view.storage;
    return (this.claimsOf(task) ?? []).some((claim) => {
      const volume = claims.volume[claim]!;
      if (volume !== NO_ROW) return volumeSpecs[volume]!.driver !== undefined;
      const provisioner = classes.get(claimSpecs[claim]!.storageClass ?? '')?.provisioner;
      return isAttaching(provisioner ?? '');
    });
  }

  forget(): void {
    this.nodes.forget();
    this.storage.rebuild();
  }
}

function reasonOf({ plugin, reasons }: Refusal): PendingReason {
  switch (plugin as PluginName) {
    case 'NodeVolumeLimits':
      return 'too-many-volumes';
    case 'VolumeRestrictions':
      return 'volume-in-use';
    default:
      return reasons.some((reason) => reason.includes('unbound immediate'))
        ? 'volume-unbound'
        : 'volume-unreachable';
  }
}
