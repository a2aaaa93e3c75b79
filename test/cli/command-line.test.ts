import { expect, it } from 'vitest';
import { command } from './command.ts';

it.each([
  [['rnu', 'x.yaml'], "unknown command 'rnu'\n(Did you mean run?)"],
  [['run', 'x.yaml', '--sed', '3'], "unknown option '--sed'"],
  [['run'], "missing required argument 'scenario'"],
  [['run', 'x.yaml', 'y.yaml'], 'too many arguments'],
  [['run', 'x.yaml', '--workers', '0'], 'Expected a whole number from 1, found "0".'],
  [['run', 'x.yaml', '--replications', 'many'], 'Expected a whole number from 1, found "many".'],
  [['run', 'x.yaml', '--set', 'duration'], 'Expected PATH=VALUE such as duration=6h'],
  [['run', 'x.yaml', '--record', 'all'], 'Allowed choices are decisions.'],
  [['catalog', '--sort', 'size'], 'Allowed choices are price, vcpu, memory, name.'],
  [['catalog', '--min-memory', 'much'], 'found "much"'],
  [['run', 'nowhere.yaml'], 'nowhere.yaml: expected a scenario file, found nothing there'],
  [['run', 'src'], 'src: expected a scenario.yaml in this folder, found none'],
  [['report', 'src'], 'expected a folder that Berth wrote, found no manifest.json of it'],
])('berth %j is refused with 2 and a sentence', async (args, sentence) => {
  const { code, out, err } = await command(args);
  expect(err).toContain(sentence);
  expect(out).toBe('');
  expect(code).toBe(2);
});

it('berth alone prints its help as an error', async () => {
  const { code, err } = await command([]);
  expect(err).toContain('Usage: berth');
  expect(code).toBe(2);
});

it.each(['run', 'compare', 'report', 'validate', 'import', 'schema', 'catalog'])(
  'berth %s --help has examples and is no error',
  async (name) => {
    const { code, out } = await command([name, '--help']);
    expect(out).toContain(`\nEXAMPLES\n  $ berth ${name}`);
    expect(code).toBe(0);
  },
);

it('the version is that of the package', async () => {
  const { code, out } = await command(['--version']);
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(code).toBe(0);
});

it('berth schema prints JSON Schema', async () => {
  const { out } = await command(['schema']);
  expect(JSON.parse(out)).toMatchObject({ title: 'Berth scenario' });
});

it('berth catalog aligns types by price, and leaves unknown prices empty', async () => {
  const { out } = await command(['catalog', '--family', 'm6i', '--sort', 'price', '--limit', '2']);
  // m6i.large: 0.096 USD/h on demand in us-east-1; 2 vCPU less 70 m; 8 GiB.
  expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 5))).toEqual([
    ['type', 'arch', 'GPU', 'vCPU', 'memory, GiB'],
    ['m6i.large', 'amd64', '2', '8', '0.096'],
    ['m6i.xlarge', 'amd64', '4', '16', '0.192'],
    [''],
  ]);
  const far = await command(['catalog', '--family', 'm6i', '--region', 'mars-north-1', '--json']);
  expect(JSON.parse(far.out)[0]).toMatchObject({ on_demand_usd_per_hour: null });
});

it('berth catalog --assumptions lists the register', async () => {
  const { out } = await command(['catalog', '--assumptions']);
  expect(out).toMatch(/^latency\.noise-sigma +0\.15 +0\.1 +0\.2 /m);
});
