import { callerEndpoint } from '../shared/http';
import { clock, httpOptions } from '../shared/runtime';
import { getPoll } from './get-poll';
import { memberships, polls } from './runtime';

export const handler = callerEndpoint(httpOptions(), getPoll({ memberships, polls, clock }));
