import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import type { LaneKey, LaneTally, PollKey, PollRecord, StoredBallot } from '../ports';

/** One item of the table, or its key, as DynamoDB's low-level client takes it. */
export type Item = Record<string, AttributeValue>;

/** How errors name the table. */
export const TABLE = 'The voting table';
/** A tally's count of an option is an attribute of its own: adding to it needs nothing to be there before. */
export const COUNT_PREFIX = 'n#';
/** So that the lanes of a tally sort: three digits hold `MAX_LANES`. */
const LANE_DIGITS = 3;

function key(partition: string, sort: string): Item {
  return { [VotingTable.PARTITION_KEY]: { S: partition }, [VotingTable.SORT_KEY]: { S: sort } };
}

export const roomPartition = (roomId: string) => `${VotingTable.ROOM_PREFIX}${roomId}`;
export const tallyPartition = (pollId: string) => `${VotingTable.TALLY_PREFIX}${pollId}`;

export const pollKey = ({ roomId, pollId }: PollKey) => key(roomPartition(roomId), `${VotingTable.POLL_PREFIX}${pollId}`);
export const ballotKey = ({ pollId, lane }: LaneKey, voter: string) => key(`${VotingTable.BALLOT_PREFIX}${pollId}#${lane}`, voter);
export const idempotencyKey = (userId: string, name: string) => key(`${VotingTable.USER_PREFIX}${userId}`, `${VotingTable.IDEMPOTENCY_PREFIX}${name}`);

export function tallyKey({ pollId, lane }: LaneKey): Item {
  return key(tallyPartition(pollId), `${VotingTable.LANE_PREFIX}${String(lane).padStart(LANE_DIGITS, '0')}`);
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

export function pollItem(poll: PollRecord): Item {
  const { roomId, pollId, question, options, revote, lanes, createdBy, createdAt, closingAt, closedAt } = poll;
  return {
    ...pollKey(poll),
    roomId: { S: roomId },
    pollId: { S: pollId },
    question: { S: question },
    options: { L: options.map(({ optionId, text: label }) => ({ M: { optionId: { S: optionId }, text: { S: label } } })) },
    revote: { BOOL: revote },
    lanes: number(lanes),
    createdBy: { S: createdBy },
    createdAt: number(createdAt),
    ...(closingAt === undefined ? {} : { closingAt: number(closingAt) }),
    ...(closedAt === undefined ? {} : { closedAt: number(closedAt) }),
  };
}

export function toPoll(item: Item): PollRecord {
  const { closingAt, closedAt } = item;
  return {
    ...toPollKey(item),
    question: text(item, 'question'),
    options: (item.options?.L ?? []).map(({ M: option = {} }) => ({ optionId: text(option, 'optionId'), text: text(option, 'text') })),
    revote: item.revote?.BOOL ?? false,
    lanes: amount(item, 'lanes'),
    createdBy: text(item, 'createdBy'),
    createdAt: amount(item, 'createdAt'),
    ...(closingAt === undefined ? {} : { closingAt: amount(item, 'closingAt') }),
    ...(closedAt === undefined ? {} : { closedAt: amount(item, 'closedAt') }),
  };
}

export function toPollKey(item: Item): PollKey {
  return { roomId: text(item, 'roomId'), pollId: text(item, 'pollId') };
}

export function toBallot(item: Item): StoredBallot {
  return { optionId: text(item, 'optionId'), acceptedAt: amount(item, 'acceptedAt') };
}

export function toTally(item: Item): LaneTally {
  const counts = Object.keys(item)
    .filter((name) => name.startsWith(COUNT_PREFIX))
    .map((name) => [name.slice(COUNT_PREFIX.length), amount(item, name)] as const);
  return { counts: Object.fromEntries(counts), version: amount(item, 'version') };
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
