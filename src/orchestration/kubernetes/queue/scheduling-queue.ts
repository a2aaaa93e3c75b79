/**
 * kube-scheduler's scheduling queue (kubernetes.md 1.2), told the time.
 *
 *     add -> active -> popped -+-> bound
 *                ^             +-> refused by plugins: unschedulable -- event, hint --> backoff, or active once it is over
 *                |             +-> failed without any: error backoff
 *                +-- backoff over, or nothing else to do
 *
 * Order      priority, then the time of adding or of the last refusal, then number.
 * Backoff    seconds by count (backoff.ts). `pop` takes from the backoff of refused pods when nothing is active.
 * Leftovers  pods that nothing has moved for five minutes are tried again; looked for every 30 s.
 * In flight  popped pods, until `done` or `fail`; events that came meanwhile are asked about when such a pod fails, whatever the
 *            priorities that they are for: so does the real code.
 * Cost       pods with the same template, place, counts and rejectors stand in one batch, which moves whole. A hint is asked
 *            once for a template and event. The queue told pod by pod is in the tests, and pops the same.
 * Together   `failTogether` refuses all active and backing-off pods of a template in one cycle: the others would be popped
 *            next and get the same answer from the same cluster.
 * Departs    counts of waiting that no longer lengthen the backoff are not told apart; no plugin of a simulation answers
 *            Wait or Pending, so no hint moves a pod past its backoff.
 */

import { Backoff, secondOf } from './backoff.ts';
import { NEVER, US_PER_MINUTE, US_PER_SECOND } from '../../../base/units.ts';
import { PLACE } from './batch.ts';
import { QueuePlaces } from './queue-places.ts';
import { assert } from '../../../base/assert.ts';
import type { BackoffOptions } from './backoff.ts';
import type { Batch, Place, Standing } from './batch.ts';
import type { ClusterEvent } from './cluster-event.ts';
import type { QueuePlacesParts } from './queue-places.ts';
import type { QueueingHints } from './queueing-hints.ts';
import type { Template, TemplateKey } from './template.ts';

export const NO_TASK = -1;

export const LEFTOVER_PERIOD_US = 30 * US_PER_SECOND;
const LEFTOVER_AGE_US = 5 * US_PER_MINUTE;
/** What moved the leftovers: in the real code an event for every plugin, which pods in flight see too. */
const TIMEOUT = 'timeout';

const NEW_POD: Standing = { place: PLACE.active, failures: 0, errors: 0, rejectors: 0 };
const GATED_POD: Standing = { ...NEW_POD, place: PLACE.gated };

export interface SchedulingQueueParts extends QueuePlacesParts {
  readonly backoff: BackoffOptions;
  readonly hints: QueueingHints;
}

export class SchedulingQueue {
  /** Pods in the queue, those in flight apart. */
  size = 0;
  private readonly hints: QueueingHints;
  private readonly backoffs: Backoff;
  private readonly places: QueuePlaces;
  /** By task row; undefined for pods that are neither here nor in flight. */
  private readonly templateOf: (Template | undefined)[] = [];
  /** By task row, of popped pods. */
  private failures = new Uint8Array(64);
  private errors = new Uint8Array(64);
  /** Popped pods, with the number of the first event that they have not seen. */
  private readonly inFlight = new Map<number, number>();
  /** The newest events, while pods are in flight. */
  private events: (ClusterEvent | typeof TIMEOUT)[] = [];
  /** Number of the next event. */
  private eventCount = 0;

  constructor(parts: SchedulingQueueParts) {
    this.hints = parts.hints;
    this.backoffs = new Backoff(parts.backoff);
    this.places = new QueuePlaces(parts, this.backoffs);
  }

  /** A pod that was never tried; a gated one waits for `release`. */
  add(task: number, key: TemplateKey, nowUs: number, isGated = false): void {
    assert(this.templateOf[task] === undefined, () => `task ${task} is in the queue already`);
    const template = this.places.templateFor(key);
    this.enter(task, template, isGated ? GATED_POD : NEW_POD, nowUs);
  }

  /** Whatever held the pod back no longer does; its time goes on. */
  release(task: number): void {
    const batch = this.batchWith(task);
    if (batch?.place !== PLACE.gated) return;
    const sinceUs = batch.timeUs(batch.indexOf(task));
    this.takeOut(batch, task);
    this.enter(task, this.places.templateFor(batch.template), NEW_POD, sinceUs);
  }

