/**
 * What the report page does when scripts are allowed: each picture becomes a live chart with tooltips and export, as wide
 * as the page has room for, in the reader's light or dark colours. Without scripts the pictures stay as they were drawn.
 */

import { CHART_WIDTH } from '../charts/chart.ts';

const DARK_CONFIG = {
  title: { color: '#e4e4e2', subtitleColor: '#a2a29e' },
  axis: {
    labelColor: '#c8c8c4',
    titleColor: '#c8c8c4',
    gridColor: '#343432',
    domainColor: '#777',
    tickColor: '#777',
  },
  legend: { labelColor: '#c8c8c4' },
  header: { labelColor: '#e4e4e2' },
  text: { color: '#e4e4e2' },
  rule: { color: '#e4e4e2' },
};

/** Reads the specs from the JSON element `charts`; runs after Vega, Vega-Lite and Vega-Embed. */
export const PAGE_SCRIPT = `
(() => {
  const FULL_WIDTH = ${CHART_WIDTH};
  const dark = matchMedia('(prefers-color-scheme: dark)').matches ? ${JSON.stringify(DARK_CONFIG)} : {};
  const merge = (config) => {
    const merged = { ...config, background: 'transparent', padding: 4 };
    for (const [part, values] of Object.entries(dark)) merged[part] = { ...config[part], ...values };
    return merged;
  };
  const narrow = (node, width) => {
    if (node === null || typeof node !== 'object') return;
    if (node.width === FULL_WIDTH) node.width = width;
    for (const child of [node.spec, ...(node.vconcat ?? [])]) narrow(child, width);
  };
  const oneColumn = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (node.legend) node.legend.columns = node.legend.direction ? 2 : 1;
    for (const child of Object.values(node)) oneColumn(child);
  };
  for (const { name, spec } of JSON.parse(document.getElementById('charts').textContent)) {
    const place = document.getElementById('chart-' + name);
    const caption = place.parentElement.querySelector('figcaption');
    const room = Math.max(180, Math.min(FULL_WIDTH, place.clientWidth - 215));
    narrow(spec, room);
    delete spec.title;
    spec.config = merge(spec.config);
    if (room < 400) oneColumn(spec);
    place.classList.remove('static');
    caption.hidden = false;
    vegaEmbed(place, spec, {
      renderer: 'svg',
      actions: { export: true, source: false, compiled: false, editor: false },
    }).catch((error) => { place.textContent = 'This chart could not be drawn: ' + error.message; });
  }
})();
`.trim();
