import { describe, expect, it } from 'vitest';
import { US_PER_HOUR, US_PER_MINUTE } from '../../src/base/units.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { Override } from '../../src/scenario/override.ts';
import { faultsOf } from './faults-of.ts';

const TEXT = `
name: small
seed: 1
duration: 1h
workload:
  - service: &api { name: api, cpu: 1, memory: 1GiB }
  - service: { name: web, cpu: 1, memory: 1GiB }
variants:
  one: &one
    orchestrator: ecs
    pools: { od: { fargate: {} } }
  two: *one
`;

function load(...settings: string[]) {
  return loadScenario(TEXT, 'small.yaml', { overrides: settings.map(overrideOf) });
}

function overrideOf(setting: string): Override {
  const equals = setting.indexOf('=');
  return { path: setting.slice(0, equals), value: setting.slice(equals + 1) };
}

function faults(...settings: string[]) {
  return faultsOf(() => load(...settings)).map(({ file, line, path, message }) => {
    return `${file} | ${line} | ${path} | ${message}`;
  });
}

describe('--set', () => {
  it('replaces a value and gives one that the file left out', () => {
    const { scenario } = load('duration=2h', 'warmup=10m').variants[0]!;
    expect(scenario).toMatchObject({ durationUs: 2 * US_PER_HOUR, warmupUs: 10 * US_PER_MINUTE });
  });

  it('finds list entries by position and by name', () => {
    const { workload } = load('workload[0].service.replicas=2', 'workload.web.replicas=3')
      .variants[0]!.scenario;
    expect(workload.map((entry) => entry.kind === 'service' && entry.replicas.min)).toEqual([2, 3]);
  });

  it('makes the maps on the way', () => {
    const { scenario } = load('images.api.size=1GB').variants[0]!;
    expect(scenario.images).toEqual({ api: { sizeBytes: 1e9, layers: 1 } });
  });

  it('takes YAML as the value', () => {
    expect(load('zones=[x, y]').variants[0]!.scenario.zones).toEqual(['x', 'y']);
  });

  it('takes an assumed parameter, whose name has dots, as one key', () => {
    const { scenario } = load('assumptions.launch.ec2-accepted-s=3').variants[0]!;
    expect(scenario.assumptions).toEqual({ 'launch.ec2-accepted-s': 3 });
  });

  it('changes one variant and not another that shares its text through an anchor', () => {
    const [one, two] = load('variants.two.warmup=5m').variants;
    expect(one!.scenario.warmupUs).toBe(0);
    expect(two!.scenario.warmupUs).toBe(5 * US_PER_MINUTE);
  });

  it('is named as the place of a fault in what it wrote', () => {
    expect(faults('workload.api.cpu=2x')).toEqual([
      expect.stringMatching(
        /^--set workload\.api\.cpu=2x \| 0 \| workload\[0\]\.service\.cpu \| .*"2x"$/,
      ),
    ]);
  });

  it('refuses paths that lead nowhere', () => {
    expect(faults('warmpu=5m')).toEqual([
      '--set warmpu=5m | 0 | warmpu | unknown key "warmpu" (did you mean "warmup"?)',
    ]);
    expect(faults('workload.appi.cpu=2')).toEqual([
      '--set workload.appi.cpu=2 | 0 |  | workload has no entry "appi" (did you mean "api"?)',
    ]);
    expect(faults('variants.three.warmup=5m')).toEqual([
      '--set variants.three.warmup=5m | 0 |  | variants has no entry "three" (one of one, two)',
    ]);
    expect(faults('duration.hours=5')).toEqual([
      '--set duration.hours=5 | 0 |  | duration is no map or list and has no part "hours"',
    ]);
    expect(faults('a..b=5')).toHaveLength(1);
    expect(faults('zones=[a')).toEqual([
      '--set zones=[a | 0 |  | expected a YAML value, found "[a"',
    ]);
  });
});
