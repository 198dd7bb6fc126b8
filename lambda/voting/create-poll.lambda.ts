import validate from 'validator:voting/createPoll';
import { type NewPoll, VotingEnv } from '../../src/voting/contract';
import { env } from '../shared/env';
import { callerEndpoint } from '../shared/http';
import { clock, httpOptions, newId } from '../shared/runtime';
import { createPoll } from './create-poll';
import { memberships, polls } from './runtime';

const lanes = Number(env(VotingEnv.LANES));

const options = { ...httpOptions(), validate, readsIdempotencyKey: true };

export const handler = callerEndpoint<NewPoll>(options, createPoll({ memberships, polls, lanes, newId, clock }));
