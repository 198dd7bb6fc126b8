import type { Interruption } from '../interruption';
import { decode } from '../letters/decode';
import { reading } from '../letters/reading';
import type { Queues } from '../ports';

/** Far longer than one batch takes; what stays for its form is back for others after it at the latest. */
const HOLD_SECONDS = 120;
/** What one send takes at most. */
const BATCH = 10;

export interface OverflowRedrive {
  /** The dead letters, and the queue that the drain reads. */
  readonly from: string;
  readonly to: string;
  readonly most: number;
  /** Only messages that this takes. */
  readonly wanted: (id: string) => boolean;
  /** What came later is left alone: a ballot that dies again at once must not go round for ever. */
  readonly startedAt: number;
  readonly onMoved?: (moved: number) => void;
  readonly interruption?: Interruption;
}

export interface OverflowRedriven {
  readonly moved: number;
  /** Messages that the drain could not read either. They stay. */
  readonly malformed: number;
  /** Messages that the queue did not take. They stay. */
  readonly refused: number;
  /** Messages that were sent and could not be deleted: they are in both queues, which counts nothing twice. */
  readonly doubled: number;
}

/**
 * Moves accepted ballots back to the queue of the drain: received, sent, then deleted, so that a failure at any point leaves
 * a message in both queues and never in none. A ballot that is written twice is written once: its write is conditional.
 * SQS's own redrive (StartMessageMoveTask) would carry along what nobody can read, and that would come back for ever.
 */
export async function redriveOverflow(queues: Queues, redrive: OverflowRedrive): Promise<OverflowRedriven> {
  const { from, to, most, wanted, startedAt, interruption } = redrive;
  return reading(queues, { url: from, holdSeconds: HOLD_SECONDS, interruption }, async (letters) => {
    let [moved, malformed, refused, doubled] = [0, 0, 0, 0];
    while (moved < most) {
      const batch = await letters.next(Math.min(BATCH, most - moved));
      if (batch === undefined) break;
      const candidates = batch.filter(({ id, sentAt }) => wanted(id) && sentAt <= startedAt);
      const readable = candidates.filter(({ body }) => decode(body).kind === 'queued');
      malformed += candidates.length - readable.length;
      if (readable.length === 0) continue;
      const sent = await queues.send(to, readable);
      const removed = await letters.remove(readable.filter(({ id }) => sent.has(id)));
      refused += readable.length - sent.size;
      doubled += sent.size - removed.size;
      moved += sent.size;
      redrive.onMoved?.(moved);
    }
    return { moved, malformed, refused, doubled };
  });
}
