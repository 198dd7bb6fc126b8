import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { VotingTable } from '../../../src/voting/contract';
import { calling } from '../../shared/dependency';
import type { Ballots } from '../ports';
import { ballotKey, number, TABLE, toBallot } from './items';
import { unlessRefused } from './refusal';

export interface BallotsOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

const NONE = `attribute_not_exists(${VotingTable.PARTITION_KEY})`;

/** A ballot is one item of some 130 bytes: one write unit. */
export function dynamoBallots({ client, tableName }: BallotsOptions): Ballots {
  return {
    async put({ voter, optionId, acceptedAt, revote, ...lane }) {
      const moment = number(acceptedAt);
      const put = await calling(TABLE, () => unlessRefused(() => client.send(new PutItemCommand({
        TableName: tableName,
        Item: { ...ballotKey(lane, voter), optionId: { S: optionId }, acceptedAt: moment },
        ...(revote
          ? { ConditionExpression: `${NONE} OR acceptedAt < :acceptedAt`, ExpressionAttributeValues: { ':acceptedAt': moment } }
          : { ConditionExpression: NONE }),
        ReturnValues: 'ALL_OLD',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }))));
      if ('standing' in put) return { written: false, standing: toBallot(put.standing) };
      const { Attributes: before } = put.done;
      return { written: true, ...(before === undefined ? {} : { before: toBallot(before) }) };
    },
  };
}
