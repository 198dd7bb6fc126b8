import type { Poll, PollStatus } from '../../src/voting/contract';
import type { Memberships, Role } from '../rooms/ports';
import type { CallerRequest } from '../shared/api';
import { isId } from '../shared/ids';
import { Problem } from '../shared/problem';
import { endOf } from './closing';
import type { PollReader, PollRecord } from './ports';

export function statusOf(poll: PollRecord, now: number): PollStatus {
  if (now >= (endOf(poll) ?? Infinity)) return 'closed';
  return now < (poll.opensAt ?? -Infinity) ? 'scheduled' : 'open';
}

/** The poll as the API shows it. */
export function present(poll: PollRecord, now: number): Poll {
  const { pollId, roomId, question, options, revote, maxChoices, secret, visibility, createdBy, createdAt, opensAt, closesAt } = poll;
  const status = statusOf(poll, now);
  return {
    pollId,
    roomId,
    question,
    options,
    revote,
    maxChoices,
    secret,
    visibility,
    status,
    createdBy,
    createdAt: new Date(createdAt).toISOString(),
    ...moment('opensAt', opensAt),
    ...moment('closesAt', closesAt),
    ...moment('closedAt', status === 'closed' ? endOf(poll) : undefined),
  };
}

function moment<Name extends string>(name: Name, at: number | undefined): Partial<Record<Name, string>> {
  return at === undefined ? {} : { [name]: new Date(at).toISOString() } as Record<Name, string>;
}

type InRoom = Pick<CallerRequest<unknown>, 'caller' | 'path'>;

/** The room of the path and the caller's role in it. To everybody else the room does not exist. */
export async function requireMember(memberships: Memberships, { caller, path: { roomId } }: InRoom): Promise<{ roomId: string; role: Role }> {
  const role = await memberships.roleOf(roomId, caller.userId);
  if (role === undefined) throw new Problem('not-found');
  return { roomId, role };
}

/** The poll of the path in a room that the caller is in. Both are asked for at once, because most requests are about both. */
export async function requirePoll(memberships: Memberships, polls: PollReader, request: InRoom): Promise<{ role: Role; poll: PollRecord }> {
  const { path: { roomId, pollId } } = request;
  const [{ role }, poll] = await Promise.all([
    requireMember(memberships, request),
    isId(roomId) && isId(pollId) ? polls.find({ roomId, pollId }) : undefined,
  ]);
  if (poll === undefined) throw new Problem('not-found');
  return { role, poll };
}

/** A poll is in the hands of who created it, and of the room's owner. */
export function requireInCharge({ caller }: Pick<CallerRequest<unknown>, 'caller'>, role: Role, { createdBy }: PollRecord): void {
  if (role !== 'owner' && createdBy !== caller.userId) throw new Problem('forbidden');
}
