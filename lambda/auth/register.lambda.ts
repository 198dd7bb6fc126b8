import validate from 'validator:auth/register';
import { AuthEnv, type Registration } from '../../src/auth/contract';
import { env, optionalEnv } from '../shared/env';
import { publicEndpoint } from '../shared/http';
import { httpOptions, logger } from '../shared/runtime';
import { cognitoRegistration } from './adapters/accounts';
import { cognito } from './adapters/cognito';
import { register } from './register';

const accounts = cognitoRegistration({ client: cognito(), clientId: env(AuthEnv.CLIENT_ID), userPoolId: env(AuthEnv.USER_POOL_ID) });
const passwordPolicy = JSON.parse(optionalEnv(AuthEnv.PASSWORD_POLICY) ?? '{}');

export const handler = publicEndpoint<Registration>({ ...httpOptions(), validate }, register({ accounts, passwordPolicy, log: logger }));
