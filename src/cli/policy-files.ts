/** Loads the policies of `--policy FILE`. Files may be TypeScript: Deno imports it as it is, Node through tsx. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { UserPolicies } from '../experiment/node/experiment-request.ts';
import { inputFault } from '../experiment/node/input-path.ts';
import { importPolicies } from '../experiment/node/policy-module.ts';
import { sha256OfFile } from '../experiment/node/read-input.ts';

/** Throws ScenarioError when a file cannot be used. */
export async function loadPolicyFiles(files: readonly string[]): Promise<UserPolicies> {
  if (files.length > 0 && process.versions['deno'] === undefined) {
    const { register } = await import('tsx/esm/api');
    register();
  }
  const kinds = [];
  const records = [];
  for (const file of files) {
    if (!existsSync(file))
      throw inputFault(file, 'expected a file with a policy, found nothing there');
    const own = await importPolicies(resolve(file));
    kinds.push(...own);
    const names = own.map(({ name }) => name);
    records.push({ path: file, sha256: await sha256OfFile(file), names });
  }
  return { kinds, files: records, paths: files.map((file) => resolve(file)) };
}
