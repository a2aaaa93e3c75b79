/**
 * A cluster of a case as the scheduler's cache holds it: nodes in their zones, pods on them, and what plugins look at besides. Pods
 * and nodes are read by the product's own readers of manifests.
 *
 * Images     a node knows on how many nodes its images were when the scheduler looked at it last, which it does only when a pod
 *            on it or the node itself has changed (kubernetes.md 1.9).
 */

import { NodeInfo } from '../../../src/orchestration/kubernetes/framework/node-info.ts';
import { PriorityClasses } from '../../../src/workload/manifests/priority-classes.ts';
import { defaultSelectorOf } from '../../../src/orchestration/kubernetes/framework/default-selector.ts';
import { nodeSpec } from '../../../src/workload/manifests/node-object.ts';
import { podSpecInfo } from '../../../src/orchestration/kubernetes/framework/pod-info.ts';
import { podTaskSpec } from '../../../src/workload/manifests/pod-task-spec.ts';
import { storageOf } from './storage-of-case.ts';
import { readPlain } from './read-plain.ts';
import type { Json, Labels, Node, OtherObjects, Pod } from './api-objects.ts';
import type { LabelRequirement } from '../../../src/cluster/spec.ts';
import type { LabelSelector } from '../../../src/cluster/pod-template.ts';
import type {
  PodInfo,
  PodSpecInfo,
} from '../../../src/orchestration/kubernetes/framework/pod-info.ts';
import type {
  Selecting,
  SelectingController,
} from '../../../src/orchestration/kubernetes/framework/default-selector.ts';
import type { Snapshot } from '../../../src/orchestration/kubernetes/framework/cycle.ts';
import type { Surroundings } from '../../../src/orchestration/kubernetes/framework/surroundings.ts';

type NodeImages = Map<string, { sizeBytes: number; nodes: number }>;

interface Member {
  readonly info: NodeInfo;
  readonly written: Node;
  readonly images: NodeImages;
  /** The scheduler has not looked since something here changed. */
  isStale: boolean;
}

export class SchedulingWorld {
  readonly around: Surroundings;
  private readonly selecting: Selecting;
  private readonly zones = new Map<string, Member[]>();
  private readonly members = new Map<string, Member>();
  private readonly nodesWith = new Map<string, { sizeBytes: number; nodes: Set<string> }>();
  private readonly specs = new Map<string, PodSpecInfo>();

  constructor(nodes: readonly Node[], others: OtherObjects) {
    this.around = surroundingsOf(others);
    this.selecting = selectingOf(others);
    for (const node of nodes) this.addNode(node);
  }

  addNode(written: Node): void {
    const images: NodeImages = new Map();
    const info = new NodeInfo({ ...readNode(written), images });
    const member = { info, written, images, isStale: true };
    this.members.set(written.metadata.name, member);
    const zone = zoneOf(info.node.labels);
    const list = this.zones.get(zone);
    if (list === undefined) this.zones.set(zone, [member]);
    else list.push(member);
    for (const { names, sizeBytes } of written.status.images ?? []) {
      for (const name of names) {
        const known = this.nodesWith.get(name);
        if (known !== undefined) known.nodes.add(written.metadata.name);
        else this.nodesWith.set(name, { sizeBytes, nodes: new Set([written.metadata.name]) });
      }
    }
  }

  /** Its pods are gone already. Does nothing when the node is not there. */
  removeNode(name: string): void {
    const member = this.members.get(name);
    if (member === undefined) return;
    this.members.delete(name);
    const zone = zoneOf(member.info.node.labels);
    const left = this.zones.get(zone)!.filter((one) => one !== member);
    if (left.length === 0) this.zones.delete(zone);
    else this.zones.set(zone, left);
    for (const { names } of member.written.status.images ?? []) {
      for (const image of names) {
        const { nodes } = this.nodesWith.get(image)!;
        nodes.delete(name);
        if (nodes.size === 0) this.nodesWith.delete(image);
      }
    }
  }

  add(pod: PodInfo, node: string): void {
    const member = this.members.get(node)!;
    member.info.add(pod);
    member.isStale = true;
  }

  remove(pod: PodInfo, node: string): void {
    const member = this.members.get(node)!;
    member.info.remove(pod.uid);
    member.isStale = true;
  }

  node(name: string): NodeInfo | undefined {
    return this.members.get(name)?.info;
  }

  /** What the scheduler sees when it looks now. */
  snapshot(): Snapshot {
    for (const member of this.members.values()) {
      if (member.isStale) this.refresh(member);
    }
    const lists = [...this.zones.values()];
    const nodes: NodeInfo[] = [];
    for (let round = 0; nodes.length < this.members.size; round++) {
      for (const list of lists) if (round < list.length) nodes.push(list[round]!.info);
    }
    return { nodes, byName: (name) => this.node(name) };
  }

  /** A pod as its manifest and status tell it. */
  pod(written: Pod): PodInfo {
    const { metadata, status } = written;
    const isTerminating = metadata.deletionTimestamp !== undefined;
    return {
      spec: this.specOf(written),
      name: metadata.name,
      uid: metadata.uid!,
      isTerminating,
      isPreempted: isTerminating && (status?.conditions ?? []).some(isPreemption),
      startTimeUs: status?.startTime === undefined ? NaN : Date.parse(status.startTime) * 1000,
      nominatedNode: status?.nominatedNodeName ?? '',
    };
  }

