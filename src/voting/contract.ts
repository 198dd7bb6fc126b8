/** What the voting functions find in their environment. */
export const VotingEnv = {
  TABLE_NAME: 'VOTING_TABLE_NAME',
  /** How many lanes a new poll gets. */
  LANES: 'VOTING_LANES',
  /** How a ballot comes into the table: one of `IngestionMode`. */
  INGESTION: 'VOTING_INGESTION',
  /** The URL of the overflow queue. */
  QUEUE_URL: 'VOTING_QUEUE_URL',
  /** The URL of the queue for changes of ballots that cannot be read. */
  DEAD_LETTERS_URL: 'VOTING_DEAD_LETTERS_URL',
} as const;

/** How a ballot comes into the table. */
export const IngestionMode = {
  /** By a write; where the table takes none, by the queue. */
  OVERFLOW: 'overflow',
  /** By a write, or not at all. */
  DIRECT: 'direct',
  /** By the queue. */
  BUFFERED: 'buffered',
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
  /** Partition of a poll's tallies: `tally#<pollId>`; the sort key is `lanes#<n>`, for the lanes from n times `LANES_PER_TALLY` on. */
  TALLY_PREFIX: 'tally#',
  LANES_PREFIX: 'lanes#',
  /** Sort keys of a lane's partition that begin so are no ballots but marks in its stream. */
  MARKER_PREFIX: '~',
  USER_PREFIX: 'user#',
  IDEMPOTENCY_PREFIX: 'idempotency#',
} as const;

/** Lanes of a poll where nothing else is said: enough that the fullest of them gets less than a sixteenth of the votes. */
export const DEFAULT_LANES = 24;
/** The most lanes that one query reads comfortably (some hundred bytes a lane, far below its 1 MB page). */
export const MAX_LANES = 256;
/**
 * Lanes that have their tallies in one item, each by itself: a batch costs one write for as many. With up to four options they
 * fill the kilobyte that a write is billed by at least; more would make every write dearer, also that of a single vote.
 */
export const LANES_PER_TALLY = 12;
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
  /** Accepted ballots that the counter is going to see, as far as instances have reported them: a lower bound. */
  BALLOTS_ACCEPTED: 'BallotsAccepted',
  BALLOTS_COUNTED: 'BallotsCounted',
  /** Ballots that a recount has to count, because their write shard has no base to count on from. There only when there are any. */
  BALLOTS_AWAITING_RECOUNT: 'BallotsAwaitingRecount',
  /** Records at or below their checkpoint that are clearly newer than what was counted. There only when there are any. */
  CHECKPOINT_VIOLATIONS: 'CheckpointViolations',
  /** The one dimension: the name of the table, which tells one pipeline from another. */
  TABLE_DIMENSION: 'Table',
} as const;

/** For how long an instance may give the same results, in milliseconds. */
export const RESULTS_CACHE_MS = 1_000;
/** The most options that a poll may have. */
export const MAX_OPTIONS = 20;
/** What a dead letter may hold of the images of a ballot, in bytes: the rest of a message of 256 KB is room enough for its frame. */
export const DEAD_RECORD_BYTES = 200_000;

