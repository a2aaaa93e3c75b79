import { expect, it } from 'vitest';
import { aimsSection, withSection } from '../../bench/runner/readme-section.ts';
import { costPoints, placementCharts } from '../../bench/runner/placement-charts.ts';
import { figureOf } from '../../bench/runner/figure.ts';
import { markdownTable, numberText } from '../../bench/runner/result-table.ts';
import { placementFigures } from '../../bench/placement/race-figures.ts';
import type { Race } from '../../bench/placement/race.ts';
import type { Results } from '../../bench/runner/results.ts';

const BEGIN = '<!-- figures: written by `npm run bench -- --record` -->';
const END = '<!-- figures: end -->';

function race(hosts: number, templates: number, ns: number): Race {
  const lap = { steps: 10, hash: 1 };
  const laps = [
    { engine: 'scan' as const, ns: ns * 4, ...lap },
    { engine: 'index' as const, ns, ...lap },
  ];
  return { policy: 'best-fit', hosts, templates, steps: 10, laps, agree: true };
}

const RACES = [race(1_000, 32, 100), race(10_000, 32, 200), race(10_000, 8, 50)];

function resultsOf(program: string, figures: Results['programs'][number]['figures']): Results {
  const one = { program, date: '', seconds: 1, peakMemoryBytes: 1, faults: [], figures };
  return { size: 'full', times: 1, berth: '1', node: 'v20', cpu: 'x', cores: 2, programs: [one] };
}

it('numbers have three digits that count, and all of those before the point', () => {
  expect([0.01234, 4.5678, 45.678, 4567.8, 0].map(numberText)).toEqual([
    '0.0123',
    '4.57',
    '45.7',
    '4568',
    '0',
  ]);
});

it('a section replaces what stands between the markers and nothing else', async () => {
  const text = `# A\n\n${BEGIN}\n\nold\n\n${END}\n\nafter\n`;
  expect(await withSection(text, 'new')).toBe(`# A\n\n${BEGIN}\n\nnew\n\n${END}\n\nafter\n`);
  for (const bad of ['# A\n', `${text}${END}\n`, `${BEGIN}\n${text}`]) {
    await expect(withSection(bad, 'new')).rejects.toThrow('a README must hold the lines');
  }
});

it('figures with the same size, twin and aim share a row that tells how many met it', () => {
  const figure = (workload: string, twinCost: number) =>
    figureOf({
      name: 'hold',
      workload,
      size: '10 pending',
      unit: 'ns',
      hash: '',
      agree: true,
      costs: [1],
      twin: 'heap',
      twinCosts: [twinCost],
      aim: { atLeast: 4 },
    });
  const section = aimsSection(resultsOf('x', [figure('a', 3), figure('b', 5)]));
  expect(section).toContain('| x | hold | 10 pending | heap | 3.00 to 5.00 | >= 4 | 1 of 2 |');
});

it('an aim that was missed is told', () => {
  const measured = { name: 'a', workload: 'b', size: 'c', unit: 'ns', hash: '', agree: true };
  const aim = { atLeast: 4 };
  const figure = figureOf({ ...measured, costs: [1], twin: 'd', twinCosts: [3], aim });
  expect(markdownTable([figure])).toContain('>= 4 **not met**');
});

it('races become a figure a twin, and one of the growth from the fewest hosts to the most', () => {
  const figures = placementFigures(RACES);
  expect(figures.map(({ size, twin, ratio }) => [size, twin, ratio])).toEqual([
    ['1000 hosts', 'scan', 4],
    ['10000 hosts', 'scan', 4],
    // 200 / 100
    ['10000 hosts', 'index, 1000 hosts', 2],
    ['10000 hosts', 'scan', 4],
  ]);
});

it('the charts draw each engine once a race, by hosts and by templates', async () => {
  const results = resultsOf('placement/place', placementFigures(RACES));
  // 3 races x 2 engines
  expect(costPoints(results)).toHaveLength(6);
  const charts = await placementCharts(results);
  expect([...charts.keys()]).toEqual(['placement-by-hosts.svg', 'placement-by-templates.svg']);
  for (const svg of charts.values()) expect(svg).toContain('best-fit');
});
