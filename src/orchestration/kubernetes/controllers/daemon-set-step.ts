/**
 * What a DaemonSet does (kubernetes.md 3.4): where its pods run, and which it replaces in a rolling update.
 *
 * Runs        on nodes whose labels match and whose NoSchedule and NoExecute taints are tolerated; resources do not count.
 * Continues   on nodes that match, unless a NoExecute taint is not tolerated: one NoSchedule alone keeps a running pod.
 * Update      without surge: pods of another revision that are not available go at once, and of the available ones as many as
 *             `maxUnavailable` still permits, in the order of nodes (9: the order of their creation). With surge: a new pod is
 *             made beside an old one, on up to `maxSurge` nodes where the old one is available; the old one goes when the
 *             new one is available, or when it is no longer ready itself.
 * Rounding    both percentages up, of the nodes on which it should run; 1 unavailable when both come to 0.
 */

import { US_PER_MINUTE, US_PER_SECOND } from '../../../base/units.ts';
import { anyTermMatches } from '../framework/node-terms.ts';
import { countOf } from './count-of.ts';
import { requirementHolds, tolerates } from '../../../cluster/specs.ts';
import type { CountOrPercent } from '../../../cluster/controller-specs.ts';
import type { HostKind } from '../../../cluster/specs.ts';
import type { TaskSpec, Toleration } from '../../../cluster/spec.ts';

/** What the controller adds to every daemon's pod. */
export const DAEMON_TOLERATIONS: readonly Toleration[] = [
  ...['not-ready', 'unreachable'].map((key) => exists(key, 'NoExecute')),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((key) =>
    exists(key, 'NoSchedule'),
  ),
];

function exists(name: string, effect: Toleration['effect']): Toleration {
  return { key: `node.kubernetes.io/${name}`, operator: 'Exists', value: '', effect };
}

export interface DaemonSite extends HostKind {
  readonly name: string;
}

export function shouldRun(spec: TaskSpec, node: DaemonSite): boolean {
  return isMeantFor(spec, node) && tolerated(spec, node, ['NoSchedule', 'NoExecute']);
}

export function shouldContinue(spec: TaskSpec, node: DaemonSite): boolean {
  return isMeantFor(spec, node) && tolerated(spec, node, ['NoExecute']);
}

/** By its name, labels and required node affinity, whatever its taints and room. */
export function isMeantFor(spec: TaskSpec, node: DaemonSite): boolean {
  const { labels } = node;
  const terms = spec.pod?.requiredNodeTerms;
  const nodeName = spec.pod?.nodeName ?? '';
  return (
    (nodeName === '' || nodeName === node.name) &&
    Object.entries(spec.nodeSelector).every(([key, value]) => labels[key] === value) &&
    spec.requirements.every((requirement) => requirementHolds(requirement, labels)) &&
    (terms === undefined || anyTermMatches(terms, node))
  );
}

function tolerated(spec: TaskSpec, { taints }: HostKind, effects: readonly string[]): boolean {
  return taints
    .filter(({ effect }) => effects.includes(effect))
    .every((taint) => spec.tolerations.some((toleration) => tolerates(toleration, taint)));
}

/** Of one node: how long the next pod waits after the last one failed there. */
export interface FailedPodBackOff {
  readonly waitUs: number;
  readonly sinceUs: number;
}

const FAILED_WAIT_US = US_PER_SECOND;
const FAILED_WAIT_MAX_US = 15 * US_PER_MINUTE;

/**
 * After a pod failed on a node: when the next is made there, and what is remembered. At once for the first; the wait doubles
 * with each failure from 1 s to 15 min, and is forgotten when none came for twice the longest.
 */
export function afterFailedPod(
  before: FailedPodBackOff | undefined,
  nowUs: number,
): { readonly atUs: number; readonly backOff: FailedPodBackOff } {
  const isFresh = before === undefined || nowUs - before.sinceUs > 2 * FAILED_WAIT_MAX_US;
  if (isFresh) return { atUs: nowUs, backOff: { waitUs: FAILED_WAIT_US, sinceUs: nowUs } };
  const atUs = Math.max(nowUs, before.sinceUs + before.waitUs);
  const waitUs = Math.min(2 * before.waitUs, FAILED_WAIT_MAX_US);
  return { atUs, backOff: { waitUs, sinceUs: atUs } };
}

