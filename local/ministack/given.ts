import { chooseEndpoint } from '../safety/endpoint';
import { probe } from './health';

export interface GivenEndpoint {
  /** The emulator to use; undefined if one has to be started. */
  readonly endpoint?: string;
  /** Why the endpoint of the environment is ignored. */
  readonly ignored?: string;
}

/**
 * The emulator to use instead of starting one. `trinity-local env` leaves its endpoint in the shell when the run has ended: if nothing
 * answers there, the endpoint counts as not set. An endpoint that was set in another way stays, so that a typing error is reported.
 */
export async function findEndpoint(environment: Readonly<Record<string, string | undefined>>, given?: string): Promise<GivenEndpoint> {
  const endpoint = chooseEndpoint(environment, given);
  if (endpoint === undefined) return {};
  if (given !== undefined || endpoint !== environment.TRINITY_LOCAL_ENDPOINT || await probe(endpoint) !== undefined) return { endpoint };
  return { ignored: `AWS_ENDPOINT_URL (${endpoint}) is ignored: \`npx trinity-local env\` set it for a run that has ended` };
}
