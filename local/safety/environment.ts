import type { LocalCredentials } from '../types';

export const ACCOUNT = '000000000000';
export const DEFAULT_REGION = 'us-east-1';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a process keeps of the environment where it is to know nothing of the user. */
const PLAIN = /^(PATH|LANG|LC_\w+|TZ|TERM|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|NODE_EXTRA_CA_CERTS)$/i;

/** Whatever would lead an SDK or the CDK to a real account, or around the emulator. */
const DANGEROUS = /^(AWS_|AMAZON_|BOTO_|TRINITY_LOCAL_|CDK_DEFAULT_|CDK_OUTDIR|CDK_CONTEXT)/i;

const PROXY = /^(https?|all|no)_proxy$/i;

/** The variables that make any AWS SDK or CLI use the local cloud, with its credentials and no others. */
export function sdkEnvironment(endpoint: string, region: string, credentials: LocalCredentials, emptyFile: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: emptyFile,
    AWS_SHARED_CREDENTIALS_FILE: emptyFile,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** The user's environment without anything of AWS and the CDK, for the app's own command. */
export function withoutAws(environment: Environment): Record<string, string> {
  return select(environment, (name) => !DANGEROUS.test(name));
}

/** The same without proxies, for what only ever talks to the local cloud: a proxy would be asked for 127.0.0.1. */
export function withoutAwsAndProxies(environment: Environment): Record<string, string> {
  return select(environment, (name) => !DANGEROUS.test(name) && !PROXY.test(name));
}

/** Next to nothing: the emulator hands its environment on to every function. */
export function plain(environment: Environment): Record<string, string> {
  return select(environment, (name) => PLAIN.test(name));
}

function select(environment: Environment, keep: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && keep(entry[0])));
}
