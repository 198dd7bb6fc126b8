import validate from 'validator:voting/castVote';
import type { VoteRequest } from '../../src/voting/contract';
import { callerEndpoint } from '../shared/http';
import { clock, httpOptions } from '../shared/runtime';
import { dynamoBallots } from './adapters/ballots';
import { ballotBox } from './ballot-box';
import { castVote } from './cast-vote';
import { cachedPolls } from './poll-cache';
import { client, memberships, polls, tableName } from './runtime';

const ballots = ballotBox(dynamoBallots({ client, tableName }));

export const handler = callerEndpoint<VoteRequest>(
  { ...httpOptions(), validate },
  castVote({ memberships, polls: cachedPolls(polls, clock), ballots }),
);
