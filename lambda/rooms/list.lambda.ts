import { RoomsEnv } from '../../src/rooms/contract';
import { dynamoDb } from '../shared/adapters/dynamodb';
import { env } from '../shared/env';
import { callerEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { dynamoRooms } from './adapters/rooms';
import { list } from './list';

const rooms = dynamoRooms({ client: dynamoDb(), tableName: env(RoomsEnv.TABLE_NAME) });

export const handler = callerEndpoint(httpOptions(), list({ rooms }));
