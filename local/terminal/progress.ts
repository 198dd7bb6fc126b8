import type { Phase, Progress } from '../types';
import { onScreen, printable } from './printable';
import { duration, type Style } from './style';

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
/** What is over sooner is not worth a line of its own. */
const TRIVIAL_MS = 30;

/** Shows what is being done: a line for each phase that is done, and on a terminal a living line for what is not. */
export class ProgressLines {
  private readonly active = new Map<Phase, { message: string; readonly since: number }>();
  private timer: NodeJS.Timeout | undefined;
  private drawn = false;

  constructor(private readonly output: Output, private readonly style: Style, private readonly now: () => number) {}

  show(progress: Progress): void {
    if (progress.state === 'begun') this.begin(progress);
    if (progress.state === 'note') this.note(progress);
    if (progress.state === 'done') this.done(progress);
  }

  /** Takes the living line away, for good or until the next phase. */
  clear(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.active.clear();
    this.erase();
  }

  private begin({ phase, message }: Progress): void {
    this.active.set(phase, { message, since: this.now() });
    if (this.output.isTTY !== true || this.timer !== undefined) return;
    this.timer = setInterval(() => this.draw(), REDRAW_MS);
    this.timer.unref();
    this.draw();
  }

  private note({ phase, message }: Progress): void {
    const active = this.active.get(phase);
    if (this.output.isTTY === true && active !== undefined) active.message = message;
    else this.line(`  ${this.style.dim(`… ${message}`)}`);
  }

  private done({ phase, message, ms = 0 }: Progress): void {
    this.active.delete(phase);
    if (this.active.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    if (message !== '' && ms >= TRIVIAL_MS) this.line(`  ${this.style.green('✔')} ${message} ${this.style.dim(duration(ms))}`);
  }

  private line(text: string): void {
    this.erase();
    this.output.write(`${onScreen(text)}\n`);
  }

  private draw(): void {
    if (this.active.size === 0) return;
    const text = [...this.active.values()].map(({ message, since }) => `${message} (${duration(this.now() - since)})`).join(', ');
    this.erase();
    this.output.write(`  … ${printable(text)}`.slice(0, (this.output.columns ?? 80) - 1));
    this.drawn = true;
  }

  private erase(): void {
    if (this.drawn) this.output.write('\r\u001b[K');
    this.drawn = false;
  }
}
