import { setTimeout as sleep } from 'node:timers/promises';
import { type RecountResult, VotingEnv } from '../../src/voting/contract';
import { dynamoDb } from '../shared/adapters/dynamodb';
import { type InvocationContext, withDeadline } from '../shared/deadline';
import { env } from '../shared/env';
import { clock, logger, newId } from '../shared/runtime';
import { dynamoLaneLog } from './adapters/lane-log';
import { dynamoPolls } from './adapters/polls';
import { dynamoTallies } from './adapters/tallies';
import { recount } from './recount';

const options = { client: dynamoDb(), tableName: env(VotingEnv.TABLE_NAME), clock };

const count = recount({
  polls: dynamoPolls(options), tallies: dynamoTallies(options), laneLog: dynamoLaneLog(options), newId, clock, sleep, log: logger,
});

/** Invoked by operators with a `RecountRequest`. */
export const handler = (request: unknown, context?: InvocationContext): Promise<RecountResult> => withDeadline(context, () => count(request));
