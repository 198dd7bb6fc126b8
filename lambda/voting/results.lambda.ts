import { callerEndpoint } from '../shared/http';
import { clock, httpOptions } from '../shared/runtime';
import { dynamoTallies } from './adapters/tallies';
import { results } from './results';
import { client, memberships, polls, tableName } from './runtime';

const tallies = dynamoTallies({ client, tableName });

export const handler = callerEndpoint(httpOptions(), results({ memberships, polls, tallies, clock }));
