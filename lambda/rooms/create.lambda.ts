import validate from 'validator:rooms/createRoom';
import { type NewRoom, RoomsEnv } from '../../src/rooms/contract';
import { dynamoDb } from '../shared/adapters/dynamodb';
import { env } from '../shared/env';
import { callerEndpoint } from '../shared/http';
import { clock, httpOptions, newId } from '../shared/runtime';
import { randomBytes } from './adapters/random';
import { dynamoRoomCreation } from './adapters/rooms';
import { create } from './create';

const rooms = dynamoRoomCreation({ client: dynamoDb(), tableName: env(RoomsEnv.TABLE_NAME), clock });

const options = { ...httpOptions(), validate, readsIdempotencyKey: true };

export const handler = callerEndpoint<NewRoom>(options, create({ rooms, newId, randomBytes, clock }));
