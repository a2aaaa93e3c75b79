import { describe, expect, it } from 'vitest';
import { parseKubernetesQuantity } from '../../../src/workload/manifests/kubernetes-quantity.ts';

describe('a Kubernetes quantity', () => {
  it.each([
    ['2', 2000],
    [0.5, 500],
    ['250m', 250],
    ['.5', 500],
    ['1.', 1000],
    ['100u', 1], // 0.1 milli, rounded up
    ['1n', 1],
    ['1e3', 1_000_000],
    ['1k', 1_000_000],
    ['0', 0],
  ])('%s is %i thousandths', (text, milli) => {
    expect(parseKubernetesQuantity(text, 'milli')).toBe(milli);
  });

  it.each([
    ['128Mi', 134_217_728],
    ['1.5Gi', 1_610_612_736],
    ['1G', 1e9],
    ['128974848000m', 128_974_848],
    ['1500m', 2], // 1.5, rounded up
    [5e-7, 1],
    ['12E', null], // 1.2e19 is above 2^53
    ['1GB', null],
    ['1 Gi', null],
    ['-1', null],
    ['.', null],
    ['', null],
  ])('%s is %s units', (text, units) => {
    expect(parseKubernetesQuantity(text, 'unit')).toBe(units);
  });
});
