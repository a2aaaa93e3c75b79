/** NodePools and node classes as AWS publishes them: all load but those of Windows, which say so. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../../src/base/scenario-error.ts';
import { readNodePools } from '../../../src/workload/manifests/node-pool.ts';

const data = process.env['BERTH_DATA'] ?? '';
const folder = join(data, 'karpenter-nodepools');
const isThere = data !== '' && existsSync(folder);
const reason = data === '' ? 'BERTH_DATA is not set' : `${folder} is not there`;

function filesOf(): { file: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
    .filter(({ text }) => /^kind: (NodePool|EC2NodeClass|NodeClass|NodeOverlay)\s*$/m.test(text));
}

function faultsOf(file: string, text: string): string[] {
  try {
    readNodePools([{ file, text }]);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.faults.map(({ line, message }) => `${line}: ${message}`);
  }
}

describe.skipIf(!isThere)(`published NodePools${isThere ? '' : ` (skipped: ${reason})`}`, () => {
  it('load, all 56 files of them, but for Windows', () => {
    const files = filesOf();
    expect(files).toHaveLength(56);
    const refused = files.filter(({ file, text }) => faultsOf(file, text).length > 0);
    expect(refused.map(({ file }) => file.split('/').at(-1))).toEqual([
      'windows-2019.yaml',
      'windows-2022.yaml',
      'windows-2025.yaml',
      'windows-custom-userdata.yaml',
    ]);
    for (const { file, text } of refused) {
      for (const fault of faultsOf(file, text)) {
        expect(fault).toMatch(/^\d+: expected .*: Windows nodes are not modelled; found /);
      }
    }
  });

  it('say with their place what of them is not modelled, and nothing else', () => {
    const notes = filesOf()
      .filter(({ file, text }) => faultsOf(file, text).length === 0)
      .flatMap((one) => readNodePools([one]).notes.map(({ message }) => message));
    const counts = new Map<string, number>();
    for (const note of notes) counts.set(note, (counts.get(note) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      'NodeOverlay is left out: prices and capacities are those of the catalogue': 10,
      'capacityReservationSelectorTerms of a node class is not modelled': 2,
      'instanceStorePolicy of a node class is not modelled': 5,
      'limit aws.amazon.com/neuron of a NodePool is not modelled': 1,
      'limit nvidia.com/gpu of a NodePool is not modelled': 2,
      'networkInterfaces of a node class is not modelled': 1,
    });
  });
});
