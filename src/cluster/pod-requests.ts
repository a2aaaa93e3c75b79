/**
 * What a pod asks for, as kube-scheduler counts it (kubernetes.md 1.7).
 *
 *   R            sum over containers and sidecars
 *   I            init containers in order, s = sum of the sidecars so far: a sidecar counts s with itself, an ordinary one
 *                its own request + s; the maximum of each resource
 *   effective    max(R, I); what the pod itself requests of CPU, memory and huge pages replaces it; overhead on top
 *   non-zero     the same, but a container that does not state CPU or memory counts 100 m and 200 MiB. A stated 0 stays 0. Where
 *                the pod itself requests anything, only for a resource that nothing in the pod states
 *   scored       non-zero as if the pod itself requested nothing: NodeResourcesFit leaves that out of the incoming pod (1.9)
 *
 * Departs      sums of rounded requests, where the real one rounds the sum: the same for whole milli-cores and bytes.
 *              Pods are not resized in place.
 */

import { MIB } from '../base/units.ts';
import type { Amounts, ContainerTemplate, PodTemplate } from './pod-template.ts';

type StatesRequests = Pick<
  PodTemplate,
  'containers' | 'initContainers' | 'podRequests' | 'overhead'
>;

const WHEN_UNSTATED: Amounts = { cpu: 100, memory: 200 * MIB };
const NOTHING: Amounts = {};

export function effectiveRequests(pod: StatesRequests): Amounts {
  return withPodsOwn(ofContainers(pod, NOTHING), pod);
}

export function nonZeroRequests(pod: StatesRequests): Amounts {
  if (isEmpty(pod.podRequests)) return scoredRequests(pod);
  const stated = effectiveRequests(pod);
  const missing = Object.entries(WHEN_UNSTATED).filter(([name]) => stated[name] === undefined);
  return withPodsOwn(ofContainers(pod, Object.fromEntries(missing)), pod);
}

export function scoredRequests(pod: StatesRequests): Amounts {
  return sum(ofContainers(pod, WHEN_UNSTATED), pod.overhead);
}

function ofContainers(pod: StatesRequests, unstated: Amounts): Amounts {
  const requestsOf = ({ requests }: ContainerTemplate): Amounts =>
    unstated === NOTHING ? requests : { ...unstated, ...requests };

  let running = NOTHING;
  for (const container of pod.containers) running = sum(running, requestsOf(container));
  let sidecars = NOTHING;
  let peak = NOTHING;
  for (const container of pod.initContainers) {
    const withSidecars = sum(requestsOf(container), sidecars);
    if (container.isSidecar) {
      sidecars = withSidecars;
      running = sum(running, requestsOf(container));
    }
    peak = larger(peak, withSidecars);
  }
  return larger(running, peak);
}

function withPodsOwn(containers: Amounts, { podRequests: own, overhead }: StatesRequests): Amounts {
  return sum(isEmpty(own) ? containers : { ...containers, ...own }, overhead);
}

function sum(a: Amounts, b: Amounts): Amounts {
  return merged(a, b, (x, y) => x + y);
}

function larger(a: Amounts, b: Amounts): Amounts {
  return merged(a, b, Math.max);
}

function merged(a: Amounts, b: Amounts, join: (x: number, y: number) => number): Amounts {
  // Most pods have no sidecars, no overhead and nothing of their own.
  if (isEmpty(b)) return a;
  if (isEmpty(a)) return b;
  const result: Record<string, number> = { ...a };
  for (const [resource, amount] of Object.entries(b)) {
    result[resource] = join(result[resource] ?? 0, amount);
  }
  return result;
}

function isEmpty(amounts: Amounts): boolean {
  for (const _ in amounts) return false;
  return true;
}
