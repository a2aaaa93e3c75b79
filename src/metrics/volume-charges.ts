/**
 * What the volumes cost that were made for claims: each from its making until it is deleted, or to the end of the run, by its
 * size as it was asked for (aws.md 2.1, 5.6).
 */

import { GIB } from '../base/units.ts';
import { NO_ROW } from '../cluster/hosts.ts';
import type { Charge, PriceList } from './bill.ts';
import type { ClusterView } from '../cluster/cluster.ts';

const USUAL_TYPE = 'gp3';

export function* volumeCharges(
  { storage, workloads }: ClusterView,
  { volumeGib }: PriceList,
  endUs: number,
): Generator<Charge> {
  const { volumes, volumeSpecs, claims, classes } = storage;
  for (let volume = 0; volume < volumes.count; volume++) {
    if (volumes.isPaid[volume] !== 1) continue;
    const { name, storageBytes, storageClass } = volumeSpecs[volume]!;
    const startUs = volumes.createdUs[volume]!;
    const claim = volumes.claim[volume]!;
    const workload = claim === NO_ROW ? NO_ROW : claims.workload[claim]!;
    const type = classes.get(storageClass)?.volumeType ?? '';
    yield {
      workload: workload === NO_ROW ? '' : workloads.names[workload]!,
      item: 'ebs',
      resource: name,
      unit: 'gb-hour',
      timeUs: Math.min(endUs, volumes.goneUs[volume]!) - startUs,
      units: storageBytes,
      perUnit: GIB,
      priceNanoUsd: volumeGib?.(type === '' ? USUAL_TYPE : type) ?? null,
      host: -1,
      startUs,
    };
  }
}
