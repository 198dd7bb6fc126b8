/** What happened, for people: one line an event. Built only where somebody wants to read it. */
export class Trace {
  readonly lines: string[] = [];

  constructor(private readonly kept: boolean, private readonly now: () => number) {}

  add(actor: string, what: () => string): void {
    if (this.kept) this.lines.push(`${(this.now() / 1000).toFixed(3).padStart(9)}  ${actor.padEnd(20)} ${what()}`);
  }
}
