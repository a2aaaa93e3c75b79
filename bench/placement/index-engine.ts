/** Chooses by an IndexPlacer on the engine's own cluster. */

import { FIRST } from '../../src/placement/tie-rule.ts';
import { IndexPlacer } from '../../src/placement/index-placer.ts';
import { LoadedCluster } from './loaded-cluster.ts';
import { NO_ROW } from '../../src/cluster/hosts.ts';
import type { Contestant } from './contestants.ts';
import type { Draw } from '../../src/placement/tie-rule.ts';
import type { Engine } from './engine.ts';
import type { Load } from './load.ts';

export class IndexEngine implements Engine {
  private readonly loaded: LoadedCluster;
  private readonly placer: IndexPlacer;

  constructor(load: Load, { policies, scan }: Contestant, draw: Draw) {
    const counts = policies.some(({ countsBy }) => countsBy !== undefined);
    this.loaded = new LoadedCluster(load, 'ecs', counts);
    const ties = scan === 'random' ? ({ kind: 'random', draw } as const) : FIRST;
    const all = { cluster: 0, pool: NO_ROW };
    this.placer = new IndexPlacer(this.loaded.cluster, policies, ties, all);
  }

  choose(template: number): number {
    return this.placer.place(this.loaded.requests[template]!);
  }

  put(host: number, template: number, task: number): void {
    this.loaded.put(host, template, task, task);
  }

  take(host: number, template: number, task: number): void {
    this.loaded.take(host, template, task, task);
  }
}
