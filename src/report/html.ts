/**
 * The report as one page that needs no network: the answer, the comparison, the charts, the bill, what was assumed, the
 * scenario and how to run it again. The Content-Security-Policy forbids every fetch; the chart libraries are inlined.
 */

import { BILL_ITEMS } from '../base/reasons.ts';
import { US_PER_SECOND } from '../base/units.ts';
import { answerOf, type ExpectationResult } from './answer.ts';
import type { Chart } from './charts/chart.ts';
import type { ItemCost } from './charts/cost-by-variant.ts';
import { variantsOf } from './comparison.ts';
import { OVERVIEW_HEADINGS, overviewOf } from './overview.ts';
import { escapeHtml, scriptJson, scriptSource } from './page/escape.ts';
import { PAGE_SCRIPT } from './page/script.ts';
import { PAGE_STYLE } from './page/style.ts';
import { durationText, numberText, usdText } from './readable.ts';
import type { ComparisonRow } from './tables/comparison.ts';

/** One assumed parameter that the run used. */
export interface AssumptionUsed {
  readonly name: string;
  readonly value: string;
  readonly range: string;
  readonly source: string;
}

/** What the report knows beyond the tables; all of it stands in the manifest. */
export interface ReportFacts {
  readonly scenario: string;
  readonly baseline: string;
  readonly warmupUs: number;
  readonly durationUs: number;
  /** The resolved scenario, as YAML or JSON text. */
  readonly scenarioText: string;
  /** The command line that makes these tables again, seed included. */
  readonly command: string;
  readonly seeds: readonly string[];
  readonly expectations: readonly ExpectationResult[];
  readonly assumptions: readonly AssumptionUsed[];
  /** What the reader must know before the numbers: unknown prices, sampled tables, stuck runs. */
  readonly warnings: readonly string[];
  /** Versions of Berth, schema, catalogue and so on, by name. */
  readonly versions: readonly (readonly [name: string, version: string])[];
}

/** The minified text of the three libraries. */
export interface PageScripts {
  readonly vega: string;
  readonly vegaLite: string;
  readonly vegaEmbed: string;
}

export interface DrawnChart extends Chart {
  readonly svg: string;
}

export interface ReportPage {
  readonly facts: ReportFacts;
  readonly comparison: readonly ComparisonRow[];
  readonly costs: readonly ItemCost[];
  readonly charts: readonly DrawnChart[];
  readonly scripts: PageScripts;
}

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval'", // Vega compiles its expressions
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const FAILS = 'fails';

