import type { Style } from '../../local/terminal/style';

interface Explained {
  readonly what: string;
  readonly mend: string;
}

/** Errors that any call can end with, by the SDK's names for them. The first that fits. */
const KNOWN: ReadonlyArray<readonly [RegExp, string]> = [
  [/AccessDenied|NotAuthorized|UnauthorizedOperation|^KMS\./, 'The message names the action: have it granted to you, or use other credentials with --profile.'],
  [
    /Credentials|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|AuthFailure|TokenProvider/,
    'Log in (`aws sso login`), name a profile with --profile, or use --local for the local cloud.',
  ],
  [/NonExistentQueue|QueueDoesNotExist/, 'The queue is gone: was the stack deployed again, or is it deleted? Try again; the names are read anew each time.'],
  [/Throttl|TooManyRequests|ServiceUnavailable|InternalServer/, 'Try again in a moment.'],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|TimeoutError|NetworkingError/, 'Nothing answers there: look at the network, --region and AWS_ENDPOINT_URL.'],
];

/** What happened, and what the reader can do about it. */
export function explain(error: unknown): Explained {
  if (isExplained(error)) return error;
  if (!(error instanceof Error)) return { what: String(error), mend: 'Try again.' };
  // Of a connection that failed on every address, Node tells nothing but the code.
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const message = error.message === '' ? `${error.name} ${code}`.trim() : error.message;
  if (/Region is missing/.test(message)) return { what: 'No region is chosen.', mend: 'Name it with --region, or set AWS_REGION.' };
  const mend = KNOWN.find(([names]) => names.test(error.name) || names.test(code))?.[1];
  return mend === undefined ? { what: message, mend: 'Run it with DEBUG=1 and look at the stack trace.' } : { what: `${error.name}: ${message}`, mend };
}

/** Tells an error; its stack trace only where it is asked for. */
export function describeFailure(error: unknown, style: Style, debug: boolean): string[] {
  const { what, mend } = explain(error);
  const trace = debug && error instanceof Error ? [style.dim(error.stack ?? '')] : [];
  return ['', `${style.red('✘')} ${what}`, `  ${style.bold('What to do:')} ${mend}`, ...trace];
}

/** Errors of this tool and of the local cloud. */
function isExplained(error: unknown): error is Error & Explained {
  return error instanceof Error && typeof (error as Partial<Explained>).what === 'string' && typeof (error as Partial<Explained>).mend === 'string';
}
