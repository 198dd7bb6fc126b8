import type { ProfileChange } from '../../src/auth/contract';
import type { ApiResponse, CallerRequest } from '../shared/api';
import type { Profiles } from './ports';
import { asCaller } from './profile';

/** Changes the caller's display name, and answers the profile as it is then. */
export function updateMe({ profiles }: { readonly profiles: Profiles }) {
  return ({ caller, body }: CallerRequest<ProfileChange>): Promise<ApiResponse> => asCaller(async () => {
    await profiles.rename(caller.accessToken, body.displayName);
    const profile = await profiles.read(caller.accessToken);
    // A read right after the write may still see the old name.
    return { status: 200, body: { userId: caller.userId, ...profile, displayName: body.displayName } };
  });
}
