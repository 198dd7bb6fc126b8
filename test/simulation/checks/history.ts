import type { Answer } from '../services/gateway';
import type { PollPlan } from '../world/scenario';

/** One request for a vote that reached the API. */
export interface VoteRecord {
  readonly voter: string;
  /** The options, sorted. */
  readonly choice: string;
  /** When the client sent it, in true time. */
  readonly sentAt: number;
  /** What the edge stamped on it: with the choice it names the ballot that it would make. */
  readonly acceptedAt: number;
  answer?: Answer;
}

export interface CloseRecord {
  readonly who: string;
  readonly closedAt?: string;
  readonly status: number;
  /** In true time. */
  readonly at: number;
}

/** What the outside saw of one poll, in the order in which it happened. */
export interface PollHistory {
  readonly plan: PollPlan;
  pollId?: string;
  /** Every id that the creator was given; one, however often they asked. */
  readonly created: Set<string>;
  readonly votes: VoteRecord[];
  readonly closes: CloseRecord[];
}

export type ViolationKind =
  | 'lost' | 'double' | 'wrong' | 'exceeds' | 'version' | 'closed' | 'refused' | 'seen' | 'created' | 'unsettled' | 'dead-letters' | 'crash';

export interface Violation {
  readonly kind: ViolationKind;
  /** How many votes it is about. */
  readonly votes: number;
  readonly text: string;
}

/** Keeps what is found to be wrong, from anywhere. */
export class Violations {
  readonly found: Violation[] = [];

  add(kind: ViolationKind, text: string, votes = 1): void {
    this.found.push({ kind, votes, text });
  }
}

/** The answer's kind of refusal, where it is one. */
export function problemOf({ body: { type } }: Answer): string {
  return typeof type === 'string' ? type.slice(type.lastIndexOf(':') + 1) : '';
}
