/** The scheduling queue as kubernetes.md 1.2 tells it: an object a pod, sorted when asked. */

import { US_PER_SECOND } from '../../../../src/base/units.ts';
import type { ClusterEvent } from '../../../../src/orchestration/kubernetes/queue/cluster-event.ts';
import type { QueueingHints } from '../../../../src/orchestration/kubernetes/queue/queueing-hints.ts';
import type { TemplateKey } from '../../../../src/orchestration/kubernetes/queue/template.ts';

type Place =
  'active' | 'backoff' | 'error-backoff' | 'unschedulable' | 'gated' | 'in-flight' | 'gone';

interface Pod {
  readonly task: number;
  key: TemplateKey;
  place: Place;
  failures: number;
  errors: number;
  rejectors: number;
  sinceUs: number;
  seen: ClusterEvent[];
  sawTimeout: boolean;
}

export class ToldQueue {
  readonly pods: Pod[] = [];
  private readonly hints: QueueingHints;
  private readonly priorityOf: (key: TemplateKey) => number;
  private readonly initialSeconds: number;
  private readonly maxSeconds: number;

  constructor(
    hints: QueueingHints,
    priorityOf: (key: TemplateKey) => number,
    initialSeconds: number,
    maxSeconds: number,
  ) {
    this.hints = hints;
    this.priorityOf = priorityOf;
    this.initialSeconds = initialSeconds;
    this.maxSeconds = maxSeconds;
  }

  add(task: number, key: TemplateKey, sinceUs: number, isGated: boolean): void {
    const place = isGated ? 'gated' : 'active';
    this.pods.push({
      task,
      key,
      place,
      failures: 0,
      errors: 0,
      rejectors: 0,
      sinceUs,
      seen: [],
      sawTimeout: false,
    });
  }

  release(task: number): void {
    const pod = this.podOf(task);
    if (pod?.place === 'gated') pod.place = 'active';
  }

  take(task: number): boolean {
    const pod = this.podOf(task);
    if (pod === undefined || ['gated', 'in-flight', 'gone'].includes(pod.place)) return false;
    pod.place = 'in-flight';
    pod.seen = [];
    pod.sawTimeout = false;
    return true;
  }

  remove(task: number): void {
    this.pods.splice(0, Infinity, ...this.pods.filter((pod) => pod.task !== task));
  }

  pop(nowUs: number): number {
    this.flush(nowUs);
    const [pod] = [...this.ordered('active'), ...this.ordered('backoff')];
    if (pod === undefined) return -1;
    pod.place = 'in-flight';
    pod.seen = [];
    pod.sawTimeout = false;
    return pod.task;
  }

  /** Its counts are kept for when its binding fails. */
  done(task: number): void {
    this.podOf(task)!.place = 'gone';
  }

  comeBack(task: number, key: TemplateKey, nowUs: number): void {
    const pod = this.podOf(task)!;
    pod.key = key;
    pod.seen = [];
    pod.sawTimeout = false;
    this.returned(pod, 0, nowUs);
  }

  fail(task: number, rejectors: number, nowUs: number, isNominated: boolean): void {
    const pod = this.podOf(task)!;
    pod.key = { ...pod.key, isNominated };
    this.returned(pod, rejectors, nowUs);
  }

  failTogether(task: number, rejectors: number, nowUs: number): number[] {
    const pod = this.podOf(task)!;
    const hopes =
      rejectors !== 0 &&
      (pod.sawTimeout || pod.seen.some((event) => this.asks(pod, rejectors, event)));
    const equals = hopes
      ? []
      : this.pods.filter(
          (other) =>
            ['active', 'backoff'].includes(other.place) &&
            JSON.stringify(other.key) === JSON.stringify(pod.key),
        );
    const all = [pod, ...equals];
    const first = all.filter(({ failures, errors }) => failures + errors === 0);
    for (const one of all) {
      if (one !== pod) {
        one.seen = [];
        one.sawTimeout = false;
      }
      this.returned(one, rejectors, nowUs);
    }
    return first.map((one) => one.task);
  }

  tell(event: ClusterEvent, nowUs: number): void {
    for (const pod of this.pods) {
      if (pod.place === 'in-flight') pod.seen.push(event);
      if (pod.place !== 'unschedulable' || isAbove(event, this.priorityOf(pod.key))) continue;
      if (this.asks(pod, pod.rejectors, event)) this.queueAfterBackoff(pod, nowUs);
    }
  }

  flushLeftovers(nowUs: number): void {
    const stale = this.pods.filter(
      ({ place, sinceUs }) => place === 'unschedulable' && nowUs - sinceUs > 300 * US_PER_SECOND,
    );
    for (const pod of stale) this.queueAfterBackoff(pod, nowUs);
    if (stale.length === 0) return;
    for (const pod of this.pods) if (pod.place === 'in-flight') pod.sawTimeout = true;
  }

  get nextErrorUs(): number {
    const [pod] = this.ordered('error-backoff');
    return pod === undefined ? Infinity : (this.expirySecond(pod) + 1) * US_PER_SECOND;
  }

  flush(nowUs: number): void {
    for (const pod of this.pods) {
      const waits = pod.place === 'backoff' || pod.place === 'error-backoff';
      if (waits && !this.isBackingOff(pod, nowUs)) pod.place = 'active';
    }
  }

  ordered(place: Place): Pod[] {
    return this.pods
      .filter((pod) => pod.place === place)
      .sort((a, b) => {
        const byExpiry = place === 'active' ? 0 : this.expirySecond(a) - this.expirySecond(b);
        const byPriority = this.priorityOf(b.key) - this.priorityOf(a.key);
        return byExpiry || byPriority || a.sinceUs - b.sinceUs || a.task - b.task;
      });
  }

  podOf(task: number): Pod | undefined {
    return this.pods.find((pod) => pod.task === task);
  }

  private returned(pod: Pod, rejectors: number, nowUs: number): void {
    if (rejectors === 0) pod.errors++;
    else {
      pod.failures++;
      pod.errors = 0;
    }
    pod.rejectors = rejectors;
    pod.sinceUs = nowUs;
    const hopes = pod.sawTimeout || pod.seen.some((event) => this.asks(pod, rejectors, event));
    if (rejectors === 0 || hopes) this.queueAfterBackoff(pod, nowUs);
    else pod.place = 'unschedulable';
  }

  private queueAfterBackoff(pod: Pod, nowUs: number): void {
    if (!this.isBackingOff(pod, nowUs)) pod.place = 'active';
    else pod.place = pod.rejectors === 0 ? 'error-backoff' : 'backoff';
  }

  private asks(pod: Pod, rejectors: number, event: ClusterEvent): boolean {
    const plugins = rejectors & this.hints.registered(event);
    return plugins !== 0 && this.hints.worthTrying(pod.key, plugins, event);
  }

  private isBackingOff(pod: Pod, nowUs: number): boolean {
    return this.expirySecond(pod) >= Math.floor(nowUs / US_PER_SECOND);
  }

  private expirySecond({ failures, errors, sinceUs }: Pod): number {
    const count = errors > 0 ? errors : failures;
    if (count === 0 || this.maxSeconds === 0) return -1;
    const seconds = Math.min(this.maxSeconds, this.initialSeconds * 2 ** (count - 1));
    return Math.floor((sinceUs + seconds * US_PER_SECOND) / US_PER_SECOND);
  }
}

function isAbove(event: ClusterEvent, priority: number): boolean {
  return event.kind === 'pod-deleted' && priority > event.priorityMax;
}
