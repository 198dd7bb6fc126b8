import { VotingTable } from '../../src/voting/contract';
import type { Decoded } from '../letters/decode';
import type { KnownPoll, Streams } from '../ports';

/** Why a letter's polls cannot be told: the stream has `forgotten` its records, or it names `none`. */
export interface Untold {
  readonly cause: 'forgotten' | 'none';
  readonly why: string;
  /** When its records came, in milliseconds since the epoch. */
  readonly arrived: readonly [number, number];
}
/** The polls whose tallies a dead letter may have left wrong. */
export type Concerned = { readonly polls: ReadonlySet<string> } | Untold;

const NEVER = [Number.NaN, Number.NaN] as const;

/** How long SQS keeps a message at most: so long after a poll's end one of its ballots may still be written. */
const LATEST_BALLOT_MS = 14 * 24 * 3_600_000;

export async function concernedPolls(content: Decoded, streams: () => Promise<Streams>): Promise<Concerned> {
  if (content.kind === 'malformed') return { cause: 'none', why: 'it cannot be read', arrived: NEVER };
  if (content.kind !== 'batch') {
    return content.lane === undefined ? { cause: 'none', why: 'it does not name its poll', arrived: NEVER } : { polls: new Set([content.lane.pollId]) };
  }
  const partitions = await (await streams()).partitions(content.range, VotingTable.PARTITION_KEY);
  if (partitions === undefined) return { cause: 'forgotten', why: 'the stream, which keeps 24 hours, has forgotten its records', arrived: content.arrived };
  const polls = new Set([...partitions].flatMap(pollOfPartition));
  return polls.size === 0 ? { cause: 'none', why: 'its records are no ballots of any poll', arrived: content.arrived } : { polls };
}

/** The polls that can have taken a ballot at some moment from `from` to `to`. Too many are harmless: a recount changes no right tally. */
export function mayHaveTakenBallots({ createdAt, endsAt }: KnownPoll, [from, to]: readonly [number, number]): boolean {
  const bornAfter = createdAt !== undefined && createdAt > to;
  const overBefore = endsAt !== undefined && endsAt + LATEST_BALLOT_MS < from;
  return !bornAfter && !overBefore;
}

/** `ballot#<pollId>#<lane>` */
function pollOfPartition(partition: string): string[] {
  if (!partition.startsWith(VotingTable.BALLOT_PREFIX)) return [];
  const [pollId] = partition.slice(VotingTable.BALLOT_PREFIX.length).split('#');
  return pollId === '' ? [] : [pollId];
}
