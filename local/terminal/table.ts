/** Rows in columns as wide as their widest cell. Lines end where their text does. */
export function table(rows: ReadonlyArray<readonly string[]>, indent = '  ', gap = '  '): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => { widths[column] = Math.max(widths[column] ?? 0, width(cell)); });
  return rows.map((row) => (indent + row.map((cell, column) => cell + ' '.repeat(widths[column] - width(cell))).join(gap)).trimEnd());
}

/** What a terminal shows of a text: colours take no room. */
function width(text: string): number {
  return text.replace(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '').length;
}
