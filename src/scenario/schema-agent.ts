/** Key `agent` of a pool: the network and the agent of ECS container instances (aws.md 3.2, 3.4). */

import { z } from 'zod';
import { bytes } from './schema-quantity.ts';
import type { AgentSettings } from '../cluster/agent-settings.ts';

export const agent = z
  .strictObject({
    networkMode: z
      .enum(['bridge', 'host', 'awsvpc'])
      .prefault('bridge')
      .describe(
        'Network mode of the tasks. In awsvpc each has a network interface of its own: an instance takes one task less than it has interfaces.',
      ),
    eniTrunking: z
      .boolean()
      .prefault(false)
      .describe('awsvpc only: more tasks an instance, on types that have trunking.'),
    reservedMemory: bytes
      .prefault(0)
      .describe('Memory that the agent does not register (ECS_RESERVED_MEMORY).'),
    spotDraining: z
      .boolean()
      .prefault(false)
      .describe(
        'The agent drains its instance at a spot notice (ECS_ENABLE_SPOT_INSTANCE_DRAINING); managed draining does so anyway.',
      ),
  })
  .transform((map): Omit<AgentSettings, 'isDrained'> => ({
    networkMode: map.networkMode,
    hasTrunking: map.eniTrunking,
    reservedMemoryBytes: map.reservedMemory,
    drainsAtSpotNotice: map.spotDraining,
  }));
