import validate from 'validator:auth/confirm';
import { AuthEnv, type Confirmation } from '../../src/auth/contract';
import { env } from '../shared/env';
import { publicEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { cognitoConfirmation } from './adapters/accounts';
import { cognito } from './adapters/cognito';
import { confirm } from './confirm';

const accounts = cognitoConfirmation({ client: cognito(), clientId: env(AuthEnv.CLIENT_ID) });

export const handler = publicEndpoint<Confirmation>({ ...httpOptions(), validate }, confirm({ accounts }));
