import { callerEndpoint } from '../shared/http';
import { httpOptions } from '../shared/runtime';
import { cognito } from './adapters/cognito';
import { cognitoProfiles } from './adapters/profiles';
import { deleteMe } from './delete-me';

export const handler = callerEndpoint(httpOptions(), deleteMe({ profiles: cognitoProfiles(cognito()) }));
