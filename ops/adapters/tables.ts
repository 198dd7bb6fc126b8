import { DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Tables } from '../ports';
import { clientConfig, type Where } from './config';

/** What a new on-demand table takes at once: DynamoDB Developer Guide, "Initial throughput for on-demand". */
const INITIAL = { read: 12_000, write: 4_000 };
/** How DynamoDB says that a table has no maximum. */
const NO_MAXIMUM = -1;

export function dynamoTables(where: Where): Tables {
  const client = new DynamoDBClient(clientConfig(where));
  return {
    async throughput(table) {
      const { Table = {} } = await client.send(new DescribeTableCommand({ TableName: table }));
      const { WarmThroughput: warm = {}, OnDemandThroughput: maximum = {}, BillingModeSummary: billing } = Table;
      const initial = billing?.BillingMode === 'PAY_PER_REQUEST' ? INITIAL : { read: 0, write: 0 };
      const { MaxReadRequestUnits: maxReadUnits = NO_MAXIMUM, MaxWriteRequestUnits: maxWriteUnits = NO_MAXIMUM } = maximum;
      return {
        // An emulator may know of no warm throughput.
        warmReadUnits: Math.max(warm.ReadUnitsPerSecond ?? 0, initial.read),
        warmWriteUnits: Math.max(warm.WriteUnitsPerSecond ?? 0, initial.write),
        warming: warm.Status === 'UPDATING',
        ...(maxReadUnits > 0 ? { maxReadUnits } : {}),
        ...(maxWriteUnits > 0 ? { maxWriteUnits } : {}),
      };
    },
    async warm(table, { readUnits, writeUnits }) {
      await client.send(new UpdateTableCommand({
        TableName: table,
        WarmThroughput: {
          ...(readUnits === undefined ? {} : { ReadUnitsPerSecond: readUnits }),
          ...(writeUnits === undefined ? {} : { WriteUnitsPerSecond: writeUnits }),
        },
      }));
    },
  };
}
