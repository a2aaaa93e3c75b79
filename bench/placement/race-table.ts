/** The races as an aligned table, a race a row. */

import type { EngineName, Race } from './race.ts';

const HEAD = [
  'policy',
  'hosts',
  'templates',
  'index ns',
  'scan ns',
  'naive ns',
  'scan/index',
  'naive/index',
  'x smallest',
  'steps',
  'hash',
  'hosts chosen',
];

export function raceTable(races: readonly Race[]): string {
  const rows = races.map((race) => {
    const ns = (engine: EngineName): number => lapOf(race, engine)?.ns ?? NaN;
    const first = races.find(({ policy }) => policy === race.policy)!;
    const index = lapOf(race, 'index')!;
    return [
      race.policy,
      `${race.hosts}`,
      race.neverRepeating === true ? 'no two alike' : `${race.templates}`,
      number(index.ns, 0),
      number(ns('scan'), 0),
      number(ns('naive'), 0),
      number(ns('scan') / index.ns, 1),
      number(ns('naive') / index.ns, 0),
      number(index.ns / lapOf(first, 'index')!.ns, 1),
      `${index.steps}`,
      index.hash.toString(16).padStart(8, '0'),
      race.agree ? 'same' : 'DIFFER',
    ];
  });
  const widths = HEAD.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), title.length),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ');
  return [HEAD, ...rows].map(line).join('\n');
}

function lapOf(race: Race, engine: EngineName) {
  return race.laps.find((lap) => lap.engine === engine);
}

function number(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '';
}
