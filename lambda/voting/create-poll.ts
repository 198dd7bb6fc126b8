import { present, requireMember } from './poll';
import type { PollRecord, Polls, Repeatable } from './ports';
import { IDEMPOTENCY_SECONDS } from '../../src/api/contract';
import type { NewPoll } from '../../src/voting/contract';
import type { Memberships } from '../rooms/ports';
import type { ApiResponse, CallerRequest, Clock, NewId } from '../shared/api';
import { Problem } from '../shared/problem';

export interface CreatePollDependencies {
  readonly memberships: Memberships;
  readonly polls: Pick<Polls, 'create' | 'find'>;
  /** For the new poll; polls that exist keep theirs. */
  readonly lanes: number;
  readonly newId: NewId;
  readonly clock: Clock;
}

/** Opens a poll in a room that the caller is in. The same Idempotency-Key gives the same poll for a day. */
export function createPoll({ memberships, polls, lanes, newId, clock }: CreatePollDependencies) {
  return async (request: CallerRequest<NewPoll>): Promise<ApiResponse> => {
    const { caller: { userId }, body: { question, options, revote = false }, idempotencyKey } = request;
    const { roomId } = await requireMember(memberships, request);
    const now = clock();
    const draft: PollRecord = {
      roomId,
      pollId: newId(),
      question,
      options: options.map((text, index) => ({ optionId: `o${index + 1}`, text })),
      revote,
      lanes,
      createdBy: userId,
      createdAt: now,
    };
    const repeatable = idempotencyKey === undefined ? undefined : { userId, key: idempotencyKey, until: now + IDEMPOTENCY_SECONDS * 1000 };
    const poll = await store(polls, draft, repeatable);
    return { status: 201, body: present(poll, clock()), headers: { location: `/rooms/${roomId}/polls/${poll.pollId}` } };
  };
}

async function store(polls: Pick<Polls, 'create' | 'find'>, draft: PollRecord, repeatable?: Repeatable): Promise<PollRecord> {
  const creation = await polls.create(draft, repeatable);
  if (creation.outcome === 'created') return draft;
  const remembered = await polls.find(creation.poll);
  // What was asked for then stands in the poll itself, so nothing else need be remembered of it.
  if (remembered === undefined || asked(remembered) !== asked(draft)) throw new Problem('idempotency-key-reused');
  return remembered;
}

function asked({ roomId, question, options, revote }: PollRecord): string {
  return JSON.stringify([roomId, question, revote, ...options.map(({ text }) => text)]);
}
