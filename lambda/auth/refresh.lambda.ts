import validate from 'validator:auth/refresh';
import { AuthEnv, type RefreshRequest } from '../../src/auth/contract';
import { env } from '../shared/env';
import { publicEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { cognito } from './adapters/cognito';
import { cognitoRefresh } from './adapters/sessions';
import { refresh } from './refresh';

const sessions = cognitoRefresh({ client: cognito(), clientId: env(AuthEnv.CLIENT_ID), rotation: env(AuthEnv.REFRESH_ROTATION) === 'true' });

export const handler = publicEndpoint<RefreshRequest>({ ...httpOptions(), validate }, refresh({ sessions, random: Math.random }));
