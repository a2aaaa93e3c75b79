/**
 * Whether anybody who could empty a spot host hears that EC2 wants it back (aws.md 1.22, 2.10, 3.4, 3.10).
 *
 *   Fargate      always: the notice is the order to stop
 *   ECS          where its pool has managed draining, or its agent drains at a notice
 *   Kubernetes   Karpenter, and a pool with a node termination handler
 *   batch        always
 */

import { LAUNCH_TYPE } from '../cluster/hosts.ts';
import { PLAIN_AGENT } from '../cluster/agent-settings.ts';
import type { ClusterView } from '../cluster/cluster.ts';

export function hearsNotice({ hosts, orchestrators, pools }: ClusterView, host: number): boolean {
  if (hosts.launchType[host] === LAUNCH_TYPE.fargate) return true;
  const { kind, hearsNotices, agent = PLAIN_AGENT } = pools.descriptions[hosts.pool[host]!]!;
  switch (orchestrators[hosts.cluster[host]!]!) {
    case 'ecs':
      return agent.isDrained || agent.drainsAtSpotNotice;
    case 'kubernetes':
      return kind === 'karpenter' || hearsNotices === true;
    case 'batch':
      return true;
  }
}
