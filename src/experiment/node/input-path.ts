/**
 * Where a file that a scenario names lies: from the folder of the scenario, or, written `data:NAME/FILE`, under the
 * folder of public data sets that the environment variable BERTH_DATA names.
 */

import { dirname, resolve } from 'node:path';
import { ScenarioError } from '../../base/scenario-error.ts';

export interface InputPlace {
  readonly scenarioFile: string;
  /** The value of BERTH_DATA. */
  readonly dataFolder: string | undefined;
}

const DATA = 'data:';

export function isDataPath(path: string): boolean {
  return path.startsWith(DATA);
}

/** The absolute path. Throws ScenarioError when BERTH_DATA is needed and not set. */
export function inputPath(path: string, place: InputPlace): string {
  if (!isDataPath(path)) return resolve(dirname(place.scenarioFile), path);
  if (place.dataFolder !== undefined && place.dataFolder !== '') {
    return resolve(place.dataFolder, path.slice(DATA.length));
  }
  const message =
    `${path} lies in the folder of public data sets: expected the environment variable BERTH_DATA ` +
    'to name that folder, found it not set';
  throw inputFault(place.scenarioFile, message);
}

/** A fault of an input as a whole. */
export function inputFault(file: string, message: string): ScenarioError {
  return new ScenarioError([{ file, line: 0, column: 0, path: '', message }]);
}
