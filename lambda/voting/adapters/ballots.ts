import { type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import { calling } from '../../shared/dependency';
import type { Ballot, BallotReader, Ballots } from '../ports';
import { ballotKey, ballotPartition, castByOf, isBallot, type Item, number, queuedBallotItem, TABLE, toBallot, toVoter, voterSort } from './items';
import { unlessRefused } from './refusal';

export interface BallotsOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

interface Condition {
  readonly or: string;
  readonly values: Item;
}

const QUEUED: Item = { ':queued': { BOOL: true } };
const earlier = ({ acceptedAt }: Ballot): Condition => ({ or: 'acceptedAt < :acceptedAt', values: { ':acceptedAt': number(acceptedAt) } });
/** The same that came by the queue: now that its voter is told, it must not be overturned any more. */
const sameQueued = ({ choice }: Ballot): Condition => ({
  or: 'queued = :queued AND choice = :choice', values: { ...QUEUED, ':choice': { S: choice } },
});
const laterQueued = ({ acceptedAt }: Ballot): Condition => ({
  or: 'queued = :queued AND acceptedAt > :acceptedAt', values: { ...QUEUED, ':acceptedAt': number(acceptedAt) },
});

const conditionOf = ({ or }: Condition) => `attribute_not_exists(${VotingTable.PARTITION_KEY}) OR (${or})`;

/** A ballot is one item of some 150 bytes: one write unit, whichever way it comes. */
export function dynamoBallots({ client, tableName }: BallotsOptions): Ballots {
  return {
    async put(ballot) {
      const { choice, acceptedAt, revote, voter, requestId } = ballot;
      const condition = revote ? earlier(ballot) : sameQueued(ballot);
      const castBy = castByOf(requestId);
      // An update, because the request that made the voter's first ballot has to stay in it.
      const result = await calling(TABLE, () => unlessRefused(() => client.send(new UpdateItemCommand({
        TableName: tableName,
        Key: ballotKey(ballot, voter),
        UpdateExpression: 'SET choice = :choice, acceptedAt = :acceptedAt, castBy = if_not_exists(castBy, :castBy) REMOVE queued',
        ConditionExpression: conditionOf(condition),
        ExpressionAttributeValues: { ...condition.values, ':choice': { S: choice }, ':acceptedAt': number(acceptedAt), ':castBy': castBy },
        ReturnValues: 'ALL_OLD',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }))));
      if ('standing' in result) {
        const { standing } = result;
        return { written: false, standing: toBallot(standing), own: requestId !== undefined && sameBytes(standing.castBy?.B, castBy.B) };
      }
      const { Attributes: before } = result.done;
      return { written: true, ...(before === undefined ? {} : { before: toBallot(before) }) };
    },

    async putQueued(ballot) {
      const condition = ballot.revote ? earlier(ballot) : laterQueued(ballot);
      const result = await calling(TABLE, () => unlessRefused(() => client.send(new PutItemCommand({
        TableName: tableName,
        Item: queuedBallotItem(ballot),
        ConditionExpression: conditionOf(condition),
        ExpressionAttributeValues: condition.values,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }))));
      return 'done' in result;
    },
  };
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

/** Reads are consistent: who has just voted must be found. */
export function dynamoBallotReader({ client, tableName }: BallotsOptions): BallotReader {
  return {
    async find(lane, voter) {
      const { Item: item } = await calling(TABLE, () => client.send(new GetItemCommand({
        TableName: tableName,
        Key: ballotKey(lane, voter),
        ConsistentRead: true,
      })));
      return item === undefined ? undefined : toBallot(item);
    },

    async list(lane, limit, after) {
      const found: Item[] = [];
      let from = after === undefined ? undefined : voterSort(after);
      for (;;) {
        const { Items: items = [], LastEvaluatedKey: rest } = await calling(TABLE, () => client.send(new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: from === undefined ? '#pk = :pk' : '#pk = :pk AND #sk > :after',
          ExpressionAttributeNames: { '#pk': VotingTable.PARTITION_KEY, ...(from === undefined ? {} : { '#sk': VotingTable.SORT_KEY }) },
          ExpressionAttributeValues: { ':pk': { S: ballotPartition(lane) }, ...(from === undefined ? {} : { ':after': { S: from } }) },
          // One more, because the lane's marker may be among them.
          Limit: limit + 1,
          ConsistentRead: true,
        })));
        found.push(...items.filter(isBallot));
        from = rest?.[VotingTable.SORT_KEY]?.S;
        if (from === undefined || found.length >= limit) break;
      }
      return found.slice(0, limit).map((item) => ({ ...toBallot(item), voter: toVoter(item) }));
    },
  };
}
