/**
 * Where the pods of the scheduling queue stand: heaps of those that may be popped or wait for a time, sets of those that wait
 * for an event. Pods move between places by batches.
 */

import { Batch, PLACE } from './batch.ts';
import { BatchHeap } from './batch-heap.ts';
import { Template } from './template.ts';
import type { OrderKeys } from './batch-heap.ts';
import type { Backoff } from './backoff.ts';
import type { Place, PodColumns, Standing } from './batch.ts';
import type { TemplateKey } from './template.ts';

export interface QueuePlacesParts {
  /** Numbers of tasks, by row: whatever holds the column, which may be replaced. */
  readonly tasks: { readonly number: { readonly [task: number]: number } };
  /** Rows of pools are below it. */
  readonly poolCount: number;
  priorityOf(key: TemplateKey): number;
}

export class QueuePlaces {
  /** Batches of unschedulable pods by rejectors. */
  readonly refused = new Map<number, Batch[]>();
  readonly active: BatchHeap;
  readonly backoff: BatchHeap;
  readonly errorBackoff: BatchHeap;
  private readonly parts: QueuePlacesParts;
  private readonly backoffs: Backoff;
  private readonly columns: PodColumns;
  /** By workload, then by spec, pool and nomination (`keyOf`). */
  private readonly templates: Map<number | string, Template>[] = [];

  constructor(parts: QueuePlacesParts, backoffs: Backoff) {
    this.parts = parts;
    this.backoffs = backoffs;
    const { tasks } = parts;
    this.columns = {
      get number() {
        return tasks.number;
      },
      sinceUs: new Float64Array(64),
    };
    const keysOf = (batch: Batch, firstKey: number): OrderKeys => {
      const { head } = batch;
      return [firstKey, -batch.template.priority, batch.headUs, this.columns.number[head]!];
    };
    const byExpiry = (batch: Batch): OrderKeys => keysOf(batch, this.expiryOf(batch, 0));
    this.active = new BatchHeap((batch) => keysOf(batch, 0));
    this.backoff = new BatchHeap(byExpiry);
    this.errorBackoff = new BatchHeap(byExpiry);
  }

  templateFor(key: TemplateKey): Template {
    const ofWorkload = (this.templates[key.workload] ??= new Map());
    const at = this.keyOf(key);
    let template = ofWorkload.get(at);
    if (template === undefined) {
      template = new Template(key, this.parts.priorityOf(key));
      ofWorkload.set(at, template);
    }
    return template;
  }

  /** Puts one pod into a place. */
  enter(task: number, template: Template, standing: Standing, sinceUs: number): void {
    this.grow(task);
    let batch = template.batches.find((other) => other.standsAs(standing));
    if (batch !== undefined) {
      const headBefore = batch.head;
      batch.insert(task, sinceUs);
      if (batch.head !== headBefore) this.headChanged(batch);
      return;
    }
    if (template.spare === undefined) batch = new Batch(this.columns, template, standing);
    else {
      batch = template.spare;
      template.spare = undefined;
      batch.stand(standing);
    }
    batch.insert(task, sinceUs);
    template.batches.push(batch);
    this.index(batch);
  }

  /** Takes the pod at a position out of the queue. */
  takeOut(batch: Batch, index: number): void {
    if (batch.size === 1) {
      this.detach(batch);
      batch.clear();
      batch.template.spare = batch;
    } else if (index === 0) {
      batch.shift();
      this.headChanged(batch);
    } else batch.removeAt(index);
  }

  /** Moves the first pods of a batch to another place. */
  move(batch: Batch, count: number, place: Place): void {
    const standing = { place, failures: batch.failures, errors: batch.errors, rejectors: 0 };
    if (count === batch.size) {
      this.detach(batch);
      this.attach(batch, standing);
      return;
    }
    const part = new Batch(this.columns, batch.template, standing);
    part.takeFrom(batch, count);
    this.headChanged(batch);
    this.attach(part, standing);
  }

  /** Puts a batch that stands nowhere into a place, or its pods together with those that are there. */
  attach(batch: Batch, standing: Standing): void {
    const { template } = batch;
    const there = template.batches.find((other) => other.standsAs(standing));
    if (there !== undefined && there.size >= batch.size) {
      const headBefore = there.head;
      there.takeFrom(batch, batch.size);
      if (there.head !== headBefore) this.headChanged(there);
      return;
    }
    if (there !== undefined) {
      this.detach(there);
      batch.takeFrom(there, there.size);
    }
    batch.stand(standing);
    template.batches.push(batch);
    this.index(batch);
  }

  /** Takes a batch out of its place and from its template. */
  detach(batch: Batch): void {
    const { batches } = batch.template;
    if (batches.length === 1) batches.pop();
    else batches.splice(batches.indexOf(batch), 1);
    if (batch.place === PLACE.unschedulable) {
      this.takeFromRefused(batch);
    } else this.heapOf(batch.place)?.remove(batch);
  }

  /** A batch without pods that stands nowhere. */
  newBatch(template: Template, standing: Standing): Batch {
    return new Batch(this.columns, template, standing);
  }

  /** The second in which the backoff of a pod ends. */
  expiryOf(batch: Batch, index: number): number {
    const { failures, errors } = batch;
    return this.backoffs.expirySecond(errors > 0 ? errors : failures, batch.timeUs(index));
  }

  allBatches(): Batch[] {
    return this.templates.flatMap((ofWorkload) =>
      [...(ofWorkload?.values() ?? [])].flatMap(({ batches }) => batches),
    );
  }

  private index(batch: Batch): void {
    if (batch.place !== PLACE.unschedulable) {
      this.heapOf(batch.place)?.add(batch);
      return;
    }
    let alike = this.refused.get(batch.rejectors);
    if (alike === undefined) this.refused.set(batch.rejectors, (alike = []));
    batch.heapAt = alike.push(batch) - 1;
  }

  /** The last takes its place: the order means nothing. */
  private takeFromRefused(batch: Batch): void {
    const alike = this.refused.get(batch.rejectors)!;
    const last = alike.pop()!;
    if (last !== batch) {
      alike[batch.heapAt] = last;
      last.heapAt = batch.heapAt;
    }
    batch.heapAt = -1;
    if (alike.length === 0) this.refused.delete(batch.rejectors);
  }

  private headChanged(batch: Batch): void {
    this.heapOf(batch.place)?.update(batch);
  }

  private heapOf(place: Place): BatchHeap | undefined {
    if (place === PLACE.active) return this.active;
    if (place === PLACE.backoff) return this.backoff;
    return place === PLACE.errorBackoff ? this.errorBackoff : undefined;
  }

  private keyOf({ spec, pool, isNominated, claims }: TemplateKey): number | string {
    const key = 2 * (spec * (this.parts.poolCount + 1) + pool + 1) + Number(isNominated);
    return claims === undefined ? key : `${key}/${claims.join()}`;
  }

  /** Jobs of drawn sizes come once: only the last template of a workload stays when nobody waits. */
  forget(template: Template): void {
    if (template.batches.length > 0) return;
    const ofWorkload = this.templates[template.workload]!;
    if (ofWorkload.size === 1) return;
    const key = this.keyOf(template);
    // It may be forgotten already, and another made in its place.
    if (ofWorkload.get(key) === template) ofWorkload.delete(key);
  }

  private grow(task: number): void {
    const { columns } = this;
    if (task < columns.sinceUs.length) return;
    const larger = new Float64Array(Math.max(task + 1, 2 * columns.sinceUs.length));
    larger.set(columns.sinceUs);
    columns.sinceUs = larger;
  }
}
