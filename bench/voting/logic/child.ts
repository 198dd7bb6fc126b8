import { writeFileSync } from 'node:fs';
import type { DynamoDBClient, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { readLanes } from '../../../lambda/voting/adapters/stream';
import { dynamoTallies } from '../../../lambda/voting/adapters/tallies';
import { aggregate } from '../../../lambda/voting/aggregate';
import { type BallotChange, fold, NOT_READ } from '../../../lambda/voting/fold';
import { laneOf } from '../../../lambda/voting/lane';
import { DEFAULT_LANES, SEQUENCE_DIGITS, VotingTable } from '../../../src/voting/contract';
import { seeded, uuid } from '../random';

export interface LogicOrder { readonly result: string; readonly batches: number }

export interface LogicResult {
  readonly batch: number;
  /** Records of the stream to sums in memory: `fold` alone, one lane. */
  readonly fold: Speed;
  /** A stream event to the commands that would be sent: reading, folding, and building the updates; the network left out. */
  readonly aggregate: Speed;
  /** The same batch where so many votes were counted before. */
  readonly growth: Array<{ readonly countedBefore: number; readonly usPerVote: number; readonly writes: number; readonly bytesSent: number }>;
}

interface Speed { readonly votesPerSecond: number; readonly bytesPerVote: number }

declare const gc: () => void;

const BATCH = 1_000;
/** The stream is older than the poll. */
const STREAM_LABEL = '2023-01-01T00:00:00.000Z';
const POLL = '01890000-0000-7000-8000-000000000001';
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const random = seeded(3);

function record(sequence: number): DynamoDBRecord {
  const voter = uuid(random);
  const keys = {
    [VotingTable.PARTITION_KEY]: { S: `${VotingTable.BALLOT_PREFIX}${POLL}#${laneOf(voter, DEFAULT_LANES)}` },
    [VotingTable.SORT_KEY]: { S: voter },
  };
  return {
    eventName: 'INSERT',
    eventSourceARN: `arn:aws:dynamodb:us-east-1:123456789012:table/Votes/stream/${STREAM_LABEL}`,
    dynamodb: {
      Keys: keys,
      ApproximateCreationDateTime: 1_767_225_600,
      SequenceNumber: String(sequence).padStart(21, '1'),
      NewImage: { ...keys, choice: { S: 'abcd'[sequence % 4] }, acceptedAt: { N: '1767225600000' } },
    },
  };
}

/** A table that is not there: it remembers what would have been sent, and keeps the marks. */
function pretendTable() {
  const sent = { writes: 0, bytes: 0 };
  const client = {
    send: async ({ input }: { input: UpdateItemCommandInput }) => {
      sent.writes += 1;
      sent.bytes += JSON.stringify(input).length;
      return {};
    },
  };
  return { sent, tallies: dynamoTallies({ client: client as unknown as DynamoDBClient, tableName: 'Votes' }) };
}

function speed(votes: number, ms: number, bytes: number): Speed {
  return { votesPerSecond: Math.round(votes / ms * 1_000), bytesPerVote: Math.round(bytes / votes) };
}

/** The quickest of several rounds: whatever else runs on the machine only ever adds. What is allocated is the median's. */
async function measure(votes: number, rounds: number, work: () => Promise<void> | void): Promise<Speed> {
  let best = Infinity;
  const bytes: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    gc();
    const before = process.memoryUsage().heapUsed;
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
    bytes.push(process.memoryUsage().heapUsed - before);
  }
  return speed(votes, best, bytes.sort((a, b) => a - b)[Math.floor(rounds / 2)]);
}

async function main({ result, batches }: LogicOrder): Promise<void> {
  const changes = Array.from({ length: BATCH * 10 }, (_, index): BallotChange => ({
    recordId: String(index), index, sequence: String(index).padStart(SEQUENCE_DIGITS, '0'), after: 'abcd'[index % 4],
  }));
  const folded = await measure(changes.length, 20, () => void fold(changes, NOT_READ, { stream: Date.parse(STREAM_LABEL), complete: true }));

  const { sent, tallies } = pretendTable();
  const count = aggregate({ tallies, deadLetters: { bury: async () => undefined }, log: QUIET, clock: () => 0, tableName: 'Votes' });
  let sequence = 1;
  const batch = () => Array.from({ length: BATCH }, () => record(sequence += 1));
  const fixed = Array.from({ length: 10 }, batch);
  const whole = await measure(fixed.length * BATCH, 20, async () => {
    for (const records of fixed) await count(readLanes(records));
  });

  const growth: Array<LogicResult['growth'][number]> = [];
  let counted = 0;
  for (const countedBefore of [0, 10, 100].map((share) => share * batches * BATCH / 100)) {
    for (; counted < countedBefore; counted += BATCH) await count(readLanes(batch()));
    const times: number[] = [];
    const before = { ...sent };
    const probes = 25;
    for (let probe = 0; probe < probes; probe += 1, counted += BATCH) {
      const records = batch();
      const started = performance.now();
      await count(readLanes(records));
      times.push(performance.now() - started);
    }
    growth.push({
      countedBefore,
      usPerVote: Math.min(...times) * 1_000 / BATCH,
      writes: (sent.writes - before.writes) / probes,
      bytesSent: Math.round((sent.bytes - before.bytes) / probes),
    });
  }
  const figures: LogicResult = { batch: BATCH, fold: folded, aggregate: whole, growth };
  writeFileSync(result, JSON.stringify(figures));
}

main(JSON.parse(process.argv[2]) as LogicOrder).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
