import { setTimeout as wait } from 'node:timers/promises';
import validate from 'validator:auth/register';
import { AuthEnv, type Registration } from '../../src/auth/contract';
import { env } from '../shared/env';
import { publicEndpoint } from '../shared/http';
import { clock, httpOptions, logger } from '../shared/runtime';
import { cognitoRegistration } from './adapters/accounts';
import { cognito } from './adapters/cognito';
import { register } from './register';
import { passwordPolicy, usernames } from './runtime';

const userPoolId = env(AuthEnv.USER_POOL_ID);
const accounts = cognitoRegistration({
  client: cognito(),
  once: cognito({ attempts: 1 }),
  clientId: env(AuthEnv.CLIENT_ID),
  userPoolId,
});

export const handler = publicEndpoint<Registration>({ ...httpOptions(), validate }, register({
  accounts, usernames: usernames(), passwordPolicy: passwordPolicy(), clock, log: logger, wait, userPoolId,
}));
