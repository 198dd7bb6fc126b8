import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Room, RoomsTable } from '../../../src/rooms/contract';
import type { Role } from '../ports';

/** One item of the table, or its key, as DynamoDB's low-level client takes it. */
export type Item = Record<string, AttributeValue>;

/** How errors name the table. */
export const TABLE = 'The rooms table';

function key(partition: string, sort: string): Item {
  return { [RoomsTable.PARTITION_KEY]: { S: partition }, [RoomsTable.SORT_KEY]: { S: sort } };
}

export const userPartition = (userId: string) => `${RoomsTable.USER_PREFIX}${userId}`;
export const membershipSort = (roomId: string) => `${RoomsTable.MEMBERSHIP_PREFIX}${roomId}`;

export const membershipKey = (userId: string, roomId: string) => key(userPartition(userId), membershipSort(roomId));
/** An invite is alone in its partition, so that guesses spread and no read meets anything else. */
export const inviteKey = (code: string) => key(`${RoomsTable.INVITE_PREFIX}${code}`, 'invite');
export const idempotencyKey = (userId: string, name: string) => key(userPartition(userId), `${RoomsTable.IDEMPOTENCY_PREFIX}${name}`);
export const attemptsKey = (userId: string, window: number) => key(userPartition(userId), `${RoomsTable.ATTEMPTS_PREFIX}${window}`);

/** DynamoDB deletes an item some time after this moment; who reads it must compare, too. */
export function expiresAt(milliseconds: number): Item {
  return { [RoomsTable.TIME_TO_LIVE]: { N: String(Math.ceil(milliseconds / 1000)) } };
}

export function roomAttributes({ roomId, name, inviteCode, ownerId, createdAt }: Room): Item {
  return { roomId: { S: roomId }, name: { S: name }, inviteCode: { S: inviteCode }, ownerId: { S: ownerId }, createdAt: { S: createdAt } };
}

export function toRoom(item: Item): Room {
  return {
    roomId: text(item, 'roomId'),
    name: text(item, 'name'),
    inviteCode: text(item, 'inviteCode'),
    ownerId: text(item, 'ownerId'),
    createdAt: text(item, 'createdAt'),
  };
}

/** The role is not stored: who owns the room is its owner, whatever a membership might say. */
export function roleIn(item: Item, userId: string): Role {
  return text(item, 'ownerId') === userId ? 'owner' : 'member';
}

function text(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new Error(`An item of the rooms table has no ${name}`);
  return value;
}
