/** The table of hints (kubernetes.md 1.2): which plugin hears of which events, and what it says. */

import { coschedulingHint } from './hints/coscheduling-hint.ts';
import { always } from './hints/plugin-hint.ts';
import { interPodAffinityHint } from './hints/inter-pod-affinity-hint.ts';
import {
  nodeAffinityHint,
  nodeNameHint,
  nodeUnschedulableHint,
  taintTolerationHint,
} from './hints/node-hints.ts';
import {
  nodePortsHint,
  nodeResourcesFitHint,
  nodeVolumeLimitsHint,
  volumePlaceHint,
  volumeRestrictionsHint,
} from './hints/resource-hints.ts';
import { withClaims, withVolumes } from '../volumes/claims-of-pod.ts';
import { podSpecInfo } from '../framework/pod-info.ts';
import { podTopologySpreadHint } from './hints/spread-hint.ts';
import { rejectorBit } from './rejectors.ts';
import type { ClusterEvent } from './cluster-event.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { HintWorld, PluginHint, RefusedPods } from './hints/plugin-hint.ts';
import type { PodSpecInfo } from '../framework/pod-info.ts';
import type { QueueingHints } from './queueing-hints.ts';
import type { RejectingPlugin } from './rejectors.ts';
import type { TemplateKey } from './template.ts';

const HINTS: Readonly<Record<RejectingPlugin, PluginHint>> = {
  NodeUnschedulable: nodeUnschedulableHint,
  NodeName: nodeNameHint,
  TaintToleration: taintTolerationHint,
  NodeAffinity: nodeAffinityHint,
  NodePorts: nodePortsHint,
  NodeResourcesFit: nodeResourcesFitHint,
  VolumeRestrictions: volumeRestrictionsHint,
  NodeVolumeLimits: nodeVolumeLimitsHint,
  VolumeBinding: volumePlaceHint,
  VolumeZone: volumePlaceHint,
  PodTopologySpread: podTopologySpreadHint,
  InterPodAffinity: interPodAffinityHint,
  Coscheduling: coschedulingHint,
};

const ENTRIES = (Object.keys(HINTS) as RejectingPlugin[]).map((plugin) => {
  return { bit: rejectorBit(plugin), hint: HINTS[plugin] };
});

/** Bits of the plugins that hear of events of a kind. */
export function registeredFor(kind: ClusterEvent['kind']): number {
  return ENTRIES.reduce((bits, { bit, hint }) => (hint[kind] === undefined ? bits : bits | bit), 0);
}

const REGISTERED: Readonly<Record<ClusterEvent['kind'], number>> = {
  'node-added': registeredFor('node-added'),
  'node-changed': registeredFor('node-changed'),
  'node-deleted': registeredFor('node-deleted'),
  'pod-added': registeredFor('pod-added'),
  'pod-deleted': registeredFor('pod-deleted'),
  'pod-scaled-down': registeredFor('pod-scaled-down'),
  'storage-changed': registeredFor('storage-changed'),
};

/** Bits of the plugins that any event of a kind gives hope. */
function hopefulOf(kind: ClusterEvent['kind']): number {
  return ENTRIES.reduce((bits, { bit, hint }) => (hint[kind] === always ? bits | bit : bits), 0);
}

const ALWAYS: Readonly<Record<ClusterEvent['kind'], number>> = {
  'node-added': hopefulOf('node-added'),
  'node-changed': hopefulOf('node-changed'),
  'node-deleted': hopefulOf('node-deleted'),
  'pod-added': hopefulOf('pod-added'),
  'pod-deleted': hopefulOf('pod-deleted'),
  'pod-scaled-down': hopefulOf('pod-scaled-down'),
  'storage-changed': hopefulOf('storage-changed'),
};

export class PluginHints implements QueueingHints {
  private readonly world: HintWorld;
  /** By row of a spec: those of templates that were refused, and of pods that came or went meanwhile. */
  private readonly infos = new Map<number, PodSpecInfo>();

  constructor(view: ClusterView) {
    this.world = {
      view,
      infoOf: (task) => withClaims(view, task, this.infoOfSpec(view.tasks.spec[task]!)),
    };
  }

  registered({ kind }: ClusterEvent): number {
    return REGISTERED[kind];
  }

  worthTrying(key: TemplateKey, plugins: number, event: ClusterEvent): boolean {
    if ((plugins & ALWAYS[event.kind]) !== 0) return true;
    const { specs } = this.world.view;
    const refused: RefusedPods = {
      key,
      get spec() {
        return specs.at(key.spec);
      },
      info: () => {
        const info = this.infoOfSpec(key.spec);
        return key.claims === undefined ? info : withVolumes(this.world.view, key.claims, info);
      },
    };
    return ENTRIES.some(
      ({ bit, hint }) => (plugins & bit) !== 0 && this.answer(hint, refused, event),
    );
  }

  private answer(hint: PluginHint, refused: RefusedPods, event: ClusterEvent): boolean {
    const { world } = this;
    switch (event.kind) {
      case 'node-added':
        return hint['node-added']?.(refused, event, world) ?? false;
      case 'node-changed':
        return hint['node-changed']?.(refused, event, world) ?? false;
      case 'node-deleted':
        return hint['node-deleted']?.(refused, event, world) ?? false;
      case 'pod-added':
        return hint['pod-added']?.(refused, event, world) ?? false;
      case 'pod-deleted':
        return hint['pod-deleted']?.(refused, event, world) ?? false;
      case 'pod-scaled-down':
        return hint['pod-scaled-down']?.(refused, event, world) ?? false;
      case 'storage-changed':
        return hint['storage-changed']?.(refused, event, world) ?? false;
    }
  }

  private infoOfSpec(spec: number): PodSpecInfo {
    let info = this.infos.get(spec);
    if (info === undefined) {
      info = podSpecInfo(this.world.view.specs.at(spec));
      this.infos.set(spec, info);
    }
    return info;
  }
}
