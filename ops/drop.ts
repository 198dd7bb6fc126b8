import type { Interruption } from './interruption';
import { decode } from './letters/decode';
import { reading } from './letters/reading';
import type { Queues, RecordFile } from './ports';

/** Far longer than one batch takes to be written down and deleted. */
const HOLD_SECONDS = 120;
/** What is written down, then deleted, at once. */
const BATCH = 10;

export interface Drop {
  readonly url: string;
  readonly most: number;
  /** Only messages that this takes. */
  readonly wanted: (id: string) => boolean;
  /** Who, why and of what: in every line of the record. */
  readonly note: DropNote;
}

export interface DropNote {
  readonly who: string;
  readonly account: string;
  readonly stack: string;
  readonly pipeline: string;
  readonly queue: string;
  readonly reason: string;
}

export interface DropPorts {
  readonly queues: Queues;
  readonly record: RecordFile;
  readonly now: () => number;
  readonly interruption?: Interruption;
}

export interface Dropped {
  readonly dropped: number;
  /** Written down, but still in the queue. */
  readonly kept: number;
}

/** Deletes dead letters, each only after the record of it, whole, is on the disk: what is dropped can be read, and sent, again. */
export async function drop({ queues, record, now, interruption }: DropPorts, { url, most, wanted, note }: Drop): Promise<Dropped> {
  return reading(queues, { url, holdSeconds: HOLD_SECONDS, interruption }, async (letters) => {
    let [dropped, kept] = [0, 0];
    while (dropped < most) {
      const batch = await letters.next(Math.min(BATCH, most - dropped));
      if (batch === undefined) break;
      const chosen = batch.filter(({ id }) => wanted(id));
      if (chosen.length === 0) continue;
      const at = new Date(now()).toISOString();
      await record.append(chosen.map(({ id, body, sentAt, receives }) => ({
        event: 'dropped', at, ...note, id, sentAt: new Date(sentAt).toISOString(), receives, content: decode(body), body,
      })));
      const removed = await letters.remove(chosen);
      const left = chosen.filter(({ id }) => !removed.has(id));
      if (left.length > 0) await record.append(left.map(({ id }) => ({ event: 'kept', at, ...note, id })));
      dropped += removed.size;
      kept += left.length;
    }
    return { dropped, kept };
  });
}
