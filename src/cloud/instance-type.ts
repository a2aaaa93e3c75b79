/**
 * One EC2 instance type: what a provider says about it. Memory in bytes (MiB of the source x 2^20), CPU in ticks
 * (a vCPU is one core of 128,000 ticks), prices in nano-USD an hour. `null` means that no source states it.
 * Source: aws.md 8.1, 8.2.
 */

/** Regions whose on-demand prices are known exactly. */
export type PricedRegion = 'us-east-1' | 'us-gov-west-1' | 'us-gov-east-1';
/** Regions whose spot saving and interruption band are known. */
export type SpotRegion = 'us-east-1' | 'us-west-2' | 'eu-west-1';

export interface InstanceType {
  /** For example `m6i.2xlarge`. */
  readonly name: string;
  /** `m6i` */
  readonly family: string;
  /** `2xlarge` */
  readonly size: string;
  /** Letters before the generation: `m`, `c`, `r`, `hpc`, ... */
  readonly category: string;
  /** `6` */
  readonly generation: number;

  readonly arch: 'amd64' | 'arm64';
  readonly cpuManufacturer: string;
  readonly vcpu: number;
  readonly cpuTicks: number;
  readonly memoryMib: number;
  readonly memoryBytes: number;
  /** `null`: the type has none. */
  readonly gpu: Gpu | null;
  /** Inferentia, Trainium and the like; `null`: the type has none. */
  readonly accelerator: { readonly name: string; readonly count: number } | null;
  /** Local NVMe disks together, decimal gigabytes; `null`: none that the source names. */
  readonly localNvmeGb: number | null;
  readonly ebsMbpsMax: number | null;
  /** Baseline, not burst. */
  readonly networkGbpsBaseline: number | null;
  readonly bareMetal: boolean | null;
  readonly hypervisor: 'nitro' | 'xen' | null;

  /** Over all network cards. */
  readonly enisMax: number | null;
  readonly enisDefaultCard: number;
  readonly ipv4PerEni: number;

  /** What EKS publishes for AL2023; allocatable.ts holds the formula behind it. */
  readonly eksAllocatable: Allocatable;
  /** ECS tasks in awsvpc mode, without and with trunking of network interfaces. */
  readonly awsvpcTasks: number | null;
  readonly awsvpcTasksTrunking: number | null;

  readonly onDemandNanoUsdPerHour: Readonly<Record<PricedRegion, number | null>>;
  /** On-demand with a Windows licence and a spot price, both us-east-1, May 2025: for reference only. */
  readonly windowsNanoUsdPerHour: number | null;
  readonly spotSampleNanoUsdPerHour: number | null;
  readonly spotMarket: Readonly<Record<SpotRegion, SpotMarket | null>>;
}

export interface Gpu {
  /** Whole devices; 0 where the type has a slice of one (g6f, gr6f). */
  readonly count: number;
  readonly model: string;
  readonly manufacturer: string;
  readonly memoryBytesEach: number;
}

/** What a host gives to tasks. */
export interface Allocatable {
  readonly cpuTicks: number;
  readonly memoryBytes: number;
  readonly pods: number;
}

export interface SpotMarket {
  /** Average saving against on-demand. */
  readonly savingPercent: number;
  /** Share of instances interrupted in a month: 0 = below 5 %, 1 = 5-10, 2 = 10-15, 3 = 15-20, 4 = above 20 %. */
  readonly interruptionBand: number;
}
