/**
 * Nodes for several pods at once, against one picture of the cluster in which each takes its room from the next (kubernetes.md
 * 1.12). Nothing of it is left when the function returns.
 *
 * Departs   spreading does not count the pods of the same attempt.
 */

import { NO_HOST } from '../../../placement/policy.ts';
import { whatIf } from '../../../cluster/fork.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { LaggingCache } from '../../../cluster/lagging-cache.ts';

/** By position in `tasks`; NO_HOST where none will do. `nodeFor` looks at `cache`, or without one at the view. */
export function chooseTogether(
  tasks: readonly number[],
  nodeFor: (task: number) => number,
  view: ClusterView,
  cache: LaggingCache | undefined,
): number[] {
  if (cache === undefined) {
    return whatIf(view, (fork) =>
      tasks.map((task) => {
        const host = nodeFor(task);
        if (host !== NO_HOST) fork.place(view.tasks.spec[task]!, host);
        return host;
      }),
    );
  }
  const hosts = tasks.map((task) => {
    const host = nodeFor(task);
    if (host !== NO_HOST) cache.assume(task, host);
    return host;
  });
  for (const task of tasks) cache.forget(task);
  return hosts;
}
