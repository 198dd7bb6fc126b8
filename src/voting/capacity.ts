import { Duration } from 'aws-cdk-lib';
import { DEFAULT_LANES, MAX_LANES } from './contract';

/**
 * Votes a second that one lane is planned for: a tenth of what a partition of DynamoDB takes. Lanes fall on partitions by chance,
 * and the more there are the more evenly.
 */
const VOTES_PER_LANE = 100;
/** Votes a second that one instance of the drain is planned for. */
const VOTES_PER_DRAIN = 500;
/** What every on-demand table takes at once: DynamoDB Developer Guide, "Initial throughput for on-demand". */
const INITIAL_WRITE_UNITS = 4_000;
const INITIAL_READ_UNITS = 12_000;
/** The peak, and a fifth on top: for the tallies' writes, and for lanes that get more than their share. */
const HEADROOM = 1.2;
const LEAST_BATCH = 1_000;
/** A record with both images of a ballot has about 1 KB as Lambda delivers it: these are 5 MB of the 6 MB of an invocation. */
const MOST_BATCH = 5_000;
const LEAST_DRAINS = 2;
const MOST_DRAINS = 1_000;

/**
 * What a voting pipeline is sized by: everything follows from the votes a second at its peak. `VotingPipeline` makes it from its
 * `expectedPeakVotesPerSecond`; each value can be read here, and most can be set there by a prop of their own, which wins.
 *
 * The warm units are no part of the template: warm throughput can be raised and never lowered, and a table raises it by itself.
 * `trinity-ops warm` raises it before an event (ADR 0013).
 *
 * | votes a second | lanes | warm write units | batch | drains |
 * |---|---|---|---|---|
 * | 1,000 | 24 | – | 1,000 | 2 |
 * | 10,000 | 128 | 12,000 | 2,000 | 20 |
 * | 100,000 | 256 | 120,000 | 5,000 | 200 |
 */
export class VotingCapacity {
  /** The capacity for that many votes a second at the peak. */
  static forPeak(votesPerSecond: number): VotingCapacity {
    if (!Number.isInteger(votesPerSecond) || votesPerSecond < 1) {
      throw new Error(`VotingCapacity.forPeak: ${votesPerSecond} is no number of votes a second\n  mend: give a whole number of 1 or more`);
    }
    return new VotingCapacity(votesPerSecond);
  }

  /** Votes a second at the peak. */
  readonly expectedPeakVotesPerSecond: number;
  /** Lanes of a new poll: the next power of two with at most 100 votes a second each, 24 to 256. */
  readonly lanes: number;
  /**
   * Write units per second that `trinity-ops warm` makes the table ready for: a fifth more than the peak. Undefined up to 4,000,
   * which every table has. Nothing is warmed by deploying.
   */
  readonly warmWriteUnits?: number;
  /**
   * Read units per second that `trinity-ops warm` makes the table of the rooms ready for: a vote reads one membership. Undefined up
   * to 12,000, which every table has.
   */
  readonly warmReadUnits?: number;
  /**
   * Changes of ballots that are counted by one invocation at most: 1,000, and up to 5,000 for high peaks, so that what has
   * piled up is counted by fewer writes. 5,000 are about 5 MB of the 6 MB that an invocation takes.
   */
  readonly batchSize: number;
  /** For how long such a batch gathers: a second of freshness against the number of writes to the tallies. */
  readonly batchWindow: Duration;
  /** Batches of one shard that are counted at once. Always 1: with more the order within a lane is lost (ADR 0006). */
  readonly parallelizationFactor: number;
  /** Instances that write queued ballots at once: one for 500 votes a second, 2 to 1,000. */
  readonly drainConcurrency: number;

  private constructor(votesPerSecond: number) {
    const units = Math.ceil(votesPerSecond * HEADROOM);
    this.expectedPeakVotesPerSecond = votesPerSecond;
    this.lanes = within(2 ** Math.ceil(Math.log2(votesPerSecond / VOTES_PER_LANE)), DEFAULT_LANES, MAX_LANES);
    this.warmWriteUnits = units > INITIAL_WRITE_UNITS ? units : undefined;
    this.warmReadUnits = units > INITIAL_READ_UNITS ? units : undefined;
    this.batchSize = within(Math.ceil(votesPerSecond / 5), LEAST_BATCH, MOST_BATCH);
    this.batchWindow = Duration.seconds(1);
    this.parallelizationFactor = 1;
    this.drainConcurrency = within(Math.ceil(votesPerSecond / VOTES_PER_DRAIN), LEAST_DRAINS, MOST_DRAINS);
  }
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