export function reportHtml(page: ReportPage): string {
  const { facts, comparison, costs, charts, scripts } = page;
  const specs = charts.map(({ name, spec }) => ({ name, spec }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<title>${escapeHtml(facts.scenario)}: Berth report</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${introduction(facts, comparison)}
${comparisonSection(facts, comparison)}
${expectationSection(facts)}
<section><h2>Charts</h2>
${charts.map(figure).join('\n')}
</section>
${billSection(costs, comparison)}
${assumptionSection(facts)}
${rerunSection(facts)}
</main>
<script>${scriptSource(scripts.vega)}</script>
<script>${scriptSource(scripts.vegaLite)}</script>
<script>${scriptSource(scripts.vegaEmbed)}</script>
<script type="application/json" id="charts">${scriptJson(specs)}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function introduction(facts: ReportFacts, comparison: readonly ComparisonRow[]): string {
  const seeds = facts.seeds.length === 1 ? '1 seed' : `${facts.seeds.length} seeds`;
  const variants = variantsOf(comparison).length;
  const extent = [
    variants === 1 ? '1 variant' : `${variants} variants`,
    seeds,
    `${durationText(facts.durationUs / US_PER_SECOND)} simulated`,
    `${durationText(facts.warmupUs / US_PER_SECOND)} warm-up`,
  ];
  const warnings = facts.warnings.map((text) => `<p class="warning">${escapeHtml(text)}</p>`);
  return `<header>
<h1>${escapeHtml(facts.scenario)}</h1>
<p class="quiet">${escapeHtml(extent.join(' · '))}</p>
<p class="answer">${escapeHtml(answerOf(comparison, facts.expectations))}</p>
${warnings.join('\n')}
</header>`;
}

function comparisonSection(facts: ReportFacts, comparison: readonly ComparisonRow[]): string {
  const lines = overviewOf(comparison).map((line) => [
    line.isBaseline ? `${line.variant} (baseline)` : line.variant,
    ...line.cells,
  ]);
  const details = comparison.map((row) => [
    row.metric,
    row.variant,
    row.unit,
    numberText(row.mean),
    intervalText(row.ciLow, row.ciHigh),
    row.difference === null ? '' : numberText(row.difference),
    intervalText(row.differenceCiLow, row.differenceCiHigh),
  ]);
  const headings = [
    'metric',
    'variant',
    'unit',
    'mean',
    '95 % interval',
    'difference',
    '95 % interval',
  ];
  return `<section><h2>Comparison</h2>
${tableHtml({ headings: ['variant', ...OVERVIEW_HEADINGS], rows: lines, textColumns: 1 })}
<p class="quiet">Means over seeds, ± half of the 95 % interval. Cost and waiting are those of the window after the
warm-up. Differences to ${escapeHtml(facts.baseline)} are paired: the same seed has the same arrivals and sizes in every
variant. CPU utilisation is requested / allocatable over time on ready hosts, Fargate micro-VMs among them. Pending tasks count in
the waits with the time that they had waited.</p>
<details><summary>Every metric</summary>${tableHtml({ headings, rows: details, textColumns: 3 })}</details>
</section>`;
}

function expectationSection(facts: ReportFacts): string {
  if (facts.expectations.length === 0) return '';
  const rows = facts.expectations.map((one) => [
    one.expectation,
    one.variant,
    one.holds ? 'holds' : FAILS,
    one.found,
  ]);
  return `<section><h2>Expectations</h2>
${tableHtml({ headings: ['expectation', 'variant', 'result', 'found'], rows, textColumns: 3 })}
</section>`;
}

function figure(chart: DrawnChart): string {
  return `<figure>
<figcaption hidden>${escapeHtml(chart.title)}<span>${escapeHtml(chart.detail)}</span></figcaption>
<div class="chart static" id="chart-${escapeHtml(chart.name)}" role="img" aria-label="${escapeHtml(chart.description)}">${chart.svg}</div>
</figure>`;
}

function billSection(costs: readonly ItemCost[], comparison: readonly ComparisonRow[]): string {
  const variants = variantsOf(comparison);
  const items = BILL_ITEMS.filter(({ word }) => costs.some((cost) => cost.item === word));
  if (items.length === 0) return '';
  const usdOf = (variant: string, item?: string): number | null => {
    const own = costs.filter(
      (cost) => cost.variant === variant && (item === undefined || cost.item === item),
    );
    return own.length === 0 ? null : own.reduce((sum, cost) => sum + cost.usd, 0);
  };
  const rows = items.map(({ word }) => [
    word,
    ...variants.map((variant) =>
      usdOf(variant, word) === null ? '' : usdText(usdOf(variant, word)),
    ),
  ]);
  const total = ['total', ...variants.map((variant) => usdText(usdOf(variant)))];
  return `<section><h2>Bill</h2>
${tableHtml({ headings: ['item', ...variants], rows, footer: total, textColumns: 1 })}
<p class="quiet">USD for the whole run, warm-up included, mean over seeds. Lines without a known price are not in it.</p>
</section>`;
}

function assumptionSection(facts: ReportFacts): string {
  if (facts.assumptions.length === 0) return '';
  const rows = facts.assumptions.map((one) => [one.name, one.value, one.range, one.source]);
  return `<section><h2>Assumed parameters</h2>
<p class="quiet">Numbers that these runs used and that no provider states. A scenario may override each by name.</p>
${tableHtml({ headings: ['name', 'value', 'plausible range', 'source'], rows, textColumns: 4, isWords: true })}
</section>`;
}

function rerunSection(facts: ReportFacts): string {
  const versions = facts.versions.map(([name, version]) => `${name} ${version}`).join(' · ');
  return `<section><h2>Run it again</h2>
<pre>${escapeHtml(facts.command)}</pre>
<p class="quiet">Seeds: ${escapeHtml(facts.seeds.join(', '))}. The same scenario and seed give the same bytes on every machine.</p>
<p class="quiet">${escapeHtml(versions)}</p>
<details><summary>The resolved scenario</summary><pre>${escapeHtml(facts.scenarioText)}</pre></details>
</section>`;
}

interface TableText {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly footer?: readonly string[];
  /** How many columns from the left hold text; the others hold numbers, aligned to the right. */
  readonly textColumns: number;
  /** True when cells are sentences that may break over lines. */
  readonly isWords?: boolean;
}

function tableHtml({ headings, rows, footer, textColumns, isWords }: TableText): string {
  const cells = (tag: string, texts: readonly string[]): string =>
    texts.map((text, index) => cellHtml(tag, text, index < textColumns)).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  const foot = footer === undefined ? '' : `<tfoot><tr>${cells('td', footer)}</tr></tfoot>`;
  const kind = isWords === true ? ' class="words"' : '';
  return `<div class="scroll"><table${kind}><thead><tr>${cells('th', headings)}</tr></thead>
<tbody>${body}</tbody>${foot}</table></div>`;
}

function cellHtml(tag: string, text: string, isText: boolean): string {
  const kinds = [isText ? 'text' : '', text === FAILS ? 'fails' : ''].filter(Boolean).join(' ');
  return `<${tag}${kinds === '' ? '' : ` class="${kinds}"`}>${escapeHtml(text)}</${tag}>`;
}

function intervalText(low: number | null, high: number | null): string {
  return low === null || high === null ? '' : `${numberText(low)} to ${numberText(high)}`;
}
