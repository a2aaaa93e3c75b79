/** Reads the API's JSON of a case with a reader of manifests. Cases are sound: a fault in one is a fault of the reader. */

import { plainCursor } from '../../../src/workload/manifests/yaml-cursor.ts';
import type { Fault } from '../../../src/base/scenario-error.ts';
import type { YamlCursor } from '../../../src/workload/manifests/yaml-cursor.ts';

export function readPlain<T>(value: unknown, reader: (cursor: YamlCursor) => T): T {
  const faults: Fault[] = [];
  const result = reader(plainCursor('case', value, faults));
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('; '));
  return result;
}
