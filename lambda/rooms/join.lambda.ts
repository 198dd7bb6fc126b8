import validate from 'validator:rooms/joinRoom';
import { type JoinRequest, RoomsEnv } from '../../src/rooms/contract';
import { dynamoDb } from '../shared/adapters/dynamodb';
import { env } from '../shared/env';
import { callerEndpoint } from '../shared/http';
import { clock, httpOptions } from '../shared/runtime';
import { dynamoRooms } from './adapters/rooms';
import { dynamoWrongCodes } from './adapters/wrong-codes';
import { join } from './join';

const table = { client: dynamoDb(), tableName: env(RoomsEnv.TABLE_NAME) };

export const handler = callerEndpoint<JoinRequest>(
  { ...httpOptions(), validate },
  join({ rooms: dynamoRooms(table), wrongCodes: dynamoWrongCodes(table), clock }),
);
