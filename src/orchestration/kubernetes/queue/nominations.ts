/**
 * Pods that wait for a node which preemption has emptied for them (kubernetes.md 1.4, 1.10), by task and host row. Pods of no higher
 * priority are placed as if they ran there already.
 */

const NONE: readonly number[] = [];

export class Nominations {
  private readonly byHost = new Map<number, number[]>();
  private readonly hostByTask = new Map<number, number>();
  /** Pods that have their node, and wait for others before they are bound to it: nobody may take it, whatever the priority. */
  private readonly holding = new Set<number>();

  get size(): number {
    return this.hostByTask.size;
  }

  /** Takes the pod's earlier nomination back, if it has one. */
  add(task: number, host: number): void {
    this.remove(task);
    this.hostByTask.set(task, host);
    const tasks = this.byHost.get(host);
    if (tasks === undefined) this.byHost.set(host, [task]);
    else tasks.push(task);
  }

  /** The pod has found its node and waits. */
  hold(task: number, host: number): void {
    this.add(task, host);
    this.holding.add(task);
  }

  /** Those that hold a node. */
  get held(): ReadonlySet<number> {
    return this.holding;
  }

  isHolding(task: number): boolean {
    return this.holding.has(task);
  }

  /** Does nothing when the pod is not nominated. */
  remove(task: number): void {
    const host = this.hostByTask.get(task);
    if (host === undefined) return;
    this.hostByTask.delete(task);
    this.holding.delete(task);
    const left = this.on(host).filter((other) => other !== task);
    if (left.length === 0) this.byHost.delete(host);
    else this.byHost.set(host, left);
  }

  /** In the order of their nominations. */
  on(host: number): readonly number[] {
    return this.byHost.get(host) ?? NONE;
  }

  some(is: (task: number) => boolean): boolean {
    for (const task of this.hostByTask.keys()) if (is(task)) return true;
    return false;
  }

  hostOf(task: number): number | undefined {
    return this.hostByTask.get(task);
  }

  save(): readonly (readonly [task: number, host: number, isHolding: boolean])[] {
    return [...this.hostByTask].map(([task, host]) => [task, host, this.holding.has(task)]);
  }

  restore(state: ReturnType<Nominations['save']>): void {
    this.byHost.clear();
    this.hostByTask.clear();
    this.holding.clear();
    for (const [task, host, isHolding] of state) {
      if (isHolding) this.hold(task, host);
      else this.add(task, host);
    }
  }
}
