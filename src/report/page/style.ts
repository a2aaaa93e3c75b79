/** The style sheet of the report: one column, light or dark as the reader has it, tables that scroll on small screens. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --text: #1c1c1c; --quiet: #5a5a5a; --line: #d9d9d9; --back: #ffffff; --card: #f6f6f4; --bad: #a5281b; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e4e2; --quiet: #a2a29e; --line: #40403e; --back: #191918; --card: #232322; --bad: #ff9b8a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 44px 0 8px; }
p { margin: 8px 0; max-width: 78ch; }
.quiet { color: var(--quiet); font-size: 0.9rem; }
.answer { font-size: 1.1rem; border-left: 4px solid #0072B2; padding: 4px 0 4px 14px; margin: 20px 0; overflow-wrap: anywhere; }
.warning, .fails { color: var(--bad); }
.scroll { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; }
th:first-child, td:first-child { padding-left: 0; }
.text { text-align: left; }
.words td { vertical-align: top; }
.words td + td { white-space: normal; }
.words td:last-child { min-width: 16em; }
tfoot td, tfoot th { font-weight: 600; border-bottom: 0; }
figure { margin: 28px 0 0; overflow-x: auto; }
figcaption { margin-bottom: 10px; font-weight: 600; position: sticky; left: 0; }
figcaption span { display: block; font-weight: 400; font-size: 0.88rem; color: var(--quiet); }
.chart { width: 100%; }
.chart svg { background: transparent; }
.chart.static svg { background: white; }
pre { background: var(--card); padding: 14px; overflow-x: auto; font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; border-radius: 4px; }
code { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.92em; }
summary { cursor: pointer; margin: 12px 0; }
@media print { figure, .scroll { break-inside: avoid; overflow: visible; } summary { display: none; } }
`.trim();
