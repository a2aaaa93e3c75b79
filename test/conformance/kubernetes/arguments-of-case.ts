/** The arguments of plugins that a case states, over the defaults, as the product reads them. */

import { pluginArguments } from '../../../src/workload/manifests/plugin-config.ts';
import { readPlain } from './read-plain.ts';
import type { Json } from './api-objects.ts';
import type { PluginArguments } from '../../../src/cluster/plugin-arguments.ts';

export function argumentsOfCase(pluginConfig: readonly Json[]): PluginArguments {
  return readPlain(pluginConfig, (cursor) =>
    pluginArguments(cursor, (_at, message) => {
      throw new Error(`expected arguments that are all read; found: ${message}`);
    }),
  );
}
