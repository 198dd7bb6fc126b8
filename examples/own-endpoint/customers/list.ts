import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { callerOf, json, problem } from './http';

const client = new DynamoDBClient();

/** `GET /customers` */
export async function handler(event: APIGatewayProxyEventV2WithJWTAuthorizer): Promise<APIGatewayProxyStructuredResultV2> {
  const owner = callerOf(event);
  if (owner === undefined) return problem(401, 'An access token is needed');
  const { Items = [] } = await client.send(new QueryCommand({
    TableName: process.env.TABLE_NAME,
    KeyConditionExpression: '#owner = :owner',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':owner': { S: owner } },
    Limit: 100,
  }));
  return json(200, { items: Items.map(({ customerId, name }) => ({ customerId: customerId.S, name: name.S })) });
}
