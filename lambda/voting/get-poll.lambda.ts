import { callerEndpoint } from '../shared/http';
import { clock, httpOptions } from '../shared/runtime';
import { getPoll } from './get-poll';
import { memberships, polls, settle } from './runtime';
import { settledPolls } from './settled-polls';

export const handler = callerEndpoint(httpOptions(), getPoll({ memberships, polls: settledPolls(polls, settle), clock }));
