import { GetItemCommand, PutItemCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type Item, number, queuedBallotItem } from '../../../lambda/voting/adapters/items';
import { laneOf } from '../../../lambda/voting/lane';
import { DEFAULT_LANES } from '../../../src/voting/contract';
import { seeded, uuid } from '../random';
import type { UnitsContext } from './ours';
import { createVotingTable, deleteTable } from './table';

export interface PeerFigures {
  readonly name: string;
  readonly unitsPerVote: number;
  readonly votes: number;
  /** Votes that were sent once more, as a client does whose answer was lost. */
  readonly repeated: number;
  /** What its counter says then: right is `votes`. */
  readonly counted: number;
}

interface Vote { readonly item: Item; readonly counter: Item }
type Cast = (context: UnitsContext, tableName: string, vote: Vote) => Promise<unknown>;

const addOne = (tableName: string, key: Item) => ({
  TableName: tableName, Key: key, UpdateExpression: 'ADD #n :one', ExpressionAttributeNames: { '#n': 'n' }, ExpressionAttributeValues: { ':one': number(1) },
});

/** Exact: the vote and its counter in one transaction. A vote that stands fails it. */
const transaction: Cast = ({ metered }, tableName, { item, counter }) => metered.send(new TransactWriteItemsCommand({
  TransactItems: [
    { Put: { TableName: tableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' } },
    { Update: addOne(tableName, counter) },
  ],
}));

/** Inexact: the vote, then one more on the counter. A repetition counts again. */
const counter: Cast = async ({ metered }, tableName, { item, counter: key }) => {
  await metered.send(new PutItemCommand({ TableName: tableName, Item: item }));
  await metered.send(new UpdateItemCommand(addOne(tableName, key)));
};

const PEERS: Array<[string, Cast]> = [['TransactWriteItems of vote and counter', transaction], ['PutItem, then ADD on a counter', counter]];

/** The two usual algorithms with the same ballots and the same meter. */
export async function measurePeers(context: UnitsContext, tableName: string, votes: number): Promise<PeerFigures[]> {
  const { admin, meter } = context;
  const random = seeded(11);
  await createVotingTable(admin, tableName);
  try {
    const figures: PeerFigures[] = [];
    for (const [name, cast] of PEERS) {
      const pollId = uuid(random);
      const key: Item = { pk: { S: `counter#${pollId}` }, sk: { S: 'a' } };
      const all = Array.from({ length: votes }, (_, index): Vote => {
        const voter = uuid(random);
        const ballot = { pollId, lane: laneOf(voter, DEFAULT_LANES), voter, choice: 'a', acceptedAt: 1_767_225_600_000 + index, revote: false };
        return { item: queuedBallotItem(ballot), counter: key };
      });
      meter.take();
      for (const vote of all) await cast(context, tableName, vote);
      const units = meter.take();
      const again = all.filter((_, index) => index % 10 === 0);
      for (const vote of again) await cast(context, tableName, vote).catch(refused);
      meter.take();
      const { Item: item } = await admin.send(new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
      figures.push({ name, unitsPerVote: units / votes, votes, repeated: again.length, counted: Number(item?.n?.N) });
    }
    return figures;
  } finally {
    await deleteTable(admin, tableName);
  }
}

function refused(error: Error): void {
  if (error.name !== 'TransactionCanceledException') throw error;
}
