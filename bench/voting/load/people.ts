import { randomUUID } from 'node:crypto';
import {
  AdminCreateUserCommand, AdminInitiateAuthCommand, AdminSetUserPasswordCommand, CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { membershipKey, roomAttributes } from '../../../lambda/rooms/adapters/items';
import { eachOf } from '../../../lambda/voting/concurrency';
import type { Room } from '../../../src/rooms/contract';
import type { Target } from '../units/units';

export interface Person { readonly userId: string; readonly token: string }

export interface Pool { readonly userPoolId: string; readonly clientId: string }

const PASSWORD = 'Correct-horse-battery-1';
const AT_ONCE = 6;
const BATCH = 25;

/** People with confirmed accounts, logged in: by the pool itself, which is quicker than by the API and the same afterwards. */
export async function people(target: Target, { userPoolId, clientId }: Pool, count: number): Promise<Person[]> {
  const client = new CognitoIdentityProviderClient(target);
  const all: Person[] = [];
  try {
    await eachOf(Array.from({ length: count }, (_, index) => `voter-${index}@people.example`), AT_ONCE, async (email) => {
      // The user's id is the user name (ADR 0011); that a real one follows from the address does not matter to voting.
      const user = { UserPoolId: userPoolId, Username: randomUUID() };
      await client.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS', UserAttributes: [{ Name: 'email', Value: email }] }));
      await client.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }));
      const { AuthenticationResult: tokens } = await client.send(new AdminInitiateAuthCommand({
        UserPoolId: userPoolId, ClientId: clientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters: { USERNAME: user.Username, PASSWORD },
      }));
      all.push({ userId: user.Username, token: tokens!.AccessToken! });
    });
  } finally {
    client.destroy();
  }
  return all;
}

/** Makes people members of a room, by the table: what joining writes. */
export async function joinAll(target: Target, tableName: string, room: Room, members: readonly Person[]): Promise<void> {
  const client = new DynamoDBClient(target);
  try {
    for (let from = 0; from < members.length; from += BATCH) {
      await client.send(new BatchWriteItemCommand({
        RequestItems: {
          [tableName]: members.slice(from, from + BATCH).map(({ userId }) => ({
            PutRequest: { Item: { ...membershipKey(userId, room.roomId), ...roomAttributes(room), joinedAt: { S: room.createdAt } } },
          })),
        },
      }));
    }
  } finally {
    client.destroy();
  }
}
