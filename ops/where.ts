import { StateFile } from '../local/run/state';
import { givenCredentials } from '../local/safety/credentials';
import { chooseEndpoint } from '../local/safety/endpoint';
import { DEFAULT_REGION } from '../local/safety/environment';
import type { LocalCredentials } from '../local/types';
import type { Where } from './adapters/config';
import { OpsError } from './errors';

export interface WhereOptions {
  readonly local: boolean;
  readonly profile?: string;
  readonly region?: string;
  readonly directory: string;
}

/** Finds the running local cloud of the app in a folder. */
type ReadState = (directory: string) => { readonly cloud?: { readonly endpoint: string; readonly credentials: LocalCredentials } } | undefined;

/** Where the calls go: as the caller's own settings say, or with `--local` to the local cloud of the folder's app. */
export function chooseWhere(
  { local, profile, region, directory }: WhereOptions,
  environment: Readonly<Record<string, string | undefined>>,
  readState: ReadState = readStateFile,
): Where {
  if (!local) return { profile, region };
  if (profile !== undefined) throw new OpsError('--local and --profile do not go together.', 'Leave --profile out: the local cloud has credentials of its own.');
  const cloud = readState(directory)?.cloud;
  const endpoint = cloud?.endpoint ?? chooseEndpoint(environment);
  if (endpoint === undefined) {
    throw new OpsError(
      `No local cloud of the app in ${directory} runs, and AWS_ENDPOINT_URL is not set.`,
      'Start it with `npx trinity-local up`, go to the folder of its app (or name it with --directory), or leave --local out.',
    );
  }
  return { endpoint, region: region ?? DEFAULT_REGION, credentials: cloud?.credentials ?? givenCredentials(environment) };
}

function readStateFile(directory: string): ReturnType<ReadState> {
  return new StateFile(directory).read();
}
