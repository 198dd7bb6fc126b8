import validate from 'validator:auth/logout';
import { AuthEnv, type RefreshRequest } from '../../src/auth/contract';
import { env } from '../shared/env';
import { publicEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { cognito } from './adapters/cognito';
import { cognitoLogout } from './adapters/sessions';
import { logout } from './logout';

const sessions = cognitoLogout({ client: cognito(), clientId: env(AuthEnv.CLIENT_ID) });

export const handler = publicEndpoint<RefreshRequest>({ ...httpOptions(), validate }, logout({ sessions }));
