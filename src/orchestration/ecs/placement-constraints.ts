/**
 * Placement constraints of a service or of standalone tasks (aws.md 3.6): what binds, before any strategy is asked.
 *
 * distinctInstance   no instance has two tasks of the service, or of the same family.
 * memberOf           the instance is one that a cluster query names. An expression over attributes alone is asked once for each
 *                    kind of instance.
 * Fields             `registeredAt` in seconds of the run, `ec2InstanceId` the host's name; the agent has no version here.
 */

import { US_PER_SECOND } from '../../base/units.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PendingReason } from '../../base/reasons.ts';
import type { ParsedQuery, QueryField, QuerySubject } from './query/query.ts';

export interface ConstraintOptions {
  readonly isDistinct: boolean;
  readonly members: readonly ParsedQuery[];
}

const SERVICE = WORKLOAD_KINDS.indexOf('service');
/** A kind that was not asked yet, and the two answers. */
const UNKNOWN = 0;
const NO = 1;
const YES = 2;

export class PlacementConstraints {
  private readonly view: ClusterView;
  private readonly workload: number;
  private readonly options: ConstraintOptions;
  private readonly fixed: readonly ParsedQuery[];
  private readonly changing: readonly ParsedQuery[];
  /** By kind of host: what the expressions over attributes say. */
  private readonly answers: number[] = [];

  constructor(view: ClusterView, workload: number, options: ConstraintOptions) {
    this.view = view;
    this.workload = workload;
    this.options = options;
    this.fixed = options.members.filter(({ readsTasks }) => !readsTasks);
    this.changing = options.members.filter(({ readsTasks }) => readsTasks);
  }

  /** Why instances with room are not taken. */
  get refusal(): PendingReason {
    return this.options.members.length > 0 ? 'selector' : 'spread';
  }

  allows(host: number): boolean {
    const { hosts, counts } = this.view;
    if (this.options.isDistinct && counts.onHost(this.workload, host) > 0) return false;
    const kind = hosts.kind[host]!;
    if ((this.answers[kind] ?? UNKNOWN) === UNKNOWN) {
      this.answers[kind] = this.holdAll(this.fixed, host) ? YES : NO;
    }
    return this.answers[kind] === YES && this.holdAll(this.changing, host);
  }

  private holdAll(queries: readonly ParsedQuery[], host: number): boolean {
    if (queries.length === 0) return true;
    const subject = new InstanceSubject(this.view, host);
    return queries.every(({ holds }) => holds(subject));
  }
}

class InstanceSubject implements QuerySubject {
  private readonly view: ClusterView;
  private readonly host: number;

  constructor(view: ClusterView, host: number) {
    this.view = view;
    this.host = host;
  }

  attribute(name: string): string | undefined {
    const { specs, hosts } = this.view;
    return specs.kindAt(hosts.kind[this.host]!).labels[name];
  }

  field(name: QueryField): string | undefined {
    const { hosts, hostNames } = this.view;
    const { host } = this;
    switch (name) {
      case 'agentConnected':
        return String(hosts.down[host] === 0);
      case 'agentVersion':
        return undefined;
      case 'ec2InstanceId':
        return hostNames[host];
      case 'registeredAt':
        return String(hosts.readyUs[host]! / US_PER_SECOND);
      case 'runningTasksCount':
        return String(hosts.taskCount[host]);
    }
  }

  /** `service:NAME` of a service, `family:NAME` of standalone tasks. */
  hasTaskOf(group: string): boolean {
    const { workloads, counts } = this.view;
    for (let workload = 0; workload < workloads.count; workload++) {
      const prefix = workloads.kind[workload] === SERVICE ? 'service' : 'family';
      if (group !== `${prefix}:${workloads.names[workload]!}`) continue;
      if (counts.onHost(workload, this.host) > 0) return true;
    }
    return false;
  }
}
