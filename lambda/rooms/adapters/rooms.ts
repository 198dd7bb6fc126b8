import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Room, RoomsTable } from '../../../src/rooms/contract';
import { newestFirst } from '../../shared/adapters/newest-first';
import type { Clock } from '../../shared/api';
import { calling } from '../../shared/dependency';
import type { Rooms } from '../ports';
import { createRoom } from './creation';
import { inviteKey, type Item, membershipKey, roomAttributes, TABLE, toRoom, userPartition } from './items';

export interface RoomsOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** What reads one room need. Reads are consistent: who has just made or joined a room must find it. */
export function dynamoRooms({ client, tableName }: RoomsOptions): Omit<Rooms, 'create'> {
  async function read(key: Item): Promise<Room | undefined> {
    const { Item: item } = await calling(TABLE, () => client.send(new GetItemCommand({
      TableName: tableName,
      Key: key,
      ConsistentRead: true,
    })));
    return item === undefined ? undefined : toRoom(item);
  }

  return {
    ofUser: (userId, roomId) => read(membershipKey(userId, roomId)),
    byInviteCode: (code) => read(inviteKey(code)),

    async list(userId, { limit, after }) {
      const { items, more } = await newestFirst({ client, tableName, dependency: TABLE, keys: RoomsTable }, {
        partition: userPartition(userId),
        prefix: RoomsTable.MEMBERSHIP_PREFIX,
        limit,
        after: after === undefined ? undefined : membershipKey(userId, after),
      });
      return { rooms: items.map(toRoom), more };
    },

    async join(room, userId, joinedAt) {
      await calling(TABLE, async () => {
        try {
          await client.send(new PutItemCommand({
            TableName: tableName,
            Item: { ...membershipKey(userId, room.roomId), ...roomAttributes(room), joinedAt: { S: joinedAt } },
            ConditionExpression: `attribute_not_exists(${RoomsTable.PARTITION_KEY})`,
          }));
        } catch (error) {
          // In it already: who made the room, who joined before, or the same request twice at once.
          if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
        }
      });
    },
  };
}

/** What making rooms needs. */
export function dynamoRoomCreation({ client, tableName, clock }: RoomsOptions & { readonly clock: Clock }): Pick<Rooms, 'create'> {
  return { create: (room, repeatable) => createRoom({ client, tableName, now: clock() }, room, repeatable) };
}
