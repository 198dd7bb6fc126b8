import { randomUUID } from 'node:crypto';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { dynamoDb } from '../../../lambda/shared/adapters/dynamodb';

const client = dynamoDb();

const READS = Number(process.env.READS ?? 0);

/**
 * The least that an endpoint with a table can do: one put without any condition, and one line of log as ours writes. With `READS`,
 * so many consistent reads before it: who takes votes must ask whether the voter may, and that has its price.
 */
export async function handler({ requestContext: { requestId } }: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const id = randomUUID();
  for (let read = 0; read < READS; read += 1) {
    await client.send(new GetItemCommand({ TableName: process.env.TABLE_NAME, Key: { pk: { S: `${id}-${read}` } }, ConsistentRead: true }));
  }
  await client.send(new PutItemCommand({
    TableName: process.env.TABLE_NAME,
    Item: { pk: { S: id }, choice: { S: 'a' }, acceptedAt: { N: String(Date.now()) } },
  }));
  console.log(JSON.stringify({ level: 'INFO', message: 'Request answered', requestId, status: 201 }));
  return { statusCode: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id }) };
}
