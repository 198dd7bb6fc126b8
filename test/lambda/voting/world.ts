/** Time that passes only when everybody waits: what happens in it depends on nothing but the durations that a test gives. */
export class World {
  now = 0;
  private readonly waiting: Array<{ readonly at: number; readonly wake: () => void }> = [];

  readonly sleep = async (milliseconds: number): Promise<void> => {
    const at = this.now + milliseconds;
    await new Promise<void>((wake) => { this.waiting.push({ at, wake }); });
  };

  /** A clock that is that much ahead of the world's time. */
  clock(ahead: number): () => number {
    return () => this.now + ahead;
  }

  /** Lets time pass until nobody waits any more. */
  async run(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => { setImmediate(resolve); });
      const next = this.waiting.reduce((first, one) => (first === undefined || one.at < first.at ? one : first), this.waiting.at(0));
      if (next === undefined) return;
      this.waiting.splice(this.waiting.indexOf(next), 1);
      this.now = next.at;
      next.wake();
    }
  }
}
