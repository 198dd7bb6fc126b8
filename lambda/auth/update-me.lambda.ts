import validate from 'validator:auth/updateMe';
import type { ProfileChange } from '../../src/auth/contract';
import { callerEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { cognito } from './adapters/cognito';
import { cognitoProfiles } from './adapters/profiles';
import { updateMe } from './update-me';

export const handler = callerEndpoint<ProfileChange>({ ...httpOptions(), validate }, updateMe({ profiles: cognitoProfiles(cognito()) }));
