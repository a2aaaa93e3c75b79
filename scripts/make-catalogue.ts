/**
 * Writes src/cloud/catalogue-data.ts from the collected table of instance types.
 *
 *     BERTH_DATA=... npx tsx scripts/make-catalogue.ts
 *
 * Reads `${BERTH_DATA}/ec2-instances.csv` (1,363 rows, facts only) and keeps the columns the models use, one string a
 * column, types in the order of their names. Prices become integer nano-USD. An empty cell stays empty: unknown.
 */

import { readFileSync, writeFileSync } from 'node:fs';

type Row = ReadonlyMap<string, string>;
interface Column {
  readonly name: string;
  readonly from: string;
  readonly cell: (text: string) => string;
}
interface Group {
  readonly source: string;
  readonly columns: readonly Column[];
}

const asIs = (text: string): string => text;
/** "0.50" -> "0.5": the shortest text of the same number. */
const shortest = (text: string): string => (text === '' ? '' : String(Number(text)));
const flag = (text: string): string => (text === '' ? '' : text === 'true' ? '1' : '0');
/** The source page says -2 for one type (i4i.large): a slip, so unknown. */
const noNegative = (text: string): string => (text.startsWith('-') ? '' : text);

function nanoUsd(usd: string): string {
  if (usd === '') return '';
  const match = /^(\d+)(?:\.(\d{1,9}))?$/.exec(usd);
  if (match === null)
    throw new Error(`expected a price in USD with at most 9 decimals, found "${usd}"`);
  return String(Number(`${match[1]}${(match[2] ?? '').padEnd(9, '0')}`));
}

function column(name: string, from: string, cell: (text: string) => string = asIs): Column {
  return { name, from, cell };
}

const GROUPS: readonly Group[] = [
  {
    source:
      'Labels: aws/karpenter-provider-aws v1.14.1, website/content/en/v1.14/reference/instance-types.md',
    columns: [
      column('name', 'instance_type'),
      column('vcpu', 'vcpu'),
      column('memoryMib', 'memory_mib'),
      column('arch', 'arch'),
      column('cpuManufacturer', 'cpu_manufacturer'),
      column('gpuCount', 'gpu_count'),
      column('gpuModel', 'gpu_model'),
      column('gpuManufacturer', 'gpu_manufacturer'),
      column('gpuMemoryMibEach', 'gpu_memory_mib_each'),
      column('acceleratorName', 'accelerator_name'),
      column('acceleratorCount', 'accelerator_count'),
      column('ebsMbpsMax', 'ebs_mbps_max'),
      column('localNvmeGb', 'local_nvme_gb'),
    ],
  },
  {
    source:
      'Allocatable on an EKS node (AL2023): the same page; pods equal the ENI limit on every row',
    columns: [
      column('eksCpuMilli', 'eks_alloc_cpu_m'),
      column('eksMemoryMib', 'eks_alloc_memory_mib'),
      column('eksPods', 'eks_alloc_pods'),
    ],
  },
  {
    source:
      'Network cards, hypervisor, metal: karpenter-provider-aws v1.14.1, pkg/providers/instancetype/zz_generated.vpclimits.go',
    columns: [
      column('hypervisor', 'hypervisor'),
      column('bareMetal', 'bare_metal', flag),
      column('enisMax', 'max_enis'),
      column('enisDefaultCard', 'enis_default_card'),
      column('ipv4PerEni', 'ipv4_per_eni'),
    ],
  },
  {
    source:
      'Baseline bandwidth: the same repository, zz_generated.bandwidth.go; vague words ("up to") are left empty',
    columns: [column('networkGbpsBaseline', 'network_gbps_baseline', shortest)],
  },
  {
    source:
      'Tasks in awsvpc mode: awsdocs/amazon-ecs-developer-guide 49232cf2ab, doc_source/container-instance-eni.md',
    columns: [
      column('awsvpcTasks', 'ecs_awsvpc_tasks', noNegative),
      column('awsvpcTasksTrunking', 'ecs_awsvpc_tasks_trunking', noNegative),
    ],
  },
  {
    source:
      'On-demand Linux, nano-USD an hour, 2026-07-20: karpenter-provider-aws v1.14.1, pkg/providers/pricing/zz_generated.pricing_aws*.go',
    columns: [
      column('onDemandUsEast1', 'od_usd_us_east_1', nanoUsd),
      column('onDemandUsGovWest1', 'od_usd_us_gov_west_1', nanoUsd),
      column('onDemandUsGovEast1', 'od_usd_us_gov_east_1', nanoUsd),
    ],
  },
  {
    source:
      'Samples of 2025-05, us-east-1, nano-USD an hour: LeanerCloud/ec2-instances-info 32acf84f42',
    columns: [
      column('windowsUsEast1', 'windows_od_usd_us_east_1_2025_05', nanoUsd),
      column('spotSampleUsEast1', 'spot_usd_us_east_1_2025_05', nanoUsd),
    ],
  },
  {
    source:
      'Spot saving (percent) and monthly interruption band (0-4), 2025-07: alexei-led/spotinfo 05e9331394 (Spot Advisor)',
    columns: [
      column('spotSavingUsEast1', 'spot_saving_pct_us_east_1'),
      column('spotBandUsEast1', 'spot_interrupt_band_us_east_1'),
      column('spotSavingUsWest2', 'spot_saving_pct_us_west_2'),
      column('spotBandUsWest2', 'spot_interrupt_band_us_west_2'),
      column('spotSavingEuWest1', 'spot_saving_pct_eu_west_1'),
      column('spotBandEuWest1', 'spot_interrupt_band_eu_west_1'),
    ],
  },
];

function readRows(file: string): Row[] {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/);
  const names = (head ?? '').split(',');
  const rows = lines.map((line) => {
    const cells = line.split(',');
    if (cells.length !== names.length)
      throw new Error(`expected ${names.length} cells, found: ${line}`);
    return new Map(names.map((name, at) => [name, cells[at] ?? '']));
  });
  return rows.sort((a, b) => (cellOf(a, 'instance_type') < cellOf(b, 'instance_type') ? -1 : 1));
}

function cellOf(row: Row, name: string): string {
  const cell = row.get(name);
  if (cell === undefined) throw new Error(`the table has no column ${name}`);
  return cell;
}

function moduleText(rows: readonly Row[]): string {
  const lines = [
    '/**',
    ` * Facts on ${rows.length} EC2 instance types: one string a column, cells divided by commas, an empty cell is unknown (or none,`,
    ' * for GPUs, accelerators and local disks). Written by scripts/make-catalogue.ts; catalogue.ts is what reads it.',
    ' */',
    '',
    'export const CATALOGUE_COLUMNS = {',
  ];
  for (const group of GROUPS) {
    lines.push(`  // ${group.source}.`);
    for (const { name, from, cell } of group.columns) {
      const text = rows.map((row) => cell(cellOf(row, from))).join(',');
      lines.push(`  ${name}:`, `    '${text}',`);
    }
  }
  lines.push('};', '');
  return lines.join('\n');
}

const folder = process.env['BERTH_DATA'];
if (folder === undefined)
  throw new Error('BERTH_DATA must name the folder that holds ec2-instances.csv');
writeFileSync('src/cloud/catalogue-data.ts', moduleText(readRows(`${folder}/ec2-instances.csv`)));
