/** What an ECS pool says about its container instances and their agents: plain data, read when a host is described. */

export interface AgentSettings {
  /** In `awsvpc` every task has a network interface of its own, of which an instance has few. */
  readonly networkMode: 'bridge' | 'host' | 'awsvpc';
  /** More interfaces to an instance, on types that have it (account setting awsvpcTrunking). */
  readonly hasTrunking: boolean;
  /** ECS_RESERVED_MEMORY. */
  readonly reservedMemoryBytes: number;
  /** Managed draining: instances are drained before they end, and at a spot notice; else they end under their tasks. */
  readonly isDrained: boolean;
  /** ECS_ENABLE_SPOT_INSTANCE_DRAINING: the agent itself drains at a spot notice. */
  readonly drainsAtSpotNotice: boolean;
}

/** The agent's defaults, with the managed draining that new capacity providers have. */
export const PLAIN_AGENT: AgentSettings = {
  networkMode: 'bridge',
  hasTrunking: false,
  reservedMemoryBytes: 0,
  isDrained: true,
  drainsAtSpotNotice: false,
};
