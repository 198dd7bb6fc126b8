import type { Log } from '../shared/api';
import { DependencyUnavailable } from '../shared/problem';
import { eachOf } from './concurrency';
import type { Ballot, Ballots } from './ports';
import { readQueuedBallot } from './queued-ballot';

/** Ballots that are written at once: with some ms a write, one instance writes well more than the 500 a second that it is planned for. */
const CONCURRENCY = 16;
/** So many write shards in vain and no ballot written say that the whole table takes nothing: to ask for each of the rest would only take time. */
const GIVE_UP_AFTER = CONCURRENCY;

/** One message of the overflow queue. */
export interface QueueMessage {
  readonly id: string;
  readonly body: string;
}

export interface DrainDependencies {
  readonly ballots: Pick<Ballots, 'putQueued'>;
  readonly log: Log;
}

/** A message that is a ballot. */
interface Queued {
  readonly id: string;
  readonly ballot: Ballot;
}

/** The ballots of one write shard in a batch: one partition of the table, which throttles by itself. */
interface ShardBatch {
  readonly queued: Queued[];
  unavailable: boolean;
}

/**
 * Puts queued ballots into their places, and names the messages that it could not. Those come again after the queue's visibility
 * timeout, which is the only back-off there is; a message that is no ballot does so until it goes to the dead letters.
 *
 * DynamoDB throttles a partition, and a write shard is one. So a write shard whose partition does not take a ballot is left alone for
 * the rest of the batch, and the others go on. If none takes anything, the whole batch is left.
 *
 * When a ballot was accepted was decided long ago: neither the poll nor a clock is asked. So it does not matter how late a message
 * comes, how often, or in which order.
 */
export function drain({ ballots, log }: DrainDependencies) {
  return async (messages: readonly QueueMessage[]): Promise<string[]> => {
    const failed: string[] = [];
    let written = 0;
    let answered = 0;
    const shards = new Map<string, ShardBatch>();
    const fail = (messageId: string, about: Record<string, unknown>) => {
      failed.push(messageId);
      log.error('Queued ballot not written', { messageId, ...about });
    };
    for (const { id, body } of messages) {
      const ballot = readQueuedBallot(body);
      if (ballot === undefined) {
        fail(id, { reason: 'The message is no ballot' });
        continue;
      }
      const name = `${ballot.pollId} ${ballot.lane}`;
      const shard = shards.get(name) ?? { queued: [], unavailable: false };
      shards.set(name, shard);
      shard.queued.push({ id, ballot });
    }
    const takesNothing = () => answered === 0 && [...shards.values()].filter(({ unavailable }) => unavailable).length >= GIVE_UP_AFTER;
    await eachOf(byTurns([...shards.values()]), CONCURRENCY, async ([shard, { id, ballot }]) => {
      const { pollId, lane } = ballot;
      if (shard.unavailable) return fail(id, { pollId, lane, reason: 'The partition of its write shard takes nothing now' });
      if (takesNothing()) return fail(id, { pollId, lane, reason: 'The table takes nothing now' });
      try {
        if (await ballots.putQueued(ballot)) written += 1;
        answered += 1;
      } catch (error) {
        if (error instanceof DependencyUnavailable) shard.unavailable = true;
        fail(id, { pollId, lane, error });
      }
    });
    log.info('Queued ballots written', { messages: messages.length, written, overtaken: messages.length - written - failed.length, failed: failed.length });
    return failed;
  };
}

/** One ballot of each write shard, then another one of each: a slow partition does not keep every worker waiting. */
function byTurns(shards: readonly ShardBatch[]): Array<readonly [ShardBatch, Queued]> {
  const most = Math.max(0, ...shards.map(({ queued }) => queued.length));
  const turnOf = (turn: number) => shards.flatMap((shard) => (turn < shard.queued.length ? [[shard, shard.queued[turn]] as const] : []));
  return Array.from({ length: most }, (_, turn) => turnOf(turn)).flat();
}
