import { callerEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { cognito } from './adapters/cognito';
import { cognitoProfiles } from './adapters/profiles';
import { me } from './me';

export const handler = callerEndpoint(httpOptions(), me({ profiles: cognitoProfiles(cognito()) }));
