/** Finds and reads a scenario that the command line names: a file, or a folder with a scenario.yaml in it. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inputFault } from '../experiment/node/input-path.ts';
import { sha256OfText } from '../experiment/node/read-input.ts';

const NAME_IN_FOLDER = 'scenario.yaml';

export interface ScenarioFile {
  /** As the user names it, with `/scenario.yaml` added to a folder. */
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

/** Throws ScenarioError when there is none. */
export function readScenarioFile(named: string): ScenarioFile {
  if (!existsSync(named)) throw inputFault(named, 'expected a scenario file, found nothing there');
  const isFolder = statSync(named).isDirectory();
  const path = isFolder ? join(named, NAME_IN_FOLDER) : named;
  if (!existsSync(path)) {
    throw inputFault(named, `expected a ${NAME_IN_FOLDER} in this folder, found none`);
  }
  const text = readFileSync(path, 'utf8');
  return { path, text, sha256: sha256OfText(text) };
}
