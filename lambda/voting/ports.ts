import type { DeadBallot, LaneCounts, Option, Visibility } from '../../src/voting/contract';
import type { PageRequest } from '../shared/page';
import type { Checkpoint } from './checkpoint';
import type { Fold } from './fold';

export interface PollKey {
  readonly roomId: string;
  readonly pollId: string;
}

/** A poll as it is kept. Moments are milliseconds since the epoch. */
export interface PollRecord extends PollKey {
  readonly question: string;
  readonly options: Option[];
  readonly revote: boolean;
  /** How many options one ballot may choose. */
  readonly maxChoices: number;
  /** Whether nobody learns who voted what. */
  readonly secret: boolean;
  readonly visibility: Visibility;
  /** Over how many lanes its ballots are spread: the number of its creation, for ever. */
  readonly lanes: number;
  readonly createdBy: string;
  readonly createdAt: number;
  /** When it opens, and when it closes at the latest: given with its creation, for ever. */
  readonly opensAt?: number;
  readonly closesAt?: number;
  /** The announced end: no vote of an earlier moment is refused for it. It may still move later until it is settled. */
  readonly closingAt?: number;
  /** The settled end by hand: the poll takes what was accepted before, and nothing else. It never changes. */
  readonly closedAt?: number;
}

/** A creation that its sender may repeat: whose it is, under which key it is remembered, and until when. */
export interface Repeatable {
  readonly userId: string;
  readonly key: string;
  readonly until: number;
}

/** What became of a creation: done, or not done, because an earlier one of the same key made that poll. */
export type Creation = { readonly outcome: 'created' } | { readonly outcome: 'remembered'; readonly poll: PollKey };

export interface Polls {
  create(poll: PollRecord, repeatable?: Repeatable): Promise<Creation>;
  /** The poll that a creation of that key made, as long as the key is remembered. */
  remembered(userId: string, key: string): Promise<PollKey | undefined>;
  /** Sees every write that was answered before. */
  find(key: PollKey): Promise<PollRecord | undefined>;
  /** The polls of a room after the id of the page request, the newest first. */
  list(roomId: string, page: PageRequest): Promise<{ polls: PollRecord[]; more: boolean }>;
  /**
   * Announces the poll's end, if what is announced so far is still `instead` (undefined: nothing) and nothing is settled.
   * Gives the poll as it stands afterwards, whoever has written it.
   */
  announceClose(key: PollKey, closingAt: number, instead: number | undefined): Promise<PollRecord>;
  /** Settles the announced end, if it is still that one. Gives the poll as it stands afterwards, whoever has written it. */
  settleClose(key: PollKey, closingAt: number): Promise<PollRecord>;
}

/** How a handler finds a poll, kept in the instance or not. */
export type PollReader = Pick<Polls, 'find'>;

/** One of the parts over which the ballots of a poll are spread. */
export interface LaneKey {
  readonly pollId: string;
  readonly lane: number;
}

export interface StoredBallot {
  /** The ids of the chosen options, sorted, as one text: see choice.ts. */
  readonly choice: string;
  /** When the vote reached the API, in milliseconds since the epoch: decided once and carried wherever the ballot goes. */
  readonly acceptedAt: number;
}

/** An accepted vote: nothing decides about it any more but the ballot that the voter may have cast before. */
export interface Ballot extends LaneKey, StoredBallot {
  readonly voter: string;
  /** Whether the poll lets a later vote take the place of an earlier one. */
  readonly revote: boolean;
  /** The request that casts it; left out where nobody waits for its answer. */
  readonly requestId?: string;
}

/**
 * What one conditional write did: put the ballot in the place of none or of an earlier one, or met one that stands. `own`: this very
 * request has made the voter's first ballot, by a write whose answer was lost.
 */
export type PutResult =
  | { readonly written: true; readonly before?: StoredBallot }
  | { readonly written: false; readonly standing: StoredBallot; readonly own?: boolean };

/** The ballots' part of the table. Which of a voter's ballots stands in the end: ballot-box.ts. */
export interface Ballots {
  /**
   * Puts a ballot while its voter waits, by one atomic write: where the voter has none; with `revote` also over one that was
   * accepted earlier; without it also over one that came by the queue and says the same, which then cannot be overturned any more.
   */
  put(ballot: Ballot): Promise<PutResult>;
  /**
   * Puts a ballot that came by the queue, by one atomic write: where the voter has none; with `revote` also over one that was
   * accepted earlier; without it also over one that came by the queue too and was accepted later. Gives whether it was written.
   */
  putQueued(ballot: Ballot): Promise<boolean>;
}

