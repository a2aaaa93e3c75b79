/** Starts every daemon of a cluster on each host that becomes ready; a daemon ends with its host. aws.md 3.7 DAEMON. */

import { CHANGE, JournalCursor, changeBit } from '../cluster/journal.ts';
import { HOST_STATE, LAUNCH_TYPE } from '../cluster/hosts.ts';
import { NEVER } from '../base/units.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import type { ActionBuffer } from './actions.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Controller } from './controller.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

export class DaemonController implements Controller {
  readonly actor = 'workload-controller';
  readonly phase = 'workload';
  readonly wakesOn = changeBit(CHANGE.hostState);
  readonly wakeAtUs = NEVER;
  readonly background = true;

  private readonly view: ClusterView;
  private readonly cluster: number;
  private readonly cursor: JournalCursor;

  constructor(view: ClusterView, cluster: number) {
    this.view = view;
    this.cluster = cluster;
    this.cursor = new JournalCursor(view.journal, this.wakesOn);
  }

  wake(_nowUs: number, out: ActionBuffer): void {
    const { hosts, workloads } = this.view;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      if (change.value !== HOST_STATE.ready) continue;
      const host = change.row;
      if (hosts.cluster[host] !== this.cluster || hosts.launchType[host] === LAUNCH_TYPE.fargate)
        continue;
      for (let workload = 0; workload < workloads.count; workload++) {
        if (workloads.kind[workload] !== DAEMON || workloads.cluster[workload] !== this.cluster)
          continue;
        out.push({ kind: 'create-daemon', workload, host });
      }
    }
  }

  save(): number {
    return this.cursor.version;
  }

  restore(version: number): void {
    this.cursor.version = version;
  }
}
