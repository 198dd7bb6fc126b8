import validate from 'validator:auth/forgotPassword';
import { AuthEnv, type CodeRequest } from '../../src/auth/contract';
import { env } from '../shared/env';
import { publicEndpoint } from '../shared/http';
import { clock, httpOptions, logger } from '../shared/runtime';
import { cognitoCodes } from './adapters/accounts';
import { cognito } from './adapters/cognito';
import { forgotPassword } from './forgot-password';
import { usernames } from './runtime';

const accounts = cognitoCodes({ client: cognito(), clientId: env(AuthEnv.CLIENT_ID) });

export const handler = publicEndpoint<CodeRequest>({ ...httpOptions(), validate }, forgotPassword({
  accounts, usernames: usernames(), clock, log: logger, userPoolId: env(AuthEnv.USER_POOL_ID),
}));
