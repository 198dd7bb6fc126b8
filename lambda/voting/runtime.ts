import { RoomsEnv } from '../../src/rooms/contract';
import { VotingEnv } from '../../src/voting/contract';
import { dynamoMemberships } from '../rooms/adapters/memberships';
import { dynamoDb } from '../shared/adapters/dynamodb';
import { gatheredReads } from '../shared/adapters/reads';
import { env } from '../shared/env';
import { clock, logger } from '../shared/runtime';
import { dynamoPolls } from './adapters/polls';
import { settler } from './settled-polls';

/** What every endpoint of voting hands to its logic. */
export const client = dynamoDb();
export const tableName = env(VotingEnv.TABLE_NAME);
const reads = gatheredReads(client);
export const memberships = dynamoMemberships({ reads, tableName: env(RoomsEnv.TABLE_NAME), clock });
export const polls = dynamoPolls({ client, reads, tableName, clock });
export const settle = settler({ polls, clock, log: logger });
