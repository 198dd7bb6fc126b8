import { setTimeout as sleep } from 'node:timers/promises';
import { callerEndpoint } from '../shared/http';
import { clock, httpOptions } from '../shared/runtime';
import { closePoll } from './close-poll';
import { memberships, polls } from './runtime';

export const handler = callerEndpoint(httpOptions(), closePoll({ memberships, polls, clock, sleep }));
