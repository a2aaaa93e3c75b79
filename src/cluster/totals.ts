/** Running sums over all hosts and tasks, kept by the ledger, so that observers integrate without a scan. */

export class Totals {
  /** Over hosts that take or hold tasks (ready and draining), Fargate micro-VMs among them. */
  cpuAllocatable = 0;
  memoryAllocatable = 0;
  cpuRequested = 0;
  memoryRequested = 0;
  /** Hosts that run (running, ready, draining), Fargate micro-VMs apart. */
  hostsUp = 0;
  /** Daemons apart: they come and go with their hosts. */
  tasksPending = 0;
  /** Placed, pulling or running; daemons apart. */
  tasksInside = 0;

  save(): { readonly [K in keyof Totals as Totals[K] extends number ? K : never]: number } {
    return Object.assign({}, this);
  }

  restore(state: ReturnType<Totals['save']>): void {
    Object.assign(this, state);
  }
}