  // Copies of one application share a spec, as they do in a simulation.
  private specOf(written: Pod): PodSpecInfo {
    const { name: _, uid: __, ...rest } = written.metadata;
    const text = JSON.stringify([rest, written.spec]);
    let spec = this.specs.get(text);
    if (spec === undefined) this.specs.set(text, (spec = readPod(written, this.selecting)));
    return spec;
  }

  private refresh(member: Member): void {
    member.isStale = false;
    for (const { names } of member.written.status.images ?? []) {
      for (const name of names) {
        const { sizeBytes, nodes } = this.nodesWith.get(name)!;
        member.images.set(name, { sizeBytes, nodes: nodes.size });
      }
    }
  }
}

// A legacy label is read before the one that took its place.
function zoneOf(labels: Labels): string {
  const value = (what: string): string =>
    labels[`failure-domain.beta.kubernetes.io/${what}`] ??
    labels[`topology.kubernetes.io/${what}`] ??
    '';
  return `${value('region')}:${value('zone')}`;
}

function isPreemption(condition: Json): boolean {
  const { type, status, reason } = condition as Record<string, string>;
  return type === 'DisruptionTarget' && status === 'True' && reason === 'PreemptionByScheduler';
}

const PRIORITIES = new PriorityClasses();

function readPod(written: Pod, selecting: Selecting): PodSpecInfo {
  const { metadata } = written;
  const { spec } = readPlain(written, (cursor) =>
    podTaskSpec(cursor, metadata.name, 'service', 1, PRIORITIES),
  );
  const [reference] = (metadata.ownerReferences ?? []) as unknown as readonly {
    kind: string;
    name: string;
  }[];
  const selector = defaultSelectorOf(
    {
      namespace: metadata.namespace ?? 'default',
      labels: metadata.labels ?? {},
      ...(reference === undefined ? {} : { owner: reference }),
    },
    selecting,
  );
  return podSpecInfo(spec, selector);
}

function readNode(written: Node) {
  const { name } = written.metadata;
  return readPlain(written, (cursor) =>
    nodeSpec({
      cursor,
      type: '/Node',
      version: 'v1',
      kind: 'Node',
      namespace: '',
      name,
      owner: undefined,
    }),
  );
}

interface Named {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
  };
}

interface WrittenSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly (Omit<LabelRequirement, 'values'> & {
    readonly values?: readonly string[];
  })[];
}

function surroundingsOf(others: OtherObjects): Surroundings {
  const { namespaces, podDisruptionBudgets } = others;
  return {
    storage: storageOf(others),
    namespaces: new Map(
      (namespaces as unknown as readonly Named[]).map(({ metadata }) => [
        metadata.name,
        metadata.labels ?? {},
      ]),
    ),
    budgets: (
      podDisruptionBudgets as unknown as readonly (Named & {
        readonly spec: { readonly selector?: WrittenSelector };
        readonly status: {
          readonly disruptionsAllowed: number;
          readonly disruptedPods?: Readonly<Record<string, string>>;
        };
      })[]
    ).map(({ metadata, spec, status }) => ({
      namespace: metadata.namespace ?? 'default',
      ...(spec.selector === undefined ? {} : { selector: selectorOf(spec.selector) }),
      disruptionsAllowed: status.disruptionsAllowed,
      disrupted: new Set(Object.keys(status.disruptedPods ?? {})),
    })),
  };
}

function selectingOf(others: OtherObjects): Selecting {
  const services = others.services as unknown as readonly (Named & {
    readonly spec: { readonly selector?: Labels };
  })[];
  const controllers = others.replicationControllers as unknown as typeof services;
  const sets = (kind: 'ReplicaSet' | 'StatefulSet', written: readonly Json[]) =>
    (
      written as unknown as readonly (Named & {
        readonly spec: { readonly selector: WrittenSelector };
      })[]
    ).map(({ metadata, spec }) => controller(kind, metadata, selectorOf(spec.selector)));
  return {
    services: services.map(({ metadata, spec }) => ({
      namespace: metadata.namespace ?? 'default',
      ...(spec.selector === undefined ? {} : { selector: spec.selector }),
    })),
    controllers: [
      ...controllers.map(({ metadata, spec }) =>
        controller(
          'ReplicationController',
          metadata,
          selectorOf({ matchLabels: spec.selector ?? {} }),
        ),
      ),
      ...sets('ReplicaSet', others.replicaSets),
      ...sets('StatefulSet', others.statefulSets),
    ],
  };
}

function controller(
  kind: SelectingController['kind'],
  { name, namespace = 'default' }: Named['metadata'],
  selector: LabelSelector,
): SelectingController {
  return { kind, name, namespace, selector };
}

function selectorOf({ matchLabels = {}, matchExpressions = [] }: WrittenSelector): LabelSelector {
  return {
    matchLabels,
    matchExpressions: matchExpressions.map(({ key, operator, values = [] }) => ({
      key,
      operator,
      values,
    })),
  };
}
