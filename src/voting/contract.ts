/** What the voting functions find in their environment. */
export const VotingEnv = {
  TABLE_NAME: 'VOTING_TABLE_NAME',
  /** How many lanes a new poll gets. */
  LANES: 'VOTING_LANES',
} as const;

/**
 * The keys of the voting table: polls by room, ballots by poll and lane, tallies by poll.
 * Why a lane is one partition key, and why the table has a local index: docs/adr/0006-exactly-once.md.
 */
export const VotingTable = {
  PARTITION_KEY: 'pk',
  SORT_KEY: 'sk',
  TIME_TO_LIVE: 'expiresAt',
  /** The sort key of the local index that keeps a lane on one partition. No item carries it, so it costs nothing. */
  LANE_PIN: 'lanePin',
  ROOM_PREFIX: 'room#',
  POLL_PREFIX: 'poll#',
  /** Partition of one lane's ballots: `ballot#<pollId>#<lane>`; the sort key is the voter. */
  BALLOT_PREFIX: 'ballot#',
  /** Partition of a poll's tallies: `tally#<pollId>`; the sort key is `lane#<lane>`. */
  TALLY_PREFIX: 'tally#',
  LANE_PREFIX: 'lane#',
  USER_PREFIX: 'user#',
  IDEMPOTENCY_PREFIX: 'idempotency#',
} as const;

/** Lanes of a poll where nothing else is said. */
export const DEFAULT_LANES = 16;
/** The most lanes that one query reads comfortably (256 items of some hundred bytes, far below its 1 MB page). */
export const MAX_LANES = 256;
/** Sequence numbers of DynamoDB Streams have at most 40 digits: padded to that, they compare as strings. */
export const SEQUENCE_DIGITS = 40;

/** For how long a function may vote by a poll that it has read, in milliseconds. */
export const POLL_CACHE_MS = 500;
/** How far two of the service's clocks (API Gateway's edge, any function) may be apart, in milliseconds. */
export const CLOCK_SKEW_MS = 250;
/** What is allowed for the write that announces a poll's end, in milliseconds. A slower one is noticed, and announced again. */
export const CLOSE_WRITE_MS = 250;
/** How far ahead a poll is closed: no function can still believe in the open poll when that moment comes. */
export const CLOSE_LEAD_MS = POLL_CACHE_MS + CLOCK_SKEW_MS + CLOSE_WRITE_MS;

/** The namespace and names of the pipeline's own metrics. */
export const VotingMetrics = {
  NAMESPACE: 'TrinityConstructs/Voting',
  BALLOTS_COUNTED: 'BallotsCounted',
  /** The one dimension: the name of the table, which tells one pipeline from another. */
  TABLE_DIMENSION: 'Table',
} as const;

export interface NewPoll { readonly question: string; readonly options: string[]; readonly revote?: boolean }
export interface Option { readonly optionId: string; readonly text: string }
export type PollStatus = 'open' | 'closed';
export interface Poll {
  readonly pollId: string;
  readonly roomId: string;
  readonly question: string;
  readonly options: Option[];
  readonly revote: boolean;
  readonly status: PollStatus;
  readonly createdBy: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC; there once the poll is closed. */
  readonly closedAt?: string;
}
export interface PollPage { readonly items: Poll[]; readonly nextCursor?: string }
export interface VoteRequest { readonly optionId: string }
export interface Vote { readonly pollId: string; readonly optionId: string; readonly acceptedAt: string }
export interface Results {
  readonly pollId: string;
  readonly status: PollStatus;
  /** Votes by option id; every option is there, also with 0. */
  readonly counts: Record<string, number>;
  readonly total: number;
  /** Rises with every change of the counts, never falls. */
  readonly version: number;
}
