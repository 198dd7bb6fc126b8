import type { DynamoDBBatchResponse, DynamoDBStreamEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Clock, Log } from '../../../lambda/shared/api';
import type { LaneBatch } from '../../../lambda/voting/aggregate';
import type { BallotBox, DeadLetters, OverflowQueue, PollReader, Polls } from '../../../lambda/voting/ports';

export type Aggregator = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
export type Drain = (event: SQSEvent) => Promise<SQSBatchResponse>;

/**
 * Where a mutant may come between the parts. Each is the identity where nothing is said: then the simulation runs what is
 * deployed, and nothing else.
 */
export interface Wiring {
  readonly splitsItemCollections?: boolean;
  readonly parallelization?: number;
  /** What the functions log. @default - nobody reads it */
  readonly log?: Log;
  /** What an adapter sends to DynamoDB. */
  readonly command?: (command: object) => object;
  readonly lanes?: (batches: LaneBatch[]) => LaneBatch[];
  readonly aggregator?: (aggregator: Aggregator) => Aggregator;
  readonly drain?: (drain: Drain) => Drain;
  readonly box?: (box: BallotBox) => BallotBox;
  readonly queue?: (queue: OverflowQueue) => OverflowQueue;
  readonly polls?: (polls: Polls) => Polls;
  readonly deadLetters?: (deadLetters: DeadLetters) => DeadLetters;
  /** Whether nobody but a closer settles an end that was announced. */
  readonly onlyClosersSettle?: boolean;
  readonly cache?: (polls: PollReader, clock: Clock) => PollReader;
}

/** What comes between, or the part itself. */
export function wired<Part>(between: ((part: Part) => Part) | undefined, part: Part): Part {
  return between === undefined ? part : between(part);
}
