import { SafetyError } from '../errors';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

type Environment = Readonly<Record<string, string | undefined>>;

/** The emulator to use instead of starting one, or nothing. Refuses whatever would leave this machine. */
export function chooseEndpoint(environment: Environment, given?: string): string | undefined {
  const endpoint = given ?? (environment.AWS_ENDPOINT_URL === '' ? undefined : environment.AWS_ENDPOINT_URL);
  if (endpoint === undefined) return undefined;

  const checked = requireLoopback(endpoint, given === undefined ? 'AWS_ENDPOINT_URL' : 'The endpoint');
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('AWS_ENDPOINT_URL_') && value !== undefined && value !== '') requireLoopback(value, name);
  }
  const profile = environment.AWS_PROFILE ?? environment.AWS_DEFAULT_PROFILE;
  if (profile !== undefined && profile !== '') {
    throw new SafetyError(
      `AWS_PROFILE is '${profile}' while an endpoint is given: the credentials of a real account would go to it.`,
      'Unset AWS_PROFILE (`unset AWS_PROFILE`); the local cloud brings credentials of its own.',
    );
  }
  return checked;
}

/** The endpoint without a trailing slash, if it is on this machine's loopback interface. */
export function requireLoopback(endpoint: string, name = 'The endpoint'): string {
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch {
    throw new SafetyError(`${name} is '${endpoint}', which is not a URL.`, 'Give it as http://127.0.0.1:4566, or leave it out.');
  }
  if (!/^https?:$/.test(url.protocol) || !LOOPBACK.test(url.hostname)) {
    throw new SafetyError(
      `${name} is '${endpoint}', which is not on this machine: the local cloud never talks to a real account.`,
      'Point it at a loopback address, such as http://127.0.0.1:4566, or unset it to have an emulator started.',
    );
  }
  return url.origin;
}
