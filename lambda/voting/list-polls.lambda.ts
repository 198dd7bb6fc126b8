import { callerEndpoint } from '../shared/http';
import { clock, httpOptions } from '../shared/runtime';
import { listPolls } from './list-polls';
import { memberships, polls, settle } from './runtime';

export const handler = callerEndpoint(httpOptions(), listPolls({ memberships, polls, settle, clock }));
