/**
 * A file with somebody's own policies: a module whose default export is one policy kind, or a list of them. How a module is
 * imported, TypeScript among them, is the caller's business.
 */

import { pathToFileURL } from 'node:url';
import type { PolicyKind } from '../../placement/policy.ts';
import { inputFault } from './input-path.ts';

export type ImportModule = (url: string) => Promise<unknown>;

/** Throws ScenarioError when the file cannot be imported or exports something else. */
export async function importPolicies(
  path: string,
  importModule: ImportModule,
): Promise<PolicyKind[]> {
  const module = await importModule(pathToFileURL(path).href).catch((error: unknown) => {
    const found = error instanceof Error ? error.message : String(error);
    throw inputFault(path, `expected a module with a policy, found one that fails: ${found}`);
  });
  const exported = defaultExport(module);
  const list: unknown[] = Array.isArray(exported) ? exported : [exported];
  const kinds = list.filter(isPolicyKind);
  if (kinds.length === list.length && kinds.length > 0) return kinds;
  const expected = 'a default export { name, summary, parameters, create } or a list of such';
  throw inputFault(path, `expected ${expected}, found ${describe(exported)}`);
}

/** In a folder that does not say `type: module` a default export may come wrapped in another. */
function defaultExport(module: unknown): unknown {
  const outer = (module as { default?: unknown }).default;
  const isWrapped = typeof outer === 'object' && outer !== null && 'default' in outer;
  return isWrapped ? outer.default : outer;
}

function isPolicyKind(value: unknown): value is PolicyKind {
  if (typeof value !== 'object' || value === null) return false;
  const { name, summary, parameters, create } = value as Record<keyof PolicyKind, unknown>;
  return (
    typeof name === 'string' &&
    typeof summary === 'string' &&
    typeof parameters === 'object' &&
    typeof create === 'function'
  );
}

function describe(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value !== 'object' || value === null) return typeof value;
  return Array.isArray(value)
    ? 'a list with something else in it'
    : `{ ${Object.keys(value).join(', ')} }`;
}