/** Who voted what. */
export interface BallotReader {
  /** The voter's ballot. Sees every write that was answered before. */
  find(lane: LaneKey, voter: string): Promise<StoredBallot | undefined>;
  /** At most that many ballots of a lane, in the order of their voters, after one of them. */
  list(lane: LaneKey, limit: number, after?: string): Promise<VotersBallot[]>;
}

export interface VotersBallot extends StoredBallot {
  readonly voter: string;
}

/**
 * What became of an accepted vote: the voter's `first`, or the one that is `standing` now (the same again, a changed one,
 * or a later one that had come before), or `refused`, because another one stands that may not be changed, or `queued`: it is
 * kept, and decided when it comes to the table.
 */
export interface CastOutcome {
  readonly outcome: 'first' | 'standing' | 'refused' | 'queued';
  readonly vote: StoredBallot;
}

/** Where accepted votes go. Casting the same ballot again changes nothing. */
export interface BallotBox {
  cast(ballot: Ballot): Promise<CastOutcome>;
}

/** The queue of ballots that wait for the table. */
export interface OverflowQueue {
  /** The ballot is kept when this has ended. */
  send(ballot: Ballot): Promise<void>;
}

/** Knows whether it is worth asking the table; instances may share what they know. */
export interface Breaker {
  allow(): Promise<boolean>;
  failed(): Promise<void>;
  succeeded(): Promise<void>;
}

/** Where changes of ballots go that cannot be read. */
export interface DeadLetters {
  /** It is kept when this has ended. */
  bury(dead: DeadBallot): Promise<void>;
}

export interface LaneTally {
  /** Votes by option id; an option without a vote may be missing. */
  readonly counts: Readonly<Record<string, number>>;
  /** How many ballots there are: each may count for several options. */
  readonly ballots: number;
  /** Rises with every change of a ballot that is counted or given up, and with every mend. */
  readonly version: number;
}

/** A lane's tally with what it knows about the lane's stream. */
export interface MarkedTally extends LaneTally {
  /** Up to where the stream was processed; undefined where nothing was. */
  readonly checkpoint?: Checkpoint;
  /** The last marker that came by. */
  readonly marker?: string;
}

/** What is to be added, by lane. */
export type LaneFolds = ReadonlyMap<number, Fold>;
/** Up to where the stream was processed, by lane; undefined where nothing was. */
export type LaneCheckpoints = ReadonlyMap<number, Checkpoint | undefined>;

export interface Tallies {
  /**
   * Adds folds to lanes of one tally item (`tallyOf`) and sets each lane's checkpoint, in one atomic write, if every lane's checkpoint
   * is what its fold may be added onto. Gives undefined where it did, otherwise the checkpoints that stand.
   */
  add(pollId: string, folds: LaneFolds): Promise<LaneCheckpoints | undefined>;
  /** Every lane of the poll that was ever counted. Sees every write that was answered before. */
  ofPoll(pollId: string): Promise<LaneTally[]>;
  /** One lane, where it was ever counted. Sees every write that was answered before. */
  ofLane(lane: LaneKey): Promise<MarkedTally | undefined>;
  /**
   * Sets a lane's counts, from which it is counted on, in one atomic write that raises its version, if nothing was processed since
   * the tally was read. Gives whether it did.
   */
  mend(lane: LaneKey, seen: MarkedTally, counts: LaneCounts): Promise<boolean>;
  /** Takes a marker off the tally that shows it, if it is still the last one: who reads the tally is billed for it. */
  unmark(lane: LaneKey, marker: string): Promise<void>;
}

/** The ballots of one lane with their stream, for who counts them again. */
export interface LaneLog {
  /** Puts a marker into the lane: it comes by in the stream after all that was written to the lane before. */
  mark(lane: LaneKey, marker: string): Promise<void>;
  /** Counts the lane's ballots one by one. Sees every write that was answered before. */
  count(lane: LaneKey): Promise<FoundBallots>;
}

export interface FoundBallots extends LaneCounts {
  /** Items that say no choice, where there are any. */
  readonly unreadable?: number;
}

/** Waits that many milliseconds. */
export type Sleep = (milliseconds: number) => Promise<void>;
