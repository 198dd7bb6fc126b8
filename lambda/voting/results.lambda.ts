import { callerEndpoint } from '../shared/http';
import { clock, httpOptions } from '../shared/runtime';
import { dynamoBallotReader } from './adapters/ballots';
import { dynamoTallies } from './adapters/tallies';
import { cachedPolls } from './poll-cache';
import { results } from './results';
import { client, memberships, polls, settle, tableName } from './runtime';
import { settledPolls } from './settled-polls';
import { snapshots } from './snapshots';

const shown = settledPolls(cachedPolls(polls, clock), settle);
const ballots = dynamoBallotReader({ client, tableName });
const snapshot = snapshots(dynamoTallies({ client, tableName }), clock);

export const handler = callerEndpoint(httpOptions(), results({ memberships, polls: shown, ballots, snapshot, clock }));
