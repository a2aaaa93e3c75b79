import type { PolicyKind } from '../../placement/policy.ts';
import type { FileRecord } from '../manifest.ts';

/** Policies from files of the user. */
export interface UserPolicies {
  readonly kinds: readonly PolicyKind[];
  readonly files: readonly (FileRecord & { readonly names: readonly string[] })[];
  /** Where the files lie, absolute. */
  readonly paths: readonly string[];
  /** URL of a module whose `importModule` imports them, in whatever thread. */
  readonly importer: string;
}
