import validate from 'validator:auth/login';
import { AuthEnv, type Credentials } from '../../src/auth/contract';
import { env } from '../shared/env';
import { publicEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { cognito } from './adapters/cognito';
import { cognitoLogin } from './adapters/sessions';
import { login } from './login';
import { usernames } from './runtime';

const sessions = cognitoLogin({ client: cognito(), clientId: env(AuthEnv.CLIENT_ID), userPoolId: env(AuthEnv.USER_POOL_ID) });

export const handler = publicEndpoint<Credentials>({ ...httpOptions(), validate }, login({ sessions, usernames: usernames(), random: Math.random }));