export interface DaemonPod {
  readonly isTerminating: boolean;
  readonly isReady: boolean;
  readonly isAvailable: boolean;
  readonly isCurrent: boolean;
}

/** The pods of one node on which the daemon should run, older ones first. */
export interface DaemonNode<Pod> {
  readonly node: number;
  readonly pods: readonly Pod[];
}

export interface DaemonStep<Pod> {
  /** Nodes that get a pod of the current revision. */
  readonly create: readonly number[];
  readonly remove: readonly Pod[];
}

export interface DaemonUpdate {
  readonly updates: boolean;
  readonly maxUnavailable: CountOrPercent;
  readonly maxSurge: CountOrPercent;
}

/** `nodes` are those on which the daemon should run. */
export function daemonStep<Pod extends DaemonPod>(
  nodes: readonly DaemonNode<Pod>[],
  options: DaemonUpdate,
): DaemonStep<Pod> {
  const surge = countOf(options.maxSurge, nodes.length, 'up');
  const unavailable = countOf(options.maxUnavailable, nodes.length, 'up');
  const kept = surge > 0 ? surgingPods(nodes) : onePodEach(nodes);
  if (!options.updates || kept.create.length > 0 || kept.remove.length > 0) return kept;
  if (surge > 0) return surgeStep(nodes, surge);
  return { create: [], remove: replaced(nodes, Math.max(1, unavailable)) };
}

function alive<Pod extends DaemonPod>(pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => !pod.isTerminating);
}

/** The next pod is made when the old object is gone; of several the oldest stays. */
function onePodEach<Pod extends DaemonPod>(nodes: readonly DaemonNode<Pod>[]): DaemonStep<Pod> {
  return {
    create: nodes.filter(({ pods }) => pods.length === 0).map(({ node }) => node),
    remove: nodes.flatMap(({ pods }) => alive(pods).slice(1)),
  };
}

/** One old and one new pod may stand side by side until the new one is available or the old one is not ready. */
function surgingPods<Pod extends DaemonPod>(nodes: readonly DaemonNode<Pod>[]): DaemonStep<Pod> {
  const remove = nodes.flatMap(({ pods }) => {
    const present = alive(pods);
    const fresh = present.find((pod) => pod.isCurrent);
    const old = present.find((pod) => !pod.isCurrent);
    const excess = present.filter((pod) => pod !== fresh && pod !== old);
    const isDue = fresh !== undefined && old !== undefined && (!old.isReady || fresh.isAvailable);
    return isDue ? [...excess, old] : excess;
  });
  return {
    create: nodes.filter(({ pods }) => alive(pods).length === 0).map(({ node }) => node),
    remove,
  };
}

function replaced<Pod extends DaemonPod>(
  nodes: readonly DaemonNode<Pod>[],
  maxUnavailable: number,
): Pod[] {
  const broken: Pod[] = [];
  const candidates: Pod[] = [];
  let unavailable = 0;
  for (const { pods } of nodes) {
    const [pod] = alive(pods);
    if (pod === undefined) unavailable++;
    else if (pod.isCurrent) unavailable += Number(!pod.isAvailable);
    else if (!pod.isAvailable) {
      broken.push(pod);
      unavailable++;
    } else candidates.push(pod);
  }
  return [...broken, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))];
}

function surgeStep<Pod extends DaemonPod>(
  nodes: readonly DaemonNode<Pod>[],
  maxSurge: number,
): DaemonStep<Pod> {
  const allowed: number[] = [];
  const candidates: number[] = [];
  let surging = 0;
  for (const { node, pods } of nodes) {
    const present = alive(pods);
    const old = present.find((pod) => !pod.isCurrent);
    if (old === undefined) continue;
    if (present.some((pod) => pod.isCurrent)) surging++;
    else if (old.isAvailable) candidates.push(node);
    else allowed.push(node);
  }
  return {
    create: [...allowed, ...candidates.slice(0, Math.max(0, maxSurge - surging))],
    remove: [],
  };
}
