import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { MARKS_MAX } from '../../src/report/charts/chart.ts';
import { svgOf } from '../../src/report/charts/svg.ts';
import type { PageScripts } from '../../src/report/html.ts';
import { readRows, readTable } from '../../src/report/read-tables.ts';
import { reportOf, type Report, type ReportTables } from '../../src/report/report.ts';
import { COSTS } from '../../src/report/tables/costs.ts';
import { SUMMARY } from '../../src/report/tables/summary.ts';
import { csvOf } from '../../src/report/tables/table.ts';
import { TASKS } from '../../src/report/tables/tasks.ts';
import { TIMESERIES } from '../../src/report/tables/timeseries.ts';
import { REPORT_FACTS } from './report-facts.ts';
import { syntheticTables } from './synthetic.ts';

// The page is tested around the libraries, not with them.
const SCRIPTS: PageScripts = {
  vega: 'var vega = "</script>";\n//# sourceMappingURL=vega.min.js.map',
  vegaLite: 'var vegaLite = "<!--";',
  vegaEmbed: 'function vegaEmbed() {}',
};

const NAMES = [
  'cost-by-variant',
  'wait-p95-by-variant',
  'waiting-distribution',
  'tasks-over-time',
  'hosts-over-time',
];

/** How many inline rows a spec holds, over all its layers and panels. */
function inlineRows(node: unknown): number {
  if (node === null || typeof node !== 'object') return 0;
  const own = 'data' in node ? (node.data as { values: unknown[] }).values.length : 0;
  return Object.values(node).reduce((sum: number, child) => sum + inlineRows(child), own);
}

describe('the report', () => {
  let report: Report;
  let again: Report;

  beforeAll(async () => {
    const tables = syntheticTables();
    report = await reportOf(tables, REPORT_FACTS, SCRIPTS);
    const timeseries = csvOf(TIMESERIES, tables.timeseries, { header: true });
    const readBack: ReportTables = {
      summary: readTable(SUMMARY, csvOf(SUMMARY, tables.summary, { header: true })),
      timeseries: readTable(TIMESERIES, timeseries),
      costs: readRows(COSTS, [csvOf(COSTS, tables.costs, { header: true })]),
      tasks: readRows(TASKS, [csvOf(TASKS, tables.tasks, { header: true })]),
    };
    again = await reportOf(readBack, REPORT_FACTS, SCRIPTS);
  });

  it('is the same, byte for byte, made from the run and made from its tables', () => {
    expect(again.html).toBe(report.html);
    expect(again.charts).toEqual(report.charts);
  });

  it('draws every chart as a picture, twice with the same bytes', async () => {
    expect(report.charts.map((chart) => chart.name)).toEqual(NAMES);
    for (const chart of report.charts) {
      expect(chart.svg).toMatch(/^<svg /);
      expect(chart.svg).not.toMatch(/ id="/); // ids of pictures in one page would clash
      expect(await svgOf(chart.spec)).toBe(chart.svg);
    }
  });

  it('has specs that the Vega-Lite schema accepts', () => {
    const path = 'node_modules/vega-lite/build/vega-lite-schema.json';
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile(JSON.parse(readFileSync(path, 'utf8')) as object);
    for (const { name, spec } of report.charts) {
      const isValid = validate(JSON.parse(JSON.stringify(spec)));
      expect({ name, isValid, errors: validate.errors }).toEqual({
        name,
        isValid: true,
        errors: null,
      });
    }
  });

  it('keeps charts small, whatever the size of the tables', () => {
    const rows = report.charts.map(({ spec }) => inlineRows(spec));
    // 13 item costs, 3 intervals, 3 labels; 3 intervals, 15 seeds, 3 dots, 3 labels; 3 x 205 shares;
    // 3 x 2 x 289 samples; 3 x 289 of hosts and 2 x 289 of utilisation, which Fargate has not
    expect(rows).toEqual([14 + 3 + 3, 3 + 15 + 3 + 3, 3 * 205, 6 * 289, 5 * 289]);
    for (const count of rows) expect(count).toBeLessThanOrEqual(MARKS_MAX);
  });

  it('states the cheapest variant that meets every expectation, with its numbers', () => {
    expect(report.html).toContain(
      'ecs-fargate is the cheapest variant that meets every expectation',
    );
    expect(report.html).toContain('50.64 USD ± 3.58 after the warm-up');
    expect(report.html).toContain('95 % of tasks waited at most 81.2 s');
  });

  it('fetches nothing and lets no text of a scenario become markup', () => {
    expect(report.html).toContain("default-src 'none'");
    expect(report.html).not.toMatch(/<(link|img|iframe)\b/);
    expect(report.html).not.toMatch(/\bsrc=/);
    expect(report.html).not.toContain('sourceMappingURL');
    expect(report.html).toContain('seed: 42 # &lt;/script&gt;&lt;b&gt;');
    expect(report.html).toContain('var vega = "<\\/script>";');
    // five script elements open and five close
    expect(report.html.match(/<script/g)).toHaveLength(5);
    expect(report.html.match(/<\/script/g)).toHaveLength(5);
  });

  it('of one run without hosts or intervals still has what there is', async () => {
    const { summary, costs, tasks, timeseries } = syntheticTables();
    const isOne = (row: { variant: string; seed: string }) =>
      row.variant === 'ecs-fargate' && row.seed === '42';
    const one: ReportTables = {
      summary: summary.filter(isOne),
      costs: costs.filter(isOne),
      tasks: tasks.filter(isOne),
      timeseries: timeseries.filter(isOne),
    };
    const facts = { ...REPORT_FACTS, baseline: 'ecs-fargate', expectations: [] };
    const small = await reportOf(one, facts, SCRIPTS);
    expect(small.charts.map((chart) => chart.name)).toEqual(NAMES.slice(0, 4));
    expect(small.html).toContain('ecs-fargate is the only variant');
    const words = small.html.replace(/<(svg|script|style)[^]*?<\/\1>/g, '');
    expect(/.*(NaN|undefined|null|Infinity).*/.exec(words)).toBeNull();
    for (const { svg } of small.charts) expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});
