import type { Profile } from '../../src/auth/contract';
import type { ApiResponse, CallerRequest } from '../shared/api';
import type { Profiles } from './ports';
import { asCaller } from './profile';

/** The caller's own profile. */
export function me({ profiles }: { readonly profiles: Profiles }) {
  return async ({ caller }: CallerRequest): Promise<ApiResponse> => ({
    status: 200,
    body: { userId: caller.userId, ...await asCaller(() => profiles.read(caller.accessToken)) } satisfies Profile,
  });
}
