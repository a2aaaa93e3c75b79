/** What a cluster saves, of the journal its version alone: the entries are 65,536 rows, of which a test writes few. */

import type { Cluster } from '../../src/cluster/cluster.ts';

export function savedColumns(cluster: Cluster) {
  const { journal, ...rest } = cluster.save();
  return { ...rest, version: journal.version };
}
