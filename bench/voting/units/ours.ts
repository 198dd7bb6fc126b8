import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import { v7 } from 'uuid';
import { dynamoBallots } from '../../../lambda/voting/adapters/ballots';
import { tallyKey, toLaneKey } from '../../../lambda/voting/adapters/items';
import { readLanes } from '../../../lambda/voting/adapters/stream';
import { dynamoTallies } from '../../../lambda/voting/adapters/tallies';
import { aggregate } from '../../../lambda/voting/aggregate';
import { eachOf } from '../../../lambda/voting/concurrency';
import { laneOf } from '../../../lambda/voting/lane';
import { CLOCK_SKEW_MS, DEFAULT_LANES, VotingTable } from '../../../src/voting/contract';
import { seeded, uuid } from '../random';
import type { Meter } from './metered';
import { ballotRecords, createVotingTable, deleteTable } from './table';

/** One way in which the stream's records reach the aggregator. */
export interface Delivery {
  readonly batch: number;
  /** Over how many shards the poll's lanes are spread: each has its own batches. */
  readonly shards: number;
}

export interface DeliveryFigures extends Delivery {
  readonly votes: number;
  readonly tallyWrites: number;
  readonly unitsPerVote: number;
}

export interface OurFigures {
  readonly votes: number;
  readonly lanes: number;
  /** Of the puts alone. */
  readonly putUnitsPerVote: number;
  readonly deliveries: DeliveryFigures[];
  /** Units of one batch of the tallies' writes: the first one, and one after everything else was counted. */
  readonly firstBatchUnits: number;
  readonly lastBatchUnits: number;
  /** What the tallies say after a tenth of the votes was put again and every batch was delivered twice. */
  readonly countedAfterRepeats: number;
}

export interface UnitsContext {
  readonly admin: DynamoDBClient;
  readonly metered: DynamoDBClient;
  readonly meter: Meter;
  readonly streams: DynamoDBStreamsClient;
}

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const OPTIONS = ['a', 'b', 'c', 'd'];
const PUTS_AT_ONCE = 8;

/** Votes by the library's adapters and logic, each lane with the same number of them. */
export async function measureOurs(context: UnitsContext, tableName: string, votesPerLane: number, deliveries: Delivery[]): Promise<OurFigures> {
  const { admin, metered, meter, streams } = context;
  const lanes = DEFAULT_LANES;
  const random = seeded(7);
  const voters = evenly(votesPerLane, lanes, () => uuid(random));
  const stream = await createVotingTable(admin, tableName);
  // A poll is counted from nothing only if it is younger than the stream.
  const pollId = v7({ msecs: Date.now() + CLOCK_SKEW_MS });
  try {
    const ballots = dynamoBallots({ client: metered, tableName });
    const put = (voter: string, index: number) => ballots.put({
      pollId, lane: laneOf(voter, lanes), voter, choice: OPTIONS[index % OPTIONS.length], acceptedAt: 1_767_225_600_000 + index, revote: false,
    });
    meter.take();
    await eachOf([...voters.entries()], PUTS_AT_ONCE, async ([index, voter]) => void await put(voter, index));
    const putUnits = meter.take();
    await eachOf([...voters.entries()].filter(([index]) => index % 10 === 0), PUTS_AT_ONCE, async ([index, voter]) => void await put(voter, index));
    meter.take();

    const records = await ballotRecords(streams, stream);
    const tallies = dynamoTallies({ client: metered, tableName });
    const count = aggregate({ tallies, deadLetters: { bury: async () => undefined }, log: QUIET, clock: () => 0, tableName });
    const forget = () => Promise.all(Array.from({ length: lanes }, (_, lane) =>
      admin.send(new DeleteItemCommand({ TableName: tableName, Key: tallyKey({ pollId, lane }) }))));

    const figures: DeliveryFigures[] = [];
    for (const delivery of deliveries) {
      await forget();
      const batches = batchesOf(records, delivery);
      const calls = meter.calls;
      for (const batch of batches) await count(readLanes(batch));
      const votes = batches.reduce((sum, { length }) => sum + length, 0);
      figures.push({ ...delivery, votes, tallyWrites: meter.calls - calls, unitsPerVote: putUnits / voters.length + meter.take() / votes });
    }

    await forget();
    const batches = batchesOf(records, { batch: Math.floor(voters.length / 4), shards: 1 });
    const units: number[] = [];
    for (const batch of batches) {
      await count(readLanes(batch));
      units.push(meter.take());
    }
    for (const batch of batches) await count(readLanes(batch));
    const total = (await dynamoTallies({ client: admin, tableName }).ofPoll(pollId)).reduce((sum, tally) => sum + tally.ballots, 0);
    return {
      votes: voters.length,
      lanes,
      putUnitsPerVote: putUnits / voters.length,
      deliveries: figures,
      firstBatchUnits: units[0],
      lastBatchUnits: units.at(-1)!,
      countedAfterRepeats: total,
    };
  } finally {
    await deleteTable(admin, tableName);
  }
}

/** The same number of voters for each lane, lane by turns. */
function evenly(perLane: number, lanes: number, newId: () => string): string[] {
  const byLane = Array.from({ length: lanes }, () => [] as string[]);
  while (byLane.some(({ length }) => length < perLane)) {
    const voter = newId();
    const lane = byLane[laneOf(voter, lanes)];
    if (lane.length < perLane) lane.push(voter);
  }
  return Array.from({ length: perLane * lanes }, (_, index) => byLane[index % lanes][Math.floor(index / lanes)]);
}

/** The full batches of every shard, in order. What is left in the end fills none, and would tell of the run's length. */
export function batchesOf(records: DynamoDBRecord[], { batch, shards }: Delivery): DynamoDBRecord[][] {
  const byShard = Array.from({ length: shards }, () => [] as DynamoDBRecord[]);
  for (const record of records) {
    const { lane } = toLaneKey(record.dynamodb!.Keys![VotingTable.PARTITION_KEY].S!)!;
    byShard[lane % shards].push(record);
  }
  return byShard.flatMap((all) =>
    Array.from({ length: Math.floor(all.length / batch) }, (_, index) => all.slice(index * batch, (index + 1) * batch)));
}
