import type { Interruption } from '../interruption';
import type { Letter, Queues } from '../ports';

/** What one receive takes at most. */
const BATCH = 10;
/** Receives without anything new after which the rest is taken as read: SQS gives no order, and what we hold may come again. */
const PATIENCE = 3;

export interface ReadingProps {
  readonly url: string;
  /** For how long nobody else sees what was received. */
  readonly holdSeconds: number;
  /** Ends the reading between two receives. */
  readonly interruption?: Pick<Interruption, 'check'>;
}

/** Reads the messages of a queue, each once, and gives back what was not taken. */
export class Reading {
  private readonly held = new Map<string, Letter>();
  private readonly done = new Set<string>();

  constructor(private readonly queues: Queues, private readonly props: ReadingProps) {}

  /** The messages that are held, with their newest receipts. */
  get letters(): Letter[] {
    return [...this.held.values()];
  }

  /** More messages that were not seen before; undefined where there are none. */
  async next(most = BATCH): Promise<Letter[] | undefined> {
    for (let attempt = 0; attempt < PATIENCE; attempt += 1) {
      this.props.interruption?.check();
      const received = await this.queues.receive(this.props.url, Math.min(most, BATCH), this.props.holdSeconds);
      if (received.length === 0) return undefined;
      // SQS may deliver even what was deleted: once more, then.
      const again = received.filter(({ id }) => this.done.has(id));
      if (again.length > 0) await this.queues.remove(this.props.url, again);
      const ours = received.filter(({ id }) => !this.done.has(id));
      const fresh = ours.filter(({ id }) => !this.held.has(id));
      for (const letter of ours) this.held.set(letter.id, letter);
      if (fresh.length > 0) return fresh;
    }
    return undefined;
  }

  /** At most that many messages of those that are wanted. */
  async upTo(most: number, wanted: (letter: Letter) => boolean = () => true): Promise<Letter[]> {
    const chosen = () => this.letters.filter(wanted);
    while (chosen().length < most) {
      if (await this.next(most - chosen().length) === undefined) break;
    }
    return chosen();
  }

  /** Keeps what is held from others for that much longer. */
  async keep(seconds: number): Promise<void> {
    await this.queues.hold(this.props.url, this.letters, seconds);
  }

  /** Deletes messages from the queue. Gives the ids of those that are gone. */
  async remove(letters: readonly Letter[]): Promise<Set<string>> {
    const removed = await this.queues.remove(this.props.url, letters);
    for (const id of removed) {
      this.held.delete(id);
      this.done.add(id);
    }
    return removed;
  }

  /** Lets others see at once what is still held. */
  async giveBack(): Promise<void> {
    const letters = this.letters;
    this.held.clear();
    await this.queues.hold(this.props.url, letters, 0);
  }
}

/** Reads a queue, and gives back what is held whatever happens. */
export async function reading<T>(queues: Queues, props: ReadingProps, read: (letters: Reading) => Promise<T>): Promise<T> {
  const letters = new Reading(queues, props);
  try {
    return await read(letters);
  } finally {
    await letters.giveBack();
  }
}
