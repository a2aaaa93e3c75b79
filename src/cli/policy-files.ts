/** Loads the policies of `--policy FILE`. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { UserPolicies } from '../experiment/node/user-policies.ts';
import { inputFault } from '../experiment/node/input-path.ts';
import { importPolicies } from '../experiment/node/policy-module.ts';
import { sha256OfFile } from '../experiment/node/read-input.ts';
import { importModule } from './import-module.ts';

/** Throws ScenarioError when a file cannot be used. */
export async function loadPolicyFiles(files: readonly string[]): Promise<UserPolicies> {
  const kinds = [];
  const records = [];
  for (const file of files) {
    if (!existsSync(file))
      throw inputFault(file, 'expected a file with a policy, found nothing there');
    const own = await importPolicies(resolve(file), importModule);
    kinds.push(...own);
    const names = own.map(({ name }) => name);
    records.push({ path: file, sha256: await sha256OfFile(file), names });
  }
  const importer = import.meta.url.replace(/policy-files(\.[jt]s)$/, 'import-module$1');
  return { kinds, files: records, paths: files.map((file) => resolve(file)), importer };
}
