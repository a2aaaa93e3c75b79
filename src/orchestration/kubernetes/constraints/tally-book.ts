/**
 * All tallies of one cluster, kept up to date by the journal. A bind changes those tallies alone in which a pod of its template
 * counts.
 *
 * State      the tallies that were asked for, and how many pods of each template every host has: a function of the columns. Begins
 *            anew, and tells it by `generation`, when the journal has overtaken it or labels of a host have changed. Counts nothing
 *            before the first tally is asked for: where no pod minds others, none is.
 */

import { CHANGE, JournalCursor, changeBits } from '../../../cluster/journal.ts';
import { Domains } from './domains.ts';
import { HOST_KEY } from '../topology-keys.ts';
import { NO_ROW } from '../../../cluster/hosts.ts';
import { BARE } from '../framework/surroundings.ts';
import { PodTemplates } from './pod-templates.ts';
import { Tally } from './tally.ts';
import { WorkloadCounts } from '../../../cluster/workload-counts.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Surroundings } from '../framework/surroundings.ts';
import type { TallyQuestion } from './tally.ts';

const FOLLOWED = changeBits(
  CHANGE.taskBound,
  CHANGE.taskStopping,
  CHANGE.taskReleased,
  CHANGE.hostLabels,
);

export class TallyBook {
  /** Grows when every tally that was handed out has become void. */
  generation = 0;
  readonly templates: PodTemplates;
  /** What rules look at besides: labels of namespaces. */
  readonly around: Surroundings;
  private readonly view: ClusterView;
  readonly cluster: number;
  private readonly cursor: JournalCursor;
  /** Pods by template and host: all of them, and those that are terminating. */
  private pods = new WorkloadCounts();
  private terminating = new WorkloadCounts();
  private seen = 0;
  private tallies: Tally[] = [];
  private isCounting = false;
  /** By template: the tallies in which its pods count; made when first needed. */
  private touched: (readonly Tally[] | undefined)[] = [];
  private domains = new Map<string, Domains>();
  private unstatedTallies: { cpu: Tally; memory: Tally } | undefined;

  constructor(view: ClusterView, cluster: number, around: Surroundings = BARE) {
    this.view = view;
    this.around = around;
    this.cluster = cluster;
    this.templates = new PodTemplates(view);
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
  }

  /** Takes in what has changed. */
  advance(): void {
    const { cursor, view } = this;
    if (!this.isCounting) return;
    if (cursor.isOvertaken) {
      this.rebuild();
      return;
    }
    for (let change = cursor.next(); change !== undefined; change = cursor.next()) {
      if (change.kind === CHANGE.hostLabels) {
        this.rebuild();
        return;
      }
      const { kind, row, value } = change;
      if (view.hosts.cluster[value] !== this.cluster) continue;
      if (kind === CHANGE.taskStopping) this.stop(row, value, 1);
      else this.count(row, value, kind === CHANGE.taskBound ? 1 : -1);
      if (kind === CHANGE.taskReleased && view.tasks.stopping[row] === 1) this.stop(row, value, -1);
    }
  }

  /** What pods on each node count for scores beyond what they ask for, milli-cores and bytes (kubernetes.md 1.7). */
  get unstated(): { readonly cpu: Tally; readonly memory: Tally } {
    return (this.unstatedTallies ??= {
      cpu: this.open(this.unstatedOf('cpu')),
      memory: this.open(this.unstatedOf('memory')),
    });
  }

  domainsOf(key: string): Domains {
    let domains = this.domains.get(key);
    if (domains === undefined) this.domains.set(key, (domains = new Domains(this.view, key)));
    return domains;
  }

  /** A tally of the pods that are there, kept from now on. */
  open(question: TallyQuestion): Tally {
    if (!this.isCounting) this.countAll();
    const tally = new Tally(question);
    const { hosts } = this.view;
    for (let template = 0; template < this.seen; template++) {
      if (tally.weightOf(template) === 0) continue;
      for (let host = 0; host < hosts.count; host++) {
        const leaving = tally.leavesOutTerminating ? this.terminating.onHost(template, host) : 0;
        const pods = this.pods.onHost(template, host) - leaving;
        if (pods > 0) tally.add(template, host, hosts.kind[host]!, pods);
      }
    }
    this.tallies.push(tally);
    this.touched = [];
    return tally;
  }

  /** Gives up tallies: nobody asks for them any more. */
  close(tallies: readonly Tally[]): void {
    const closed = new Set(tallies);
    this.tallies = this.tallies.filter((tally) => !closed.has(tally));
    this.touched = [];
  }

  private unstatedOf(resource: 'cpu' | 'memory'): TallyQuestion {
    return {
      domains: this.domainsOf(HOST_KEY),
      weightOf: (template) => {
        const { nonZero, requests } = this.templates.at(template);
        return nonZero[resource] - (requests[resource] ?? 0);
      },
    };
  }

  private count(task: number, host: number, pods: number): void {
    const template = this.templateOf(task);
    this.pods.add(template, host, 0, pods);
    this.seen = Math.max(this.seen, template + 1);
    const kind = this.view.hosts.kind[host]!;
    for (const tally of this.touchedBy(template)) tally.add(template, host, kind, pods);
  }

  /** Counts a pod that is there among those that are terminating, or no more. */
  private stop(task: number, host: number, pods: number): void {
    const template = this.templateOf(task);
    this.terminating.add(template, host, 0, pods);
    const kind = this.view.hosts.kind[host]!;
    for (const tally of this.touchedBy(template)) {
      if (tally.leavesOutTerminating) tally.add(template, host, kind, -pods);
    }
  }

  private templateOf(task: number): number {
    const { specs, tasks } = this.view;
    return specs.templateOf(tasks.spec[task]!);
  }

  private touchedBy(template: number): readonly Tally[] {
    return (this.touched[template] ??= this.tallies.filter(
      (tally) => tally.weightOf(template) !== 0,
    ));
  }

  /** Gives up everything. */
  private rebuild(): void {
    this.generation++;
    this.isCounting = false;
    this.pods = new WorkloadCounts();
    this.terminating = new WorkloadCounts();
    this.seen = 0;
    this.tallies = [];
    this.touched = [];
    this.domains = new Map();
    this.unstatedTallies = undefined;
  }

  private countAll(): void {
    const { tasks, hosts, journal } = this.view;
    this.isCounting = true;
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.cluster[host] !== this.cluster) continue;
      for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
        this.count(task, host, 1);
        if (tasks.stopping[task] === 1) this.stop(task, host, 1);
      }
    }
    this.cursor.version = journal.version;
  }
}
