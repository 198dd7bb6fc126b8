import type { Profile } from '../../src/auth/contract';
import { MAX_DISPLAY_NAME_LENGTH } from '../../src/auth/schemas';
import type { ApiResponse, CallerRequest } from '../shared/api';
import { toText } from '../shared/text';
import type { Profiles } from './ports';
import { asCaller } from './profile';

/**
 * The caller's own profile. The name is held to the rules of texts here too: with an access token, Cognito's own API takes any name
 * (`UpdateUserAttributes`), and so may whatever else writes into a user pool that is given.
 */
export function me({ profiles }: { readonly profiles: Profiles }) {
  return async ({ caller }: CallerRequest): Promise<ApiResponse> => {
    const { email, displayName } = await asCaller(() => profiles.read(caller.accessToken));
    const name = displayName === undefined ? undefined : toText(displayName, MAX_DISPLAY_NAME_LENGTH);
    return { status: 200, body: { userId: caller.userId, email, ...(name === undefined ? {} : { displayName: name }) } satisfies Profile };
  };
}
