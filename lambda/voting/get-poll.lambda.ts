import { getPoll } from './get-poll';
import { memberships, polls } from './runtime';
import { callerEndpoint } from '../shared/http';
import { clock, httpOptions } from '../shared/runtime';

export const handler = callerEndpoint(httpOptions(), getPoll({ memberships, polls, clock }));
