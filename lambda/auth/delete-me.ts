import type { ApiResponse, CallerRequest } from '../shared/api';
import type { Profiles } from './ports';
import { asCaller } from './profile';
import { Refusal } from './refusal';

/** Deletes the caller's account. Repeated while the token still lives it finds none, which is what was wanted. */
export function deleteMe({ profiles }: { readonly profiles: Profiles }) {
  return ({ caller }: CallerRequest): Promise<ApiResponse> => asCaller(async () => {
    try {
      await profiles.remove(caller.accessToken);
    } catch (error) {
      if (!(error instanceof Refusal && error.reason === 'unknown-account')) throw error;
    }
    return { status: 204 };
  });
}
