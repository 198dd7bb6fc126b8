import { BatchGetItemCommand, GetItemCommand, PutItemCommand, type PutItemCommandInput, UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { DeadLetters } from '../../lambda/voting/ports';
import { CLOSE_LEAD_MS, VotingTable } from '../../src/voting/contract';
import { keyText, PK } from './services/dynamo/table';
import { EPOCH } from './services/stream/stream';
import type { Wiring } from './world/wiring';

/** A way to get it wrong: what is different, and where it comes between the parts. */
export interface Mutant {
  readonly about: string;
  readonly wiring: Wiring;
}

/** Changes the command of an adapter's write to the partitions of that prefix. */
function rewriting(prefix: string, change: (command: PutItemCommand | UpdateItemCommand) => object): Wiring {
  return {
    command: (command) => {
      if (!(command instanceof PutItemCommand || command instanceof UpdateItemCommand)) return command;
      const key = command instanceof PutItemCommand ? command.input.Item : command.input.Key;
      return keyText(key!, PK).startsWith(prefix) ? change(command) : command;
    },
  };
}

/** The values of an update without those that only its condition names, but for what is left of it. */
function valuesFor({ ExpressionAttributeValues: values = {} }: UpdateItemCommandInput, condition = ''): UpdateItemCommandInput['ExpressionAttributeValues'] {
  const named: readonly string[] = condition.match(/:\w+/g) ?? [];
  return Object.fromEntries(Object.entries(values).filter(([name]) => named.includes(name) || !/^:(from|[fs]\d+)$/.test(name)));
}

const ALWAYS = undefined;
const WHERE_NONE = `attribute_not_exists(${PK})`;

/** Writes some ballots by another condition. */
function ballot(which: (input: PutItemCommandInput | UpdateItemCommandInput) => boolean, condition: string | undefined): Wiring {
  return rewriting(VotingTable.BALLOT_PREFIX, (command) => {
    const { input } = command;
    if (input.ConditionExpression === undefined || !which(input)) return command;
    // No value may be left that nothing names any more.
    const named: readonly string[] = `${'UpdateExpression' in input ? input.UpdateExpression : ''} ${condition}`.match(/:\w+/g) ?? [];
    const values = Object.entries(input.ExpressionAttributeValues ?? {}).filter(([name]) => named.includes(name));
    const instead = { ConditionExpression: condition, ExpressionAttributeValues: values.length === 0 ? undefined : Object.fromEntries(values) };
    if (command instanceof PutItemCommand) return new PutItemCommand({ ...command.input, ...instead });
    return new UpdateItemCommand({ ...command.input, ...instead });
  });
}

/** Adds to tallies in another way. */
const tally = (change: (command: UpdateItemCommand) => object) =>
  rewriting(VotingTable.TALLY_PREFIX, (command) =>
    (command instanceof UpdateItemCommand && /ADD #v\d/.test(command.input.UpdateExpression!) ? change(command) : command));

/** Changes the checkpoints that are written, byte by byte. */
function checkpoint(change: (bytes: Buffer) => void): Wiring {
  return tally(({ input }) => new UpdateItemCommand({
    ...input,
    ExpressionAttributeValues: Object.fromEntries(Object.entries(input.ExpressionAttributeValues!).map(([name, value]) => {
      if (!/^:m\d+$/.test(name) || value.B === undefined) return [name, value];
      const bytes = Buffer.from(value.B);
      change(bytes);
      return [name, { B: bytes }];
    })),
  }));
}

/** Dead letters of records that cannot be read, and none that ask for a recount. */
function askingForNothing(deadLetters: DeadLetters): DeadLetters {
  return { bury: async (dead) => (Object.keys(dead.keys).length === 0 ? undefined : deadLetters.bury(dead)) };
}

/** Mistakes that an exactly-once pipeline could have. The simulation must find each. */
export const mutants: Readonly<Record<string, Mutant>> = {
  'mark-not-moved': {
    about: 'The tally\'s checkpoints stay where they were',
    wiring: tally(({ input }) => new UpdateItemCommand({
      ...input,
      UpdateExpression: input.UpdateExpression!.replace(/(#m\d+) = (:m\d+)/g, '$1 = if_not_exists($1, $2)'),
    })),
  },
  'mark-not-checked': {
    about: 'The tally is added to whatever its marks say',
    wiring: tally(({ input }) => new UpdateItemCommand({
      ...input, ConditionExpression: undefined, ExpressionAttributeValues: valuesFor(input),
    })),
  },
  'one-mark-checked-for-all': {
    about: 'Of the lanes that one write counts only the last one\'s mark is checked',
    wiring: tally(({ input }) => {
      const last = input.ConditionExpression!.split(/ AND (?!#m\d+ <)/).at(-1)!;
      return new UpdateItemCommand({ ...input, ConditionExpression: last, ExpressionAttributeValues: valuesFor(input, last) });
    }),
  },
  'put-without-condition': {
    about: 'A ballot is put over one that stands',
    wiring: ballot(() => true, ALWAYS),
  },
  'last-write-wins': {
    about: 'A changed vote is put over a later one',
    wiring: ballot(({ ConditionExpression: condition }) => condition!.includes('acceptedAt < '), ALWAYS),
  },
  'queued-vote-over-a-told-one': {
    about: 'A ballot of the queue is put over one whose voter was told that it stands',
    wiring: ballot((input) => 'Item' in input, ALWAYS),
  },
  'first-come-from-the-queue': {
    about: 'Of several ballots of the queue the one that was written first stands',
    wiring: ballot(({ ConditionExpression: condition }) => condition!.includes('acceptedAt > '), WHERE_NONE),
  },
  'told-of-a-queued-vote': {
    about: 'A vote that a voter was told of may still be overturned by the queue',
    wiring: ballot(({ ConditionExpression: condition }) => condition!.includes('choice = '), WHERE_NONE),
  },
  'delta-of-the-new-image': {
    about: 'What a ballot counted for before is not taken away',
    wiring: {
      lanes: (batches) => batches.map((batch) => ({ ...batch, changes: batch.changes.map((change) => ({ ...change, before: undefined })) })),
    },
  },
  'mark-compared-as-it-comes': {
    about: 'Sequence numbers are compared without being padded to one length',
    wiring: {
      lanes: (batches) => batches.map((batch) => ({ ...batch, changes: batch.changes.map((change) => ({ ...change, sequence: change.recordId })) })),
    },
  },
  'batch-acknowledged-before-the-write': {
    about: 'The stream is told that a batch is counted while it is being counted',
    wiring: {
      aggregator: (aggregator) => async (event) => {
        void aggregator(event).catch(() => undefined);
        return { batchItemFailures: [] };
      },
    },
  },
  'vote-acknowledged-before-the-write': {
    about: 'The voter is told that a vote is taken while it is being put',
    wiring: {
      box: (box) => ({
        cast: async (cast) => {
          void box.cast(cast).catch(() => undefined);
          return { outcome: 'first', vote: cast };
        },
      }),
    },
  },
  'queued-before-it-is-sent': {
    about: 'The voter is told that a vote is kept while it is being sent to the queue',
    wiring: { queue: (queue) => ({ send: async (kept) => { void queue.send(kept).catch(() => undefined); } }) },
  },
  'drain-takes-all-as-done': {
    about: 'Messages that could not be written are deleted',
    wiring: { drain: (drain) => async (event) => ({ ...await drain(event), batchItemFailures: [] }) },
  },
  'unreadable-passed-over': {
    about: 'What cannot be read does not go to the dead letters',
    wiring: { lanes: (batches) => batches.map((batch) => ({ ...batch, changes: batch.changes.filter(({ dead }) => dead === undefined) })) },
  },
  'lanes-split-over-shards': {
    about: 'The table has no local index, and splits a lane by its voters',
    wiring: { splitsItemCollections: true },
  },
  'several-batches-of-a-shard-at-once': {
    about: 'The mapping has a parallelization factor of 2',
    wiring: { parallelization: 2 },
  },
  'stream-not-told-apart': {
    about: 'A checkpoint is taken for one of the stream that records come from, whichever that is',
    wiring: { lanes: (batches) => batches.map((batch) => ({ ...batch, stream: EPOCH - 60_000 })) },
  },
  'waits-and-tells-nobody': {
    about: 'A write shard whose stream was replaced waits for a recount that nobody is asked for',
    wiring: { deadLetters: askingForNothing },
  },
  'counted-on-without-a-recount': {
    about: 'A write shard whose stream was replaced is counted on from there',
    wiring: { deadLetters: askingForNothing, ...checkpoint((bytes) => { bytes[0] = 0; }) },
  },
  'counted-from-nothing': {
    about: 'A write shard without a tally is counted from nothing, whatever stands in the table',
    wiring: tally(({ input }) => new UpdateItemCommand({
      ...input,
      ConditionExpression: input.ConditionExpression!.replace(/(^|AND )(\(#(m\d+) > [^)]*\))/g, '$1(attribute_not_exists(#$3) OR $2)'),
    })),
  },
  'no-tripwire': {
    about: 'A record at or below the checkpoint is a repeated one, however new it is',
    wiring: {
      lanes: (batches) => batches.map((batch) => ({
        ...batch, changes: batch.changes.map((change) => (change.createdAt === undefined ? change : { ...change, createdAt: EPOCH / 1_000 })),
      })),
    },
  },
  'settled-by-closers-only': {
    about: 'A poll whose closer was killed stays in between until somebody closes it again',
    wiring: { onlyClosersSettle: true },
  },
  'first-vote-not-known-again': {
    about: 'A ballot does not say which request made it first',
    wiring: rewriting(VotingTable.BALLOT_PREFIX, (command) => {
      const values = command.input.ExpressionAttributeValues;
      if (!(command instanceof UpdateItemCommand) || values?.[':castBy'] === undefined) return command;
      return new UpdateItemCommand({ ...command.input, ExpressionAttributeValues: { ...values, ':castBy': { B: Buffer.alloc(1) } } });
    }),
  },
  'closed-at-once': {
    about: 'A poll ends at the moment in which somebody closes it',
    wiring: {
      polls: (polls) => ({
        ...polls,
        announceClose: async (key, closingAt, instead) => {
          const now = closingAt - CLOSE_LEAD_MS;
          const announced = await polls.announceClose(key, now, instead);
          return announced.closingAt === now ? polls.settleClose(key, now) : announced;
        },
      }),
    },
  },
  'poll-remembered-too-long': {
    about: 'A function votes by a poll that it read long ago',
    wiring: {
      cache: (polls) => {
        const known = new Map<string, ReturnType<typeof polls.find>>();
        return {
          find: async (key) => {
            const poll = known.get(key.pollId) ?? polls.find(key);
            known.set(key.pollId, poll);
            return poll;
          },
        };
      },
    },
  },
  'poll-read-from-a-replica': {
    about: 'Functions read polls eventually consistent',
    wiring: {
      command: (command) => {
        if (command instanceof GetItemCommand && keyText(command.input.Key!, PK).startsWith(VotingTable.ROOM_PREFIX)) {
          return new GetItemCommand({ ...command.input, ConsistentRead: false });
        }
        if (!(command instanceof BatchGetItemCommand)) return command;
        const tables = Object.entries(command.input.RequestItems!);
        return new BatchGetItemCommand({
          RequestItems: Object.fromEntries(tables.map(([name, read]) => [name, { ...read, ConsistentRead: false }])),
        });
      },
    },
  },
};
