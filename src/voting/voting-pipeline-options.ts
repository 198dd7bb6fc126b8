import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Throttle } from '../api/throttle';
import type { Monitoring } from '../monitoring';
import type { StagePreset } from '../stage';
import type { Ingestion } from './ingestion';

/** What a `VotingPipeline` can be given, whoever makes it. */
export interface VotingPipelineOptions {
  /**
   * Votes per second at the peak. What the pipeline is sized by follows from it: see `VotingCapacity`. It can be raised and lowered
   * at any time. It raises no throttle of the API (a warning says when that lets fewer through), and it does not warm the table: `npx trinity-ops warm` does that before an event.
   * From 33,334 on a warning says that the table needs a higher quota.
   *
   * @default 1000
   */
  readonly expectedPeakVotesPerSecond?: number;

  /**
   * How an accepted vote comes into the table.
   *
   * @default - `Ingestion.overflow()`: by a write, and by a queue where the table takes none
   */
  readonly ingestion?: Ingestion;

  /**
   * Lanes that the ballots of a new poll are spread over. One lane takes about 1,000 votes a second; polls that exist keep theirs.
   * From 1 to 256; with fewer than 19 the fullest lane may get more than a sixteenth of the votes.
   *
   * @default - by `expectedPeakVotesPerSecond`: 24 for 1,000 votes a second
   */
  readonly lanes?: number;

  /**
   * A table that exists, for example one that was restored or is managed by another stack. It needs string keys `pk` and `sk`, the time
   * to live `expiresAt`, a stream of new and old images, and the local secondary index `lanePin`. Its protection, its recovery and what
   * happens when it leaves a template are its owner's to decide. Import one with `TableV2.fromTableAttributes`, with its
   * `tableStreamArn` and, where it has a customer's key, its `encryptionKey`. How to get data back: ADR 0013 and `trinity-ops restore`.
   *
   * @default - a new table
   */
  readonly table?: ITableV2;

  /**
   * Write units a second above which the table throttles: a limit of what a flood can cost. The queue takes what is above it.
   *
   * @default - none
   */
  readonly maximumWriteUnits?: number;

  /**
   * Throttle of the route that votes come by. Only where it stands in the stack of its API.
   *
   * @default - the API's throttle
   */
  readonly voteThrottle?: Throttle;

  /**
   * Instances of the voting function that are kept initialized for the first votes of a burst.
   *
   * @default - none
   */
  readonly warmInstances?: number;

  /**
   * The most instances of the voting function at once. They are reserved: the rest of the account cannot use them.
   *
   * @default - as many as the account has
   */
  readonly voteReservedConcurrency?: number;

  /**
   * The same for the function that counts. It needs one instance for each shard of the table's stream: a shard without one waits.
   *
   * @default - as many as the account has
   */
  readonly countReservedConcurrency?: number;

  /**
   * A key for the table, the queues, and the logs and environments of all functions. The stack must name its region.
   *
   * @default - the key of the nearest enclosing scope (`Encryption.withKey(key).on(scope)`), else keys that AWS owns
   */
  readonly encryptionKey?: IKey;

  /**
   * Where its alarms go.
   *
   * @default - the choice of the nearest enclosing scope
   */
  readonly monitoring?: Monitoring;

  /**
   * Defaults for one stage of the system's life.
   *
   * @default - the choice of the nearest enclosing scope, else `StagePreset.production()`
   */
  readonly stage?: StagePreset;
}
