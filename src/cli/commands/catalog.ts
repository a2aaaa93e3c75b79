/** `berth catalog`: instance types with prices, or the register of assumed parameters. */

import { InvalidArgumentError, Option, type Command } from 'commander';
import { scaledInteger } from '../../base/decimal.ts';
import { parseBytes } from '../../base/quantity.ts';
import { GIB, TICKS_PER_CORE } from '../../base/units.ts';
import { AssumedParameters, ASSUMPTIONS } from '../../cloud/assumptions.ts';
import type { InstanceType } from '../../cloud/instance-type.ts';
import { onDemandNanoUsdPerHour, spotNanoUsdPerHour } from '../../cloud/prices.ts';
import { queryCatalogue, type CatalogueOrder, type CatalogueQuery } from '../../cloud/query.ts';
import { alignedTable } from '../aligned-table.ts';
import { wholeNumber } from '../experiment-options.ts';
import type { Terminal } from '../terminal.ts';

interface CatalogOptions {
  readonly family?: string;
  readonly arch?: 'amd64' | 'arm64';
  readonly minVcpu?: number;
  readonly maxVcpu?: number;
  readonly minMemory?: number;
  readonly gpu?: string | true;
  readonly region: string;
  readonly sort: CatalogueOrder;
  readonly limit?: number;
  readonly assumptions?: true;
  readonly json?: true;
}

const NANO_DIGITS = 9;
const ORDERS: readonly CatalogueOrder[] = ['price', 'vcpu', 'memory', 'name'];

const EXAMPLES = `
EXAMPLES
  $ berth catalog --family m6i
  $ berth catalog --min-vcpu 4 --min-memory 32GiB --arch arm64 --sort price --limit 5
  $ berth catalog --gpu a10g --region eu-west-1
  $ berth catalog --assumptions`;

export function addCatalogCommand(program: Command, terminal: Terminal): void {
  program
    .command('catalog')
    .summary('list EC2 instance types with prices, or the assumed parameters')
    .description(
      'Lists EC2 instance types with their prices in USD an hour and what EKS leaves for pods. A price that no source states is empty.',
    )
    .option('--family <name>', 'such as m6i')
    .addOption(new Option('--arch <arch>', 'processor').choices(['amd64', 'arm64']))
    .option('--min-vcpu <count>', 'at least so many vCPU', wholeNumber)
    .option('--max-vcpu <count>', 'at most so many vCPU', wholeNumber)
    .option('--min-memory <size>', 'at least so much memory, such as 32GiB', bytesOf)
    .option('--gpu [model]', 'with GPUs, of that model if given; `none` for types without')
    .option('--region <name>', 'where to price', 'us-east-1')
    .addOption(new Option('--sort <key>', 'ascending order').choices(ORDERS).default('name'))
    .option('--limit <count>', 'at most so many lines', wholeNumber)
    .option('--assumptions', 'list the assumed parameters instead, with ranges and sources')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: CatalogOptions) => {
      if (options.assumptions) return terminal.out(assumptionsText(options));
      const types = queryCatalogue(queryOf(options));
      terminal.out(
        options.json ? typesJson(types, options.region) : typesText(types, options.region),
      );
    });
}

function queryOf(options: CatalogOptions): CatalogueQuery {
  const { family, arch, minVcpu, maxVcpu, minMemory, gpu, region, sort, limit } = options;
  return {
    region,
    sort,
    ...(family === undefined ? {} : { family }),
    ...(arch === undefined ? {} : { arch }),
    ...(minVcpu === undefined ? {} : { minVcpu }),
    ...(maxVcpu === undefined ? {} : { maxVcpu }),
    ...(minMemory === undefined ? {} : { minMemoryBytes: minMemory }),
    ...(gpu === undefined ? {} : { gpu: gpu === 'none' ? false : gpu }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function typesText(types: readonly InstanceType[], region: string): string {
  const headings = [
    'type',
    'arch',
    'GPU',
    'vCPU',
    'memory, GiB',
    'on-demand, USD/h',
    'spot, USD/h',
    'EKS vCPU',
    'EKS memory, GiB',
    'pods',
  ];
  const parameters = new AssumedParameters();
  const rows = types.map((type) => [
    type.name,
    type.arch,
    type.gpu === null ? '' : `${type.gpu.count} x ${type.gpu.model}`,
    String(type.vcpu),
    String(type.memoryBytes / GIB),
    priceText(onDemandNanoUsdPerHour(type, region, parameters)),
    priceText(spotNanoUsdPerHour(type, region, parameters)),
    String(type.eksAllocatable.cpuTicks / TICKS_PER_CORE),
    (type.eksAllocatable.memoryBytes / GIB).toFixed(2),
    String(type.eksAllocatable.pods),
  ]);
  return alignedTable(headings, rows, 3);
}

function typesJson(types: readonly InstanceType[], region: string): string {
  const parameters = new AssumedParameters();
  const usd = (nanoUsd: number | null) => (nanoUsd === null ? null : Number(priceText(nanoUsd)));
  const records = types.map((type) => ({
    name: type.name,
    arch: type.arch,
    vcpu: type.vcpu,
    memory_bytes: type.memoryBytes,
    gpu_count: type.gpu?.count ?? 0,
    gpu_model: type.gpu?.model ?? null,
    region,
    on_demand_usd_per_hour: usd(onDemandNanoUsdPerHour(type, region, parameters)),
    spot_usd_per_hour: usd(spotNanoUsdPerHour(type, region, parameters)),
    eks_cpu: type.eksAllocatable.cpuTicks / TICKS_PER_CORE,
    eks_memory_bytes: type.eksAllocatable.memoryBytes,
    eks_pods: type.eksAllocatable.pods,
  }));
  return `${JSON.stringify(records, undefined, 2)}\n`;
}

function assumptionsText({ json }: CatalogOptions): string {
  if (json) return `${JSON.stringify(ASSUMPTIONS, undefined, 2)}\n`;
  const headings = ['name', 'unit', 'default', 'low', 'high', 'meaning (source)'];
  const rows = ASSUMPTIONS.map(({ name, unit, default: usual, low, high, meaning, source }) => [
    name,
    unit === '1' ? '' : unit,
    String(usual),
    String(low),
    String(high),
    `${meaning} (${source})`,
  ]);
  return alignedTable(headings, rows, headings.length);
}

function priceText(nanoUsd: number | null): string {
  return nanoUsd === null ? '' : scaledInteger(nanoUsd, NANO_DIGITS);
}

function bytesOf(text: string): number {
  const parsed = parseBytes(text);
  if (parsed.ok) return parsed.value;
  throw new InvalidArgumentError(parsed.message);
}