/** Who may see results, and when: everybody in the room at once, who has voted, everybody after the end. */
export type Visibility = 'always' | 'after-vote' | 'after-close';
export interface NewPoll {
  readonly question: string;
  readonly options: string[];
  readonly revote?: boolean;
  /** ISO 8601 with a zone. */
  readonly opensAt?: string;
  readonly closesAt?: string;
  readonly maxChoices?: number;
  readonly secret?: boolean;
  readonly visibility?: Visibility;
}
export interface Option { readonly optionId: string; readonly text: string }
export type PollStatus = 'scheduled' | 'open' | 'closed';
export interface Poll {
  readonly pollId: string;
  readonly roomId: string;
  readonly question: string;
  readonly options: Option[];
  readonly revote: boolean;
  /** How many options one vote may choose. */
  readonly maxChoices: number;
  /** Whether nobody learns who voted what. */
  readonly secret: boolean;
  readonly visibility: Visibility;
  readonly status: PollStatus;
  /** ISO 8601, UTC; there where the poll has such a time. */
  readonly opensAt?: string;
  readonly closesAt?: string;
  readonly createdBy: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC; there once the poll is closed. */
  readonly closedAt?: string;
}
export interface PollPage { readonly items: Poll[]; readonly nextCursor?: string }
/** One of the two. */
export interface VoteRequest { readonly optionId?: string; readonly optionIds?: string[] }
/** What was chosen: `optionId` where the poll takes one choice, `optionIds` where it takes several. */
export interface Chosen { readonly optionId?: string; readonly optionIds?: string[] }
export interface Vote extends Chosen { readonly pollId: string; readonly acceptedAt: string }
export interface CastBallot extends Chosen { readonly userId: string; readonly acceptedAt: string }
export interface BallotPage { readonly items: CastBallot[]; readonly nextCursor?: string }
export interface Results {
  readonly pollId: string;
  readonly status: PollStatus;
  /** Votes by option id; every option is there, also with 0. */
  readonly counts: Record<string, number>;
  /** How many have voted: where a vote may choose several options, less than the sum of the counts. */
  readonly total: number;
  /** Rises with every change of the counts, never falls. */
  readonly version: number;
  /** When they were read: ISO 8601, UTC. */
  readonly asOf: string;
}

/** The body of a message of the overflow queue: a ballot that was accepted, and only has to be written. */
export interface QueuedBallot {
  readonly v: 1;
  readonly pollId: string;
  readonly lane: number;
  readonly voter: string;
  /** The ids of the chosen options, sorted, joined by a comma. */
  readonly choice: string;
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  readonly revote: boolean;
}

/**
 * A message of the counting dead-letter queue that the aggregator itself wrote: one change of a ballot that could not be read, or,
 * without keys, a write shard that is not counted until its poll was recounted.
 */
export interface DeadBallot {
  readonly v: 1;
  readonly kind: 'ballot';
  /** Left out where not even the lane could be read. */
  readonly lane?: LaneName;
  /** The keys of the item, in DynamoDB's JSON. */
  readonly keys: Record<string, unknown>;
  /** The stream's sequence number of the change. */
  readonly sequence: string;
  readonly reason: string;
  /** The images before and after, in DynamoDB's JSON; left out where they are too large for a message. */
  readonly record?: Record<string, unknown>;
}
export interface LaneName { readonly pollId: string; readonly lane: number }

/** What the recount function is invoked with. */
export interface RecountRequest {
  readonly roomId: string;
  readonly pollId: string;
  /** Whether a tally that differs from its ballots is made equal to them. */
  readonly mend: boolean;
  /** Whether the answer has counts by option: in a lane with few ballots they say who voted for what. Without it none. */
  readonly reveal?: boolean;
}
/** What one lane's tally says, or should say. */
export interface LaneCounts { readonly ballots: number; readonly counts: Record<string, number> }
/**
 * `busy`: votes kept arriving, or the table took nothing, so that nothing can be said of the lane. `waiting`: it is right, and not counted on before a recount
 * with `mend`, because its stream is not the one that it was counted from.
 */
export type RecountState = 'equal' | 'mended' | 'differs' | 'busy' | 'waiting';
export interface RecountLane {
  readonly lane: number;
  /** The ballots that were found. */
  readonly ballots: number;
  /** Items among them that say no choice, where there are any: they count for nothing. */
  readonly unreadable?: number;
  readonly state: RecountState;
  /** What the tally said, where it differed; its counts are empty unless they were asked for. */
  readonly before?: LaneCounts;
  /** What the ballots say, where the tally differed; likewise. */
  readonly after?: LaneCounts;
}
/** What the recount function answers. */
export interface RecountResult {
  readonly pollId: string;
  readonly lanes: RecountLane[];
  /** Whether every lane's tally now equals its ballots. */
  readonly equal: boolean;
}

/** What operators' tools need to know of a deployed pipeline: the JSON of its `Operations` output. */
export interface VotingOperations {
  readonly v: 1;
  /** Names, and for queues their URLs. */
  readonly table: string;
  readonly countDeadLetters: string;
  readonly overflowQueue?: string;
  readonly overflowDeadLetters?: string;
  readonly recountFunction: string;
  readonly aggregateFunction: string;
  readonly drainFunction?: string;
  /** Left out by the versions before it was there. */
  readonly roomsTable?: string;
}
