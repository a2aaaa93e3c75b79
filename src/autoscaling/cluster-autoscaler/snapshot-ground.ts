/** The snapshot as the ground of an estimate: pods are tasks, nodes those of the template. Nothing is taken back here. */

import { NO_NODE } from './cluster-snapshot.ts';
import { podKindOf } from './unschedulable-pods.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { NodeTemplate } from './node-template.ts';
import type { PackingGround } from './estimator.ts';

export function snapshotGround(
  view: ClusterView,
  snapshot: ClusterSnapshot,
  template: NodeTemplate,
): PackingGround<number> {
  const firstAdded = snapshot.count;
  const place = (task: number, node: number): number => {
    if (node !== NO_NODE) snapshot.place(task, view.tasks.spec[task]!, node);
    return node;
  };
  return {
    addNode: () => {
      snapshot.addTemplate(template);
      return snapshot.count - 1;
    },
    placeOn: (task, node) => {
      const answer = snapshot.admits(podKindOf(view, task), node);
      if (answer !== 'fits') return answer;
      place(task, node);
      return 'placed';
    },
    placeOnAdded: (task) => place(task, snapshot.firstFit(podKindOf(view, task), firstAdded)),
    placeOnOther: (task, than) => place(task, snapshot.firstFit(podKindOf(view, task), 0, than)),
  };
}
