/** What AWS allows, as its documentation says: the quotas of a new account, of which those marked so can be raised. */
export interface Quotas {
  /** API Gateway, all APIs of a region: requests a second. Can be raised. */
  readonly apiRate: number;
  /** Lambda: instances of all functions of a region. Can be raised. */
  readonly concurrency: number;
  /** Lambda: invocations a second for each of those instances, whatever they take. */
  readonly invocationsPerConcurrency: number;
  /** Lambda: further instances of one function in ten seconds. */
  readonly instancesPerTenSeconds: number;
  /** DynamoDB: write units of a new on-demand table at once. */
  readonly initialWriteUnits: number;
  /** DynamoDB: write units of one on-demand table. Can be raised. */
  readonly tableWriteUnits: number;
  readonly partitionWriteUnits: number;
  readonly partitionReadUnits: number;
  /** Lambda on streams: reads of a shard a second, and records of one read. */
  readonly streamReadsPerSecond: number;
  readonly streamRecordsPerRead: number;
  /** Lambda on SQS: batches at once at first, further ones a minute, and the most. */
  readonly sqsFirstBatches: number;
  readonly sqsBatchesPerMinute: number;
  readonly sqsMostBatches: number;
}

export const QUOTAS: Quotas = {
  apiRate: 10_000,
  concurrency: 1_000,
  invocationsPerConcurrency: 10,
  instancesPerTenSeconds: 1_000,
  initialWriteUnits: 4_000,
  tableWriteUnits: 40_000,
  partitionWriteUnits: 1_000,
  partitionReadUnits: 3_000,
  streamReadsPerSecond: 4,
  streamRecordsPerRead: 1_000,
  sqsFirstBatches: 5,
  sqsBatchesPerMinute: 300,
  sqsMostBatches: 1_250,
};

/** What AWS does not promise: durations that are assumed, to be replaced by what an account shows. */
export interface Assumptions {
  /** Of one vote in a warm instance, in milliseconds: two calls to DynamoDB, three where a table leaves its part of the first unanswered. */
  readonly voteMs: number;
  /** Of the first vote of an instance. */
  readonly coldVoteMs: number;
  /** Of one batch in the aggregator, in milliseconds, without its writes; and of sixteen writes side by side. */
  readonly batchMs: number;
  readonly sixteenWritesMs: number;
  /** Of one write of the drain; sixteen go at once. */
  readonly drainWriteMs: number;
  /** Read units of a poll: up to 4 KB each. */
  readonly pollReadUnits: number;
  /** Write units of a tally item: its kilobytes. Of four options it has less than one. */
  readonly tallyUnits: number;
  /** How many times its share the hottest lane gets: of 24 lanes the worst of a hundred polls with 10,000 voters. */
  readonly hottestLane: number;
}

export const ASSUMPTIONS: Assumptions = {
  voteMs: 20,
  coldVoteMs: 500,
  batchMs: 50,
  sixteenWritesMs: 10,
  drainWriteMs: 8,
  pollReadUnits: 1,
  tallyUnits: 1,
  hottestLane: 1.21,
};
