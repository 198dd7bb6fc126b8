import type { Log } from '../shared/api';
import { DependencyUnavailable } from '../shared/problem';
import { eachOf } from './concurrency';
import type { Ballots } from './ports';
import { readQueuedBallot } from './queued-ballot';

/** Ballots that are written at once: with some ms a write, one instance writes well more than the 500 a second that it is planned for. */
const CONCURRENCY = 16;
/** So many in vain say that the table takes nothing now: to ask for each of the rest would only take the invocation's time. */
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

/**
 * Puts queued ballots into their places, and names the messages that it could not. Those come again after the queue's visibility
 * timeout, which is the only back-off there is; a message that is no ballot does so until it goes to the dead letters.
 *
 * When a ballot was accepted was decided long ago: neither the poll nor a clock is asked. So it does not matter how late a message
 * comes, how often, or in which order.
 */
export function drain({ ballots, log }: DrainDependencies) {
  return async (messages: readonly QueueMessage[]): Promise<string[]> => {
    const failed: string[] = [];
    let written = 0;
    let unavailable = 0;
    const fail = (messageId: string, about: Record<string, unknown>) => {
      failed.push(messageId);
      log.error('Queued ballot not written', { messageId, ...about });
    };
    await eachOf(messages, CONCURRENCY, async ({ id, body }) => {
      const ballot = readQueuedBallot(body);
      if (ballot === undefined) return fail(id, { reason: 'The message is no ballot' });
      if (unavailable >= GIVE_UP_AFTER) return fail(id, { reason: 'The table takes nothing now' });
      try {
        if (await ballots.putQueued(ballot)) written += 1;
      } catch (error) {
        if (error instanceof DependencyUnavailable) unavailable += 1;
        fail(id, { pollId: ballot.pollId, lane: ballot.lane, error });
      }
    });
    log.info('Queued ballots written', { messages: messages.length, written, overtaken: messages.length - written - failed.length, failed: failed.length });
    return failed;
  };
}
