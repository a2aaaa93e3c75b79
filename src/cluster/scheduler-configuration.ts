/** A KubeSchedulerConfiguration as plain data, its plugins expanded to the points at which they run (kubernetes.md 1.1). */

import type { PluginArguments } from './plugin-arguments.ts';

/** The extension points whose plugins decide something here. */
export type ExtensionPoint = 'preEnqueue' | 'queueSort' | 'filter' | 'postFilter' | 'score';

export interface EnabledPlugin {
  readonly name: string;
  /** Of Score; 1 where nothing or 0 is stated. */
  readonly weight: number;
}

export interface SchedulerProfile {
  /** What pods ask for by `schedulerName`. */
  readonly schedulerName: string;
  readonly plugins: Readonly<Record<ExtensionPoint, readonly EnabledPlugin[]>>;
  readonly arguments: PluginArguments;
  /** 0 adapts to the number of nodes. */
  readonly percentageOfNodesToScore: number;
}

export interface SchedulerConfiguration {
  /** At least one, each with its own name. */
  readonly profiles: readonly SchedulerProfile[];
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
  /** What is read otherwise than the real scheduler would, as sentences with places. */
  readonly notes: readonly string[];
}
