import { POLL_CACHE_MS } from '../../src/voting/contract';
import type { Clock } from '../shared/api';
import { remember } from '../shared/remember';
import type { PollReader, PollRecord } from './ports';

/** Polls that one instance remembers: with 20 long options each some 10 MB. */
const CACHE_ENTRIES = 1_000;

/** For how long a poll is kept that can change no more: its end is settled. */
const SETTLED_CACHE_MS = 60_000;

/**
 * Polls that were read a moment ago. The age counts from before the read was sent, because what it brings may be as old
 * as that: so nobody is given a poll as it was more than `POLL_CACHE_MS` before they asked. Closing a poll leans on it.
 * That there is no such poll is never remembered.
 */
export function cachedPolls(polls: PollReader, clock: Clock, maxEntries = CACHE_ENTRIES): PollReader {
  const cache = new Map<string, { readonly poll: PollRecord; readonly sentAt: number }>();

  return {
    async find(key) {
      const entry = `${key.roomId} ${key.pollId}`;
      const known = cache.get(entry);
      const now = clock();
      // A clock that was set back must not make an old poll young.
      if (known !== undefined && known.sentAt <= now && now - known.sentAt <= lifeOf(known.poll)) return known.poll;
      const poll = await polls.find(key);
      // Where two reads overlap, the one that was sent later stays, whichever came back first.
      if (poll !== undefined && (cache.get(entry)?.sentAt ?? now) <= now) remember(cache, maxEntries, entry, { poll, sentAt: now });
      return poll;
    },
  };
}

function lifeOf({ closedAt }: PollRecord): number {
  return closedAt === undefined ? POLL_CACHE_MS : SETTLED_CACHE_MS;
}
