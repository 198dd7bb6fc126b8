import { setTimeout as sleep } from 'node:timers/promises';
import { VotingEnv } from '../../src/voting/contract';
import { dynamoDb } from '../shared/adapters/dynamodb';
import { env } from '../shared/env';
import { clock, logger, newId } from '../shared/runtime';
import { dynamoLaneLog } from './adapters/lane-log';
import { dynamoPolls } from './adapters/polls';
import { dynamoTallies } from './adapters/tallies';
import { recount } from './recount';

const options = { client: dynamoDb(), tableName: env(VotingEnv.TABLE_NAME), clock };

/** Invoked by operators with a `RecountRequest`. */
export const handler = recount({
  polls: dynamoPolls(options), tallies: dynamoTallies(options), laneLog: dynamoLaneLog(options), newId, clock, sleep, log: logger,
});
