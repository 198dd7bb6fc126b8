/** What a shell sees of a command that a signal ended: 128 and the signal's number. */
const EXIT_STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignal = keyof typeof EXIT_STATUS;
export const STOP_SIGNALS = Object.keys(EXIT_STATUS) as StopSignal[];

/** A command was asked to stop. What it holds is given back on the way out. */
export class Interrupted extends Error {
  constructor(readonly by: StopSignal) {
    super(`Interrupted by ${by}`);
    this.name = 'Interrupted';
  }

  get exitStatus(): number {
    return EXIT_STATUS[this.by];
  }
}

/**
 * Whether a command was asked to stop. A command stops between two steps, never inside one: it finishes the batch that it has begun,
 * gives back the messages that it holds, and ends.
 */
export class Interruption {
  private readonly controller = new AbortController();
  private reason: Interrupted | undefined;

  /** For calls that may take minutes. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get interrupted(): Interrupted | undefined {
    return this.reason;
  }

  /** Gives false when the command was asked before. */
  interrupt(by: StopSignal): boolean {
    if (this.reason !== undefined) return false;
    this.reason = new Interrupted(by);
    this.controller.abort(this.reason);
    return true;
  }

  /** Between two steps: throws when no further one is to begin. */
  check(): void {
    if (this.reason !== undefined) throw this.reason;
  }

  /** Waits for a step that needs no finishing: leaves it alone when the command is to stop. */
  async race<T>(step: Promise<T>): Promise<T> {
    this.check();
    // What comes of a step that nobody waits for any more concerns nobody.
    step.catch(() => undefined);
    let stop: () => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(this.reason!);
      this.signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([step, stopped]);
    } finally {
      this.signal.removeEventListener('abort', stop);
    }
  }
}
