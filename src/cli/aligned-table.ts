/** Rows of text with their columns aligned, two spaces between them; no colour codes, no frame, no trailing blanks. */
export function alignedTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  /** How many columns from the left hold text; the others hold numbers, aligned to the right. */
  textColumns: number,
): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) =>
    lines.reduce((width, line) => Math.max(width, (line[column] ?? '').length), 0),
  );
  return lines
    .map((line) =>
      widths
        .map((width, column) => {
          const cell = line[column] ?? '';
          return column < textColumns ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
