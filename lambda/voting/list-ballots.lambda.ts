import { callerEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { dynamoBallotReader } from './adapters/ballots';
import { listBallots } from './list-ballots';
import { client, memberships, polls, tableName } from './runtime';

export const handler = callerEndpoint(httpOptions(), listBallots({ memberships, polls, ballots: dynamoBallotReader({ client, tableName }) }));
