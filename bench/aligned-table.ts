/** Rows under their titles: the first column to the left, numbers to the right. */
export function alignedTable(titles: readonly string[], rows: readonly (readonly string[])[]) {
  const widths = titles.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), title.length),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ');
  return [titles, ...rows].map(line).join('\n');
}