  /** Forgets a pod, wherever it stands. */
  remove(task: number): void {
    const batch = this.batchWith(task);
    if (batch !== undefined) this.takeOut(batch, task);
    this.done(task);
  }

  /** What a pod that is here or in flight was added as. */
  keyOf(task: number): TemplateKey | undefined {
    return this.templateOf[task];
  }

  /** The pod to try now, in flight from here on, or NO_TASK. */
  pop(nowUs: number): number {
    this.flush(nowUs);
    const batch = this.places.active.first() ?? this.places.backoff.first();
    if (batch === undefined) return NO_TASK;
    const task = batch.head;
    this.fly(task, batch, 0);
    return task;
  }

  /** Pops this pod, wherever it stands unless it is gated; false when it cannot be had. */
  take(task: number): boolean {
    const batch = this.batchWith(task);
    if (batch === undefined || batch.place === PLACE.gated) return false;
    this.fly(task, batch, batch.indexOf(task));
    return true;
  }

  /** Tries this pod next among its equals, whatever it waits for; does nothing to one that is gated, active or in flight. */
  activate(task: number): void {
    const batch = this.batchWith(task);
    if (batch === undefined || batch.place === PLACE.gated || batch.place === PLACE.active) return;
    const { failures, errors, template } = batch;
    const sinceUs = batch.timeUs(batch.indexOf(task));
    this.takeOut(batch, task);
    const standing: Standing = { place: PLACE.active, failures, errors, rejectors: 0 };
    this.enter(task, template, standing, sinceUs);
  }

  /** A popped pod found its node, or is gone. */
  done(task: number): void {
    this.land(task);
    const template = this.templateOf[task];
    this.templateOf[task] = undefined;
    if (template !== undefined) this.places.forget(template);
  }

  /**
   * A popped pod was refused by the plugins of these bits, or with none of them failed by an error. One that was nominated
   * stays apart from its equals.
   */
  fail(task: number, rejectors: number, nowUs: number, isNominated = false): void {
    const before = this.templateOf[task]!;
    const template = this.places.templateFor({ ...plainKey(before), isNominated });
    const mayMove = rejectors === 0 || this.sawHope(task, template, rejectors);
    this.comesBack(task, template, rejectors, nowUs, mayMove);
    if (template !== before) this.places.forget(before);
  }

  /**
   * `fail` for a popped pod and for every active or backing-off pod of its template; for the popped pod alone when an event
   * came meanwhile that makes another try worth while. Returns those that were refused for the first time.
   */
  failTogether(task: number, rejectors: number, nowUs: number): number[] {
    const template = this.places.templateFor(this.templateOf[task]!);
    const counts = { failures: this.failures[task]!, errors: this.errors[task]! };
    if (rejectors !== 0 && this.sawHope(task, template, rejectors)) {
      this.fail(task, rejectors, nowUs, template.isNominated);
      return isNew(counts) ? [task] : [];
    }
    if (template.batches.length === 0) {
      this.comesBack(task, template, rejectors, nowUs, rejectors === 0);
      return isNew(counts) ? [task] : [];
    }
    const together = template.batches.filter(
      ({ place }) => place === PLACE.active || place === PLACE.backoff,
    );
    for (const batch of together) this.places.detach(batch);
    let own = together.find(
      ({ failures, errors }) => failures === counts.failures && errors === counts.errors,
    );
    if (own === undefined) {
      own = this.places.newBatch(template, { ...NEW_POD, ...counts });
      together.push(own);
    }
    own.putFirst(task);
    this.land(task);
    this.templateOf[task] = template;
    this.size++;
    const first: number[] = [];
    for (const batch of together) {
      batch.evenOut(nowUs);
      if (isNew(batch)) for (let at = 0; at < batch.size; at++) first.push(batch.row(at));
      this.places.attach(batch, this.after(batch, rejectors, nowUs, rejectors === 0));
    }
    return first;
  }

  /** A popped pod whose binding failed after it was `done`: it keeps its counts. */
  comeBack(task: number, key: TemplateKey, nowUs: number): void {
    this.grow(task);
    const counts = { failures: this.failures[task]!, errors: this.errors[task]! };
    const standing = this.after(counts, 0, nowUs, true);
    this.enter(task, this.places.templateFor(key), standing, nowUs);
  }

