import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import { tallyOf } from '../lane';
import type { Ballot, LaneKey, PollKey, PollRecord, StoredBallot } from '../ports';

/** One item of the table, or its key, as DynamoDB's low-level client takes it. */
export type Item = Record<string, AttributeValue>;

/** How errors name the table. */
export const TABLE = 'The voting table';
const ESCAPE = '=';

function key(partition: string, sort: string): Item {
  return { [VotingTable.PARTITION_KEY]: { S: partition }, [VotingTable.SORT_KEY]: { S: sort } };
}

export const roomPartition = (roomId: string) => `${VotingTable.ROOM_PREFIX}${roomId}`;
export const tallyPartition = (pollId: string) => `${VotingTable.TALLY_PREFIX}${pollId}`;

export const pollKey = ({ roomId, pollId }: PollKey) => key(roomPartition(roomId), `${VotingTable.POLL_PREFIX}${pollId}`);
export const ballotPartition = ({ pollId, lane }: LaneKey) => `${VotingTable.BALLOT_PREFIX}${pollId}#${lane}`;
export const ballotKey = (lane: LaneKey, voter: string) => key(ballotPartition(lane), voterSort(voter));
export const markerKey = (lane: LaneKey) => key(ballotPartition(lane), `${VotingTable.MARKER_PREFIX}recount`);
export const idempotencyKey = (userId: string, name: string) => key(`${VotingTable.USER_PREFIX}${userId}`, `${VotingTable.IDEMPOTENCY_PREFIX}${name}`);

/** The item that holds the lane's tally, beside other lanes'. */
export const tallyKey = ({ pollId, lane }: LaneKey) => key(tallyPartition(pollId), `${VotingTable.LANES_PREFIX}${tallyOf(lane)}`);

/**
 * The sort key of a voter's ballot: the voter, escaped where the name begins like a marker or like an escaped one. Names are
 * what an identity provider says: nobody may be called so that their ballot counts for nothing.
 */
export function voterSort(voter: string): string {
  return voter.startsWith(VotingTable.MARKER_PREFIX) || voter.startsWith(ESCAPE) ? `${ESCAPE}${voter}` : voter;
}

export function toVoter(item: Item): string {
  const sort = text(item, VotingTable.SORT_KEY);
  return sort.startsWith(ESCAPE) ? sort.slice(ESCAPE.length) : sort;
}

export function isMarker(keys: Item | undefined): boolean {
  return keys?.[VotingTable.SORT_KEY]?.S?.startsWith(VotingTable.MARKER_PREFIX) ?? false;
}

/** Whether a partition holds ballots. */
export const isBallotPartition = (partition: string) => partition.startsWith(VotingTable.BALLOT_PREFIX);

/** The lane of a partition of ballots, where it can be read. */
export function toLaneKey(partition: string): LaneKey | undefined {
  const [, pollId, lane] = /^([^#]+)#(\d{1,3})$/.exec(partition.slice(VotingTable.BALLOT_PREFIX.length)) ?? [];
  return pollId === undefined ? undefined : { pollId, lane: Number(lane) };
}

/** DynamoDB deletes an item some time after this moment; who reads it must compare, too. */
export function expiresAt(milliseconds: number): Item {
  return { [VotingTable.TIME_TO_LIVE]: number(Math.ceil(milliseconds / 1000)) };
}

export function number(value: number): AttributeValue {
  return { N: String(value) };
}

/** The moments that a poll may have. */
const MOMENTS = ['opensAt', 'closesAt', 'closingAt', 'closedAt'] as const;
const VISIBILITIES = ['always', 'after-vote', 'after-close'] as const;

export function pollItem(poll: PollRecord): Item {
  const { roomId, pollId, question, options, revote, maxChoices, secret, visibility, lanes, createdBy, createdAt } = poll;
  return {
    ...pollKey(poll),
    roomId: { S: roomId },
    pollId: { S: pollId },
    question: { S: question },
    options: { L: options.map(({ optionId, text: label }) => ({ M: { optionId: { S: optionId }, text: { S: label } } })) },
    revote: { BOOL: revote },
    maxChoices: number(maxChoices),
    secret: { BOOL: secret },
    visibility: { S: visibility },
    lanes: number(lanes),
    createdBy: { S: createdBy },
    createdAt: number(createdAt),
    ...Object.fromEntries(MOMENTS.flatMap((name) => (poll[name] === undefined ? [] : [[name, number(poll[name])]]))),
  };
}

export function toPoll(item: Item): PollRecord {
  return {
    ...toPollKey(item),
    question: text(item, 'question'),
    options: (item.options?.L ?? []).map(({ M: option = {} }) => ({ optionId: text(option, 'optionId'), text: text(option, 'text') })),
    revote: item.revote?.BOOL ?? false,
    maxChoices: amount(item, 'maxChoices'),
    // Nothing that a poll lacks may open what its voters were told is closed.
    secret: item.secret?.BOOL ?? true,
    visibility: VISIBILITIES.find((visibility) => visibility === item.visibility?.S) ?? 'after-close',
    lanes: amount(item, 'lanes'),
    createdBy: text(item, 'createdBy'),
    createdAt: amount(item, 'createdAt'),
    ...Object.fromEntries(MOMENTS.flatMap((name) => (item[name] === undefined ? [] : [[name, amount(item, name)]]))),
  };
}

export function toPollKey(item: Item): PollKey {
  return { roomId: text(item, 'roomId'), pollId: text(item, 'pollId') };
}

/** Bytes of a request's hash in a ballot: enough to tell the requests of one voter apart. */
const REQUEST_BYTES = 8;

/** In the place of a request, if nobody waits for its answer: a ballot from the queue. */
const BY_NOBODY: AttributeValue = { B: Buffer.alloc(1) };

/** Which request made the voter's first ballot, as ballots keep it (`castBy`). */
export function castByOf(requestId: string | undefined): AttributeValue {
  return requestId === undefined ? BY_NOBODY : { B: createHash('sha256').update(requestId).digest().subarray(0, REQUEST_BYTES) };
}

export function queuedBallotItem({ voter, choice, acceptedAt, pollId, lane }: Ballot): Item {
  return { ...ballotKey({ pollId, lane }, voter), choice: { S: choice }, acceptedAt: number(acceptedAt), queued: { BOOL: true }, castBy: BY_NOBODY };
}

/** What an item of a lane, or an image of one in the stream, chose: one that says nothing counts for nothing. */
export function choiceOf(item: { readonly choice?: { readonly S?: string } } | undefined): string | undefined {
  const choice = item?.choice?.S;
  return choice === '' ? undefined : choice;
}

/** Whether an item of a lane can be shown as a ballot. */
export const isBallot = (item: Item): boolean => !isMarker(item) && choiceOf(item) !== undefined && item.acceptedAt?.N !== undefined;

export function toBallot(item: Item): StoredBallot {
  return { choice: text(item, 'choice'), acceptedAt: amount(item, 'acceptedAt') };
}

export function text(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new Error(`An item of the voting table has no ${name}`);
  return value;
}

function amount(item: Item, name: string): number {
  const value = item[name]?.N;
  if (value === undefined) throw new Error(`An item of the voting table has no ${name}`);
  return Number(value);
}
