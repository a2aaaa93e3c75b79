import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GIB, MIB } from '../../src/base/units.ts';
import { findInstanceType, instanceTypes, suggestInstanceType } from '../../src/cloud/catalogue.ts';

const DATA = process.env['BERTH_DATA'];

describe('the catalogue of instance types', () => {
  it('holds 1,363 types in the order of their names, each name once', () => {
    const names = instanceTypes().map((type) => type.name);
    expect(names.length).toBe(1363);
    for (let i = 1; i < names.length; i++) expect(names[i - 1]! < names[i]!).toBe(true);
  });

  it('gives the anchor rows of aws.md 8.4', () => {
    const rows = [
      // type, vCPU, MiB, ENIs on card 0, IPv4 per ENI, pods, Gbps, us-east-1 and us-gov-west-1 nano-USD, saving, band
      ['t3.micro', 2, 1024, 2, 2, 4, 0.064, 10_400_000, 12_200_000, 69, 0],
      ['m6g.medium', 1, 4096, 2, 4, 8, 0.5, 38_500_000, 48_400_000, 63, 3],
      ['m5.large', 2, 8192, 3, 10, 29, 0.75, 96_000_000, 121_000_000, 66, 3],
      ['c7g.2xlarge', 8, 16384, 4, 15, 58, 3.75, 290_000_000, 346_800_000, 69, 0],
      ['g5.xlarge', 4, 16384, 4, 15, 58, 2.5, 1_006_000_000, null, 59, 4],
      ['m7i.24xlarge', 96, 393216, 15, 50, 737, 37.5, 4_838_400_000, 6_098_400_000, 65, 1],
      ['p4d.24xlarge', 96, 1179648, 15, 50, 737, 400, 21_957_642_000, 26_351_100_000, 67, 2],
    ] as const;
    for (const [name, vcpu, mib, enis, ipv4, pods, gbps, east, gov, saving, band] of rows) {
      const type = findInstanceType(name)!;
      expect(type.vcpu).toBe(vcpu);
      expect(type.memoryBytes).toBe(mib * MIB);
      expect([type.enisDefaultCard, type.ipv4PerEni]).toEqual([enis, ipv4]);
      expect(type.eksAllocatable.pods).toBe(pods);
      expect(type.networkGbpsBaseline).toBe(gbps);
      expect(type.onDemandNanoUsdPerHour['us-east-1']).toBe(east);
      expect(type.onDemandNanoUsdPerHour['us-gov-west-1']).toBe(gov);
      expect(type.spotMarket['us-east-1']).toEqual({
        savingPercent: saving,
        interruptionBand: band,
      });
    }
  });

  it('counts a vCPU as one core of 128,000 ticks', () => {
    expect(findInstanceType('m5.large')!.cpuTicks).toBe(256_000);
  });

  it('reads family, size, category and generation out of a name', () => {
    const parts = (name: string): unknown[] => {
      const { family, size, category, generation } = findInstanceType(name)!;
      return [family, size, category, generation];
    };
    expect(parts('m6i.2xlarge')).toEqual(['m6i', '2xlarge', 'm', 6]);
    expect(parts('u-6tb1.56xlarge')).toEqual(['u-6tb1', '56xlarge', 'u', 1]);
    expect(parts('trn2.48xlarge')).toEqual(['trn2', '48xlarge', 'trn', 2]);
  });

  it('knows GPUs, accelerators and tasks in awsvpc mode', () => {
    const p4d = findInstanceType('p4d.24xlarge')!;
    const a100 = { count: 8, model: 'a100', manufacturer: 'nvidia', memoryBytesEach: 40 * GIB };
    expect(p4d.gpu).toEqual(a100);
    expect(findInstanceType('trn1.2xlarge')!.accelerator).toEqual({ name: 'trainium', count: 1 });
    const slice = findInstanceType('g6f.large')!.gpu!;
    expect([slice.count, slice.model, slice.memoryBytesEach]).toEqual([0, 'l4', 2861 * MIB]);
    const c5 = findInstanceType('c5.large')!;
    expect([c5.gpu, c5.accelerator]).toEqual([null, null]);
    expect([c5.awsvpcTasks, c5.awsvpcTasksTrunking]).toEqual([2, 10]);
  });

  it('keeps what is unknown unknown', () => {
    const trn2 = findInstanceType('trn2.48xlarge')!;
    expect(trn2.onDemandNanoUsdPerHour['us-east-1']).toBeNull();
    expect([trn2.enisMax, trn2.bareMetal]).toEqual([null, null]);
    // The source page has -2 here.
    expect(findInstanceType('i4i.large')!.awsvpcTasksTrunking).toBeNull();
    for (const type of instanceTypes()) {
      for (const price of Object.values(type.onDemandNanoUsdPerHour)) {
        expect(price === null || (Number.isSafeInteger(price) && price > 0)).toBe(true);
      }
    }
  });

  it('suggests the nearest type for a mistyped name, and nothing for a far one', () => {
    expect(suggestInstanceType('m6i.2xlrage')).toBe('m6i.2xlarge');
    expect(suggestInstanceType('t3.midium')).toBe('t3.medium');
    expect(suggestInstanceType('mainframe')).toBeUndefined();
  });

  it.skipIf(DATA === undefined)(
    'agrees with every cell of the collected table (needs BERTH_DATA)',
    () => {
      const [head, ...lines] = readFileSync(`${DATA}/ec2-instances.csv`, 'utf8')
        .trimEnd()
        .split(/\r?\n/);
      const columns = head!.split(',');
      expect(lines.length).toBe(1363);
      for (const line of lines) {
        const cells = line.split(',');
        const cell = (name: string): string => cells[columns.indexOf(name)]!;
        const numberOf = (name: string): number | null =>
          cell(name) === '' ? null : Number(cell(name));
        const usd = (nano: number | null): number | null => (nano === null ? null : nano / 1e9);
        const type = findInstanceType(cell('instance_type'))!;
        expect([type.family, type.size, type.category, String(type.generation)]).toEqual(
          ['family', 'size', 'category', 'generation'].map(cell),
        );
        expect([
          type.vcpu,
          type.memoryMib,
          type.gpu?.count ?? 0,
          type.enisMax,
          type.enisDefaultCard,
          type.ipv4PerEni,
          type.networkGbpsBaseline,
          type.ebsMbpsMax,
          type.localNvmeGb,
          usd(type.onDemandNanoUsdPerHour['us-east-1']),
          usd(type.onDemandNanoUsdPerHour['us-gov-west-1']),
          usd(type.onDemandNanoUsdPerHour['us-gov-east-1']),
          usd(type.windowsNanoUsdPerHour),
          usd(type.spotSampleNanoUsdPerHour),
          type.spotMarket['us-east-1']?.savingPercent ?? null,
          type.spotMarket['us-west-2']?.savingPercent ?? null,
          type.spotMarket['eu-west-1']?.interruptionBand ?? null,
        ]).toEqual(
          [
            'vcpu memory_mib gpu_count max_enis enis_default_card ipv4_per_eni network_gbps_baseline',
            'ebs_mbps_max local_nvme_gb od_usd_us_east_1 od_usd_us_gov_west_1 od_usd_us_gov_east_1',
            'windows_od_usd_us_east_1_2025_05 spot_usd_us_east_1_2025_05 spot_saving_pct_us_east_1',
            'spot_saving_pct_us_west_2 spot_interrupt_band_eu_west_1',
          ].flatMap((names) => names.split(' ').map(numberOf)),
        );
      }
    },
  );
});
