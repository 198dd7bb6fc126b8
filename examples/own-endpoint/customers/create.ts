import { randomUUID } from 'node:crypto';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { callerOf, json, problem } from './http';

const client = new DynamoDBClient();

/** `POST /customers` */
export async function handler(event: APIGatewayProxyEventV2WithJWTAuthorizer): Promise<APIGatewayProxyStructuredResultV2> {
  const owner = callerOf(event);
  if (owner === undefined) return problem(401, 'An access token is needed');
  const name = nameIn(event.body);
  if (name === undefined) return problem(400, 'Give a name of 1 to 100 characters');
  const customerId = randomUUID();
  await client.send(new PutItemCommand({
    TableName: process.env.TABLE_NAME,
    Item: { owner: { S: owner }, customerId: { S: customerId }, name: { S: name } },
  }));
  return json(201, { customerId, name });
}

function nameIn(body: string | undefined): string | undefined {
  try {
    const { name } = JSON.parse(body ?? '{}');
    return typeof name === 'string' && name.trim() !== '' && name.length <= 100 ? name : undefined;
  } catch {
    return undefined;
  }
}
