export const NOTICE = '<!-- Made from the code by `npm run docs`: change the code, not this file. -->';

/** A table in Markdown. A bar in a cell would end it. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
