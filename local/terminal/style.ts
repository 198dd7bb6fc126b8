import { styleText } from 'node:util';

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Colours on a terminal, and none in a file, a pipe or with NO_COLOR. */
export class Style {
  static of(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): Style {
    return new Style(stream.isTTY === true && (environment.NO_COLOR ?? '') === '');
  }

  constructor(private readonly colours: boolean) {}

  bold(text: string): string {
    return this.format('bold', text);
  }

  dim(text: string): string {
    return this.format('dim', text);
  }

  red(text: string): string {
    return this.format('red', text);
  }

  green(text: string): string {
    return this.format('green', text);
  }

  yellow(text: string): string {
    return this.format('yellow', text);
  }

  cyan(text: string): string {
    return this.format('cyan', text);
  }

  private format(format: Format, text: string): string {
    return this.colours ? styleText(format, text) : text;
  }
}

/** `840 ms`, `2.1 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
