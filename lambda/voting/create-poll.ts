import { IDEMPOTENCY_SECONDS } from '../../src/api/contract';
import type { NewPoll } from '../../src/voting/contract';
import type { Memberships } from '../rooms/ports';
import type { ApiResponse, CallerRequest, Clock, NewId } from '../shared/api';
import { Problem } from '../shared/problem';
import { present, requireMember } from './poll';
import { readTimes } from './poll-times';
import type { PollRecord, Polls, Repeatable } from './ports';

export interface CreatePollDependencies {
  readonly memberships: Memberships;
  readonly polls: Pick<Polls, 'create' | 'find' | 'remembered'>;
  /** For the new poll; polls that exist keep theirs. */
  readonly lanes: number;
  readonly newId: NewId;
  readonly clock: Clock;
}

/** Opens a poll in a room that the caller is in. The same Idempotency-Key gives the same poll for a day. */
export function createPoll({ memberships, polls, lanes, newId, clock }: CreatePollDependencies) {
  return async (request: CallerRequest<NewPoll>): Promise<ApiResponse> => {
    const { caller: { userId }, body, idempotencyKey } = request;
    const { question, options, revote = false, maxChoices = 1, secret = true, visibility = 'always' } = body;
    if (maxChoices > options.length) {
      throw new Problem('invalid-request', { errors: [{ pointer: '/maxChoices', detail: 'must not be more than there are options' }] });
    }
    const times = readTimes(body);
    const { roomId } = await requireMember(memberships, request);
    const now = clock();
    const draft: PollRecord = {
      roomId,
      pollId: newId(),
      question,
      options: options.map((text, index) => ({ optionId: `o${index + 1}`, text })),
      revote,
      maxChoices,
      secret,
      visibility,
      lanes,
      createdBy: userId,
      createdAt: now,
      ...times,
    };
    const repeatable = idempotencyKey === undefined ? undefined : { userId, key: idempotencyKey, until: now + IDEMPOTENCY_SECONDS * 1000 };
    const poll = await store(polls, draft, repeatable);
    return { status: 201, body: present(poll, clock()), created: poll.pollId };
  };
}

async function store(polls: Pick<Polls, 'create' | 'find' | 'remembered'>, draft: PollRecord, repeatable?: Repeatable): Promise<PollRecord> {
  if (draft.closesAt !== undefined && draft.closesAt <= draft.createdAt) {
    // Too late for a new poll; the repetition of a request that made one in time is as good as ever.
    const made = repeatable === undefined ? undefined : await polls.remembered(repeatable.userId, repeatable.key);
    if (made !== undefined) return sameAs(draft, await polls.find(made));
    throw new Problem('invalid-request', { errors: [{ pointer: '/closesAt', detail: 'must be in the future' }] });
  }
  const creation = await polls.create(draft, repeatable);
  return creation.outcome === 'created' ? draft : sameAs(draft, await polls.find(creation.poll));
}

/** What was asked for then stands in the poll itself, so nothing else need be remembered of it. */
function sameAs(draft: PollRecord, remembered: PollRecord | undefined): PollRecord {
  if (remembered === undefined || asked(remembered) !== asked(draft)) throw new Problem('idempotency-key-reused');
  return remembered;
}

function asked({ roomId, question, options, revote, maxChoices, secret, visibility, opensAt, closesAt }: PollRecord): string {
  return JSON.stringify([roomId, question, revote, maxChoices, secret, visibility, opensAt, closesAt, ...options.map(({ text }) => text)]);
}
