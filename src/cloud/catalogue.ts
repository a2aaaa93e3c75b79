/**
 * The catalogue of EC2 instance types (1,363 of them), parsed once, on first use.
 *
 * Order    by name, in code units, so that it is the same everywhere.
 * Unknown  an empty cell is `null`, never 0.
 * Source   aws.md 8.1, 8.2; the columns in catalogue-data.ts name theirs.
 */

import { assert } from '../base/assert.ts';
import { MIB, TICKS_PER_CORE, TICKS_PER_MILLI } from '../base/units.ts';
import { CATALOGUE_COLUMNS } from './catalogue-data.ts';
import type { Gpu, InstanceType, SpotMarket } from './instance-type.ts';
import { nearestName } from './nearest-name.ts';

type ColumnName = keyof typeof CATALOGUE_COLUMNS;

interface Catalogue {
  readonly types: readonly InstanceType[];
  readonly byName: ReadonlyMap<string, InstanceType>;
}

let parsed: Catalogue | undefined;

/** Every type, by name. */
export function instanceTypes(): readonly InstanceType[] {
  return catalogue().types;
}

export function findInstanceType(name: string): InstanceType | undefined {
  return catalogue().byName.get(name);
}

/** The known name nearest to a mistyped one (edit distance, then name); undefined when none is near. */
export function suggestInstanceType(name: string): string | undefined {
  return nearestName(
    name,
    instanceTypes().map((type) => type.name),
  );
}

function catalogue(): Catalogue {
  if (parsed !== undefined) return parsed;
  const columns = splitColumns();
  const types = columns.name.map((_, row) => typeOfRow(new CatalogueRow(columns, row)));
  parsed = { types, byName: new Map(types.map((type) => [type.name, type])) };
  return parsed;
}

function splitColumns(): Record<ColumnName, readonly string[]> {
  const columns = {} as Record<ColumnName, readonly string[]>;
  for (const name of Object.keys(CATALOGUE_COLUMNS) as ColumnName[]) {
    columns[name] = CATALOGUE_COLUMNS[name].split(',');
  }
  for (const [name, cells] of Object.entries(columns)) {
    assert(
      cells.length === columns.name.length,
      `catalogue column ${name} has ${cells.length} cells, expected ${columns.name.length}`,
    );
  }
  return columns;
}

/** One row of the columns: a cell as text, as a number, or as "unknown". */
class CatalogueRow {
  readonly #columns: Record<ColumnName, readonly string[]>;
  readonly #row: number;

  constructor(columns: Record<ColumnName, readonly string[]>, row: number) {
    this.#columns = columns;
    this.#row = row;
  }

  textOrNull(column: ColumnName): string | null {
    const cell = this.#columns[column][this.#row];
    return cell === undefined || cell === '' ? null : cell;
  }

  text(column: ColumnName): string {
    const cell = this.textOrNull(column);
    assert(cell !== null, `catalogue column ${column} is empty in row ${this.#row}`);
    return cell;
  }

  numberOrNull(column: ColumnName): number | null {
    const cell = this.textOrNull(column);
    return cell === null ? null : Number(cell);
  }

  number(column: ColumnName): number {
    return Number(this.text(column));
  }
}

function typeOfRow(row: CatalogueRow): InstanceType {
  const vcpu = row.number('vcpu');
  const memoryMib = row.number('memoryMib');
  return {
    ...nameParts(row.text('name')),
    arch: row.text('arch') as InstanceType['arch'],
    cpuManufacturer: row.text('cpuManufacturer'),
    vcpu,
    cpuTicks: vcpu * TICKS_PER_CORE,
    memoryMib,
    memoryBytes: memoryMib * MIB,
    gpu: gpuOfRow(row),
    accelerator: acceleratorOfRow(row),
    localNvmeGb: row.numberOrNull('localNvmeGb'),
    ebsMbpsMax: row.numberOrNull('ebsMbpsMax'),
    networkGbpsBaseline: row.numberOrNull('networkGbpsBaseline'),
    bareMetal: row.textOrNull('bareMetal') === null ? null : row.text('bareMetal') === '1',
    hypervisor: row.textOrNull('hypervisor') as InstanceType['hypervisor'],
    enisMax: row.numberOrNull('enisMax'),
    enisDefaultCard: row.number('enisDefaultCard'),
    ipv4PerEni: row.number('ipv4PerEni'),
    eksAllocatable: {
      cpuTicks: row.number('eksCpuMilli') * TICKS_PER_MILLI,
      memoryBytes: row.number('eksMemoryMib') * MIB,
      pods: row.number('eksPods'),
    },
    awsvpcTasks: row.numberOrNull('awsvpcTasks'),
    awsvpcTasksTrunking: row.numberOrNull('awsvpcTasksTrunking'),
    onDemandNanoUsdPerHour: {
      'us-east-1': row.numberOrNull('onDemandUsEast1'),
      'us-gov-west-1': row.numberOrNull('onDemandUsGovWest1'),
      'us-gov-east-1': row.numberOrNull('onDemandUsGovEast1'),
    },
    windowsNanoUsdPerHour: row.numberOrNull('windowsUsEast1'),
    spotSampleNanoUsdPerHour: row.numberOrNull('spotSampleUsEast1'),
    spotMarket: {
      'us-east-1': spotMarketOfRow(row, 'spotSavingUsEast1', 'spotBandUsEast1'),
      'us-west-2': spotMarketOfRow(row, 'spotSavingUsWest2', 'spotBandUsWest2'),
      'eu-west-1': spotMarketOfRow(row, 'spotSavingEuWest1', 'spotBandEuWest1'),
    },
  };
}

/** `m6i.2xlarge` -> family m6i, size 2xlarge, category m, generation 6. In `u-6tb1` the 6 is terabytes and the 1 counts. */
function nameParts(
  name: string,
): Pick<InstanceType, 'name' | 'family' | 'size' | 'category' | 'generation'> {
  const match = /^((?:([a-z]+)-\d+tb|([a-z]+)-?)(\d+)[^.]*)\.(.+)$/.exec(name);
  assert(match !== null, `"${name}" does not read as an instance type, family.size`);
  const [, family = '', longCategory, category, generation, size = ''] = match;
  return {
    name,
    family,
    size,
    category: longCategory ?? category ?? '',
    generation: Number(generation),
  };
}

function gpuOfRow(row: CatalogueRow): Gpu | null {
  const model = row.textOrNull('gpuModel');
  if (model === null) return null;
  return {
    count: row.number('gpuCount'),
    model,
    manufacturer: row.text('gpuManufacturer'),
    memoryBytesEach: row.number('gpuMemoryMibEach') * MIB,
  };
}

function acceleratorOfRow(row: CatalogueRow): InstanceType['accelerator'] {
  const name = row.textOrNull('acceleratorName');
  return name === null ? null : { name, count: row.number('acceleratorCount') };
}

function spotMarketOfRow(
  row: CatalogueRow,
  saving: ColumnName,
  band: ColumnName,
): SpotMarket | null {
  const savingPercent = row.numberOrNull(saving);
  const interruptionBand = row.numberOrNull(band);
  if (savingPercent === null || interruptionBand === null) return null;
  return { savingPercent, interruptionBand };
}
