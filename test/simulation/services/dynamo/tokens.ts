/** Splits an expression into words, and reads them one by one. */
export class Tokens {
  private readonly words: readonly string[];
  private index = 0;

  constructor(readonly expression: string) {
    this.words = expression.match(/<>|<=|>=|[=<>(),+-]|[#:]?[A-Za-z_][A-Za-z0-9_]*|\S/g) ?? [];
  }

  peek(): string | undefined {
    return this.words.at(this.index);
  }

  next(): string {
    const word = this.words.at(this.index);
    if (word === undefined) throw this.unknown();
    this.index += 1;
    return word;
  }

  /** Takes the word if it is that one. Keywords may be in any case. */
  takes(word: string): boolean {
    if (this.peek()?.toUpperCase() !== word) return false;
    this.index += 1;
    return true;
  }

  expects(word: string): void {
    if (!this.takes(word)) throw this.unknown();
  }

  /** The table answers only what it knows for certain: anything else is an error of the simulation, to be taught. */
  unknown(): Error {
    return new Error(`The simulated table does not know this form at word ${this.index + 1}: ${this.expression}`);
  }
}
