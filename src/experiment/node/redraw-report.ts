/** Charts and page of an output folder again, from the tables as they are. */

import type { Manifest } from '../manifest.ts';
import { inputFault } from './input-path.ts';
import { MANIFEST_FILE, OutputFolder } from './output-folder.ts';
import { writeManifest } from './write-manifest.ts';
import { writeReport } from './write-report.ts';

/** Throws ScenarioError when the folder is none that Berth wrote. */
export async function redrawReport(path: string): Promise<Manifest> {
  const folder = new OutputFolder(path);
  const old = folder.oldManifest();
  if (old === undefined) {
    throw inputFault(path, `expected a folder that Berth wrote, found no ${MANIFEST_FILE} of it`);
  }
  await folder.begin();
  try {
    await writeReport(path, old, folder);
    const kept = Object.entries(old.outputs).filter(([name]) => !isDrawn(name));
    const manifest = await writeManifest(folder, old, kept);
    await folder.publish(manifest);
    return manifest;
  } finally {
    await folder.discard();
  }
}

function isDrawn(name: string): boolean {
  return name === 'report.html' || name.startsWith('charts/');
}