  /** Tells the queue of an event. */
  tell(event: ClusterEvent, nowUs: number): void {
    const number = this.eventCount++;
    if (this.inFlight.size > 0) this.events.push(event);
    if (this.places.refused.size === 0) return;
    const registered = this.hints.registered(event);
    const moved: Batch[] = [];
    for (const [rejectors, batches] of this.places.refused) {
      const plugins = rejectors & registered;
      if (plugins === 0) continue;
      for (const batch of batches) {
        const { template } = batch;
        if (event.kind === 'pod-deleted' && template.priority > event.priorityMax) continue;
        if (this.isWorthTrying(template, plugins, event, number)) moved.push(batch);
      }
    }
    for (const batch of moved) this.requeue(batch, batch.size, nowUs);
  }

  /** Tries again what nothing has moved for too long. For a loop every LEFTOVER_PERIOD_US. */
  flushLeftovers(nowUs: number): void {
    const stale: [Batch, number][] = [];
    for (const batches of this.places.refused.values()) {
      for (const batch of batches) {
        const count = batch.countWhile((index) => nowUs - batch.timeUs(index) > LEFTOVER_AGE_US);
        if (count > 0) stale.push([batch, count]);
      }
    }
    for (const [batch, count] of stale) this.requeue(batch, count, nowUs);
    if (stale.length === 0) return;
    this.eventCount++;
    if (this.inFlight.size > 0) this.events.push(TIMEOUT);
  }

  /** True when `pop` would give a pod. */
  get canPop(): boolean {
    return this.places.active.size > 0 || this.places.backoff.size > 0;
  }

  /** Bits of the plugins that hold pods back; 0 when no pod waits for an event. */
  get rejectors(): number {
    let bits = 0;
    for (const rejectors of this.places.refused.keys()) bits |= rejectors;
    return bits;
  }

  /** When the next pod that failed by an error may be tried again, or NEVER. */
  get nextErrorUs(): number {
    const first = this.places.errorBackoff.first();
    return first === undefined ? NEVER : (this.places.expiryOf(first, 0) + 1) * US_PER_SECOND;
  }

  /** Flat data: every pod with the place where it stands. */
  save() {
    return {
      batches: this.places.allBatches().map((batch) => {
        const { place, failures, errors, rejectors, size } = batch;
        const rows = Array.from({ length: size }, (_, index) => batch.row(index));
        const times = rows.map((_, index) => batch.timeUs(index));
        const standing: Standing = { place, failures, errors, rejectors };
        return { key: plainKey(batch.template), standing, rows, times };
      }),
      failures: this.failures.slice(),
      errors: this.errors.slice(),
      inFlight: [...this.inFlight].map(([task, seenFrom]) => {
        return { task, seenFrom, key: plainKey(this.templateOf[task]!) };
      }),
      events: [...this.events],
      eventCount: this.eventCount,
    };
  }

  /** Into a new queue. */
  restore(state: ReturnType<SchedulingQueue['save']>): void {
    assert(this.size === 0 && this.inFlight.size === 0, 'a queue is restored before it is used');
    for (const { key, standing, rows, times } of state.batches) {
      const template = this.places.templateFor(key);
      for (const [index, task] of rows.entries()) {
        this.enter(task, template, standing, times[index]!);
      }
    }
    this.failures = state.failures.slice();
    this.errors = state.errors.slice();
    for (const { task, seenFrom, key } of state.inFlight) {
      this.inFlight.set(task, seenFrom);
      this.templateOf[task] = this.places.templateFor(key);
    }
    this.events = [...state.events];
    this.eventCount = state.eventCount;
  }

  /** Pods whose backoff is over become active. */
  private flush(nowUs: number): void {
    const second = secondOf(nowUs);
    const { places } = this;
    for (const heap of [places.backoff, places.errorBackoff]) {
      for (let batch = heap.first(); batch !== undefined; batch = heap.first()) {
        const count = this.restedIn(batch, second);
        if (count === 0) break;
        places.move(batch, count, PLACE.active);
      }
    }
  }

  /** Moves the first pods of a batch out of the unschedulable ones: into backoff, or past it. */
  private requeue(batch: Batch, count: number, nowUs: number): void {
    const rested = Math.min(count, this.restedIn(batch, secondOf(nowUs)));
    // A part that goes leaves the batch where it is; the whole takes it along.
    if (rested > 0) this.places.move(batch, rested, PLACE.active);
    if (rested < count) this.places.move(batch, count - rested, PLACE.backoff);
  }

