import type { Counts, Option, Stage } from './play';

const BAR = 32;
const LABEL = 18;

/** What the demo writes for people. With `--json` it goes to standard error, so that standard output stays one JSON line. */
export class Screen implements Stage {
  private readonly live: boolean;
  private readonly colour: boolean;
  private drawn = 0;

  constructor(private readonly out: NodeJS.WriteStream) {
    this.live = out.isTTY === true;
    this.colour = this.live && process.env.NO_COLOR === undefined;
  }

  line(text = ''): void {
    this.drawn = 0;
    this.out.write(`${text}\n`);
  }

  heading(text: string): void {
    this.line();
    this.line(this.bold(text));
  }

  done(title: string, ms: number, told = ''): void {
    this.line(`  ${this.green('✓')} ${title}${told === '' ? '' : this.dim(` · ${told}`)}${this.dim(`  ${duration(ms)}`)}`);
  }

  failed(title: string): void {
    this.line(`  ${this.red('✗')} ${title}`);
  }

  async step<T>(title: string, act: () => Promise<T>, told: (result: T) => string = () => ''): Promise<T> {
    const started = performance.now();
    try {
      const result = await act();
      this.done(title, performance.now() - started, told(result));
      return result;
    } catch (error) {
      this.failed(title);
      throw error;
    }
  }

  /** The counts as bars; on a terminal they move in place, elsewhere only the last ones are written. */
  bars(question: string, options: Option[], { counts, total }: Counts, expected: number): void {
    if (!this.live && total < expected) return;
    const most = Math.max(1, ...Object.values(counts));
    const lines = [
      `    ${this.bold(question)}  ${total} of ${expected} counted`,
      ...options.map(({ optionId, text }) => {
        const votes = counts[optionId] ?? 0;
        const filled = Math.round((votes / most) * BAR);
        return `    ${text.padEnd(LABEL)} ${this.cyan('█'.repeat(filled))}${this.dim('░'.repeat(BAR - filled))} ${votes}`;
      }),
    ];
    if (this.drawn > 0) this.out.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.out.write(`${lines.join('\n')}\n`);
    this.drawn = this.live && total < expected ? lines.length : 0;
  }

  table(rows: Array<readonly [string, string]>): void {
    const width = Math.max(...rows.map(([name]) => name.length));
    for (const [name, value] of rows) this.line(`  ${name.padEnd(width)}  ${this.bold(value)}`);
  }

  bold(text: string): string {
    return this.style(1, text);
  }

  dim(text: string): string {
    return this.style(2, text);
  }

  green(text: string): string {
    return this.style(32, text);
  }

  red(text: string): string {
    return this.style(31, text);
  }

  private cyan(text: string): string {
    return this.style(36, text);
  }

  private style(code: number, text: string): string {
    return this.colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
