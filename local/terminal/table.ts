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

/** A text in lines of at most this width, each indented. */
export function wrap(text: string, indent: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}