  /** How many pods of a batch have waited out their backoff. */
  private restedIn(batch: Batch, second: number): number {
    if (this.places.expiryOf(batch, 0) >= second) return 0;
    return batch.countWhile((index) => this.places.expiryOf(batch, index) < second);
  }

  /** Where a pod with these counts stands after one more refusal, or error where there are no rejectors. */
  private after(
    { failures, errors }: Pick<Standing, 'failures' | 'errors'>,
    rejectors: number,
    nowUs: number,
    mayMove: boolean,
  ): Standing {
    const { countMax } = this.backoffs;
    const isError = rejectors === 0;
    const failed = isError ? failures : Math.min(failures + 1, countMax);
    const erred = isError ? Math.min(errors + 1, countMax) : 0;
    if (!mayMove) {
      return { place: PLACE.unschedulable, failures: failed, errors: erred, rejectors };
    }
    const count = isError ? erred : failed;
    const isOver = this.backoffs.expirySecond(count, nowUs) < secondOf(nowUs);
    let place: Place = isError ? PLACE.errorBackoff : PLACE.backoff;
    if (isOver) place = PLACE.active;
    return { place, failures: failed, errors: erred, rejectors: 0 };
  }

  /** Puts a popped pod back after one more refusal, or error. */
  private comesBack(
    task: number,
    template: Template,
    rejectors: number,
    nowUs: number,
    mayMove: boolean,
  ): void {
    const counts = { failures: this.failures[task]!, errors: this.errors[task]! };
    const standing = this.after(counts, rejectors, nowUs, mayMove);
    this.land(task);
    this.enter(task, template, standing, nowUs);
  }

  private enter(task: number, template: Template, standing: Standing, sinceUs: number): void {
    this.templateOf[task] = template;
    this.size++;
    this.places.enter(task, template, standing, sinceUs);
  }

  private takeOut(batch: Batch, task: number): void {
    this.places.takeOut(batch, batch.indexOf(task));
    this.size--;
  }

  private fly(task: number, batch: Batch, index: number): void {
    this.grow(task);
    this.failures[task] = batch.failures;
    this.errors[task] = batch.errors;
    this.inFlight.set(task, this.eventCount);
    this.places.takeOut(batch, index);
    this.size--;
  }

  private land(task: number): void {
    this.inFlight.delete(task);
    if (this.inFlight.size === 0 && this.events.length > 0) this.events = [];
  }

  /** True when an event since the pod was popped makes another try worth while. */
  private sawHope(task: number, template: Template, rejectors: number): boolean {
    const seenFrom = this.inFlight.get(task)!;
    const oldest = this.eventCount - this.events.length;
    for (let number = Math.max(seenFrom, oldest); number < this.eventCount; number++) {
      const event = this.events[number - oldest]!;
      if (event === TIMEOUT) return true;
      const plugins = rejectors & this.hints.registered(event);
      if (plugins !== 0 && this.isWorthTrying(template, plugins, event, number)) return true;
    }
    return false;
  }

  /** Asks the hints, once for a template, its rejectors and an event. */
  private isWorthTrying(
    template: Template,
    plugins: number,
    event: ClusterEvent,
    number: number,
  ): boolean {
    if (template.askedEvent !== number || template.askedFor !== plugins) {
      template.askedEvent = number;
      template.askedFor = plugins;
      template.answer = this.hints.worthTrying(template, plugins, event);
    }
    return template.answer;
  }

  private batchWith(task: number): Batch | undefined {
    if (this.inFlight.has(task)) return undefined;
    return this.templateOf[task]?.batches.find((batch) => batch.indexOf(task) >= 0);
  }

  private grow(task: number): void {
    if (task < this.failures.length) return;
    const capacity = Math.max(task + 1, 2 * this.failures.length);
    const grown = (from: Uint8Array): Uint8Array<ArrayBuffer> => {
      const to = new Uint8Array(capacity);
      to.set(from);
      return to;
    };
    this.failures = grown(this.failures);
    this.errors = grown(this.errors);
  }
}

/** True for pods that were never tried. */
function isNew({ failures, errors }: Pick<Standing, 'failures' | 'errors'>): boolean {
  return failures === 0 && errors === 0;
}

function plainKey({ spec, workload, pool, isNominated, claims }: TemplateKey): TemplateKey {
  return { spec, workload, pool, isNominated, ...(claims === undefined ? {} : { claims }) };
}
