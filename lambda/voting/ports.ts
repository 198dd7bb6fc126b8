import type { Fold } from './fold';
import type { Option } from '../../src/voting/contract';
import type { PageRequest } from '../shared/page';

export interface PollKey {
  readonly roomId: string;
  readonly pollId: string;
}

/** A poll as it is kept. Moments are milliseconds since the epoch. */
export interface PollRecord extends PollKey {
  readonly question: string;
  readonly options: Option[];
  readonly revote: boolean;
  /** Over how many lanes its ballots are spread: the number of its creation, for ever. */
  readonly lanes: number;
  readonly createdBy: string;
  readonly createdAt: number;
  /** The announced end: no vote of an earlier moment is refused for it. It may still move later until it is settled. */
  readonly closingAt?: number;
  /** The settled end: the poll takes what was accepted before, and nothing else. It never changes. */
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
  readonly optionId: string;
  /** When the vote reached the API, in milliseconds since the epoch: decided once and carried wherever the ballot goes. */
  readonly acceptedAt: number;
}

/** An accepted vote: nothing decides about it any more but the ballot that the voter may have cast before. */
export interface Ballot extends LaneKey, StoredBallot {
  readonly voter: string;
  /** Whether the poll lets a later vote take the place of an earlier one. */
  readonly revote: boolean;
}

/** What one conditional write did: put the ballot in the place of none or of an earlier one, or met one that stands. */
export type PutResult =
  | { readonly written: true; readonly before?: StoredBallot }
  | { readonly written: false; readonly standing: StoredBallot };

export interface Ballots {
  /** Puts the ballot where the voter has none, and with `revote` also over one that was accepted earlier: one atomic write. */
  put(ballot: Ballot): Promise<PutResult>;
}

/**
 * What became of an accepted vote: the voter's `first`, or the one that is `standing` now (the same again, a changed one,
 * or a later one that had come before), or `refused`, because another one stands that may not be changed.
 */
export interface CastOutcome {
  readonly outcome: 'first' | 'standing' | 'refused';
  readonly vote: StoredBallot;
}

/** Where accepted votes go. Casting the same ballot again changes nothing. */
export interface BallotBox {
  cast(ballot: Ballot): Promise<CastOutcome>;
}

export interface LaneTally {
  /** Votes by option id; an option without a vote may be missing. */
  readonly counts: Readonly<Record<string, number>>;
  /** Rises with every addition. */
  readonly version: number;
}

export interface Tallies {
  /**
   * Adds a fold to its lane and moves the lane's mark to the fold's last change, in one atomic write, if the mark is below
   * the fold's first one. Gives undefined where it did, otherwise the mark that stands.
   */
  add(lane: LaneKey, fold: Fold): Promise<string | undefined>;
  /** Every lane of the poll that was ever counted. Sees every write that was answered before. */
  ofPoll(pollId: string): Promise<LaneTally[]>;
}

/** Waits that many milliseconds. */
export type Sleep = (milliseconds: number) => Promise<void>;
