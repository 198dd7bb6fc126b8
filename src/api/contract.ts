/** What every bundled endpoint looks for in its environment. */
export const ApiEnv = {
  /** Optional: the largest request body in bytes that an endpoint reads, where it is not `DEFAULT_MAX_BODY_BYTES`; a larger one is answered with 413. */
  MAX_BODY_BYTES: 'API_MAX_BODY_BYTES',
  /** Optional: the claim of an access token that is the user's id, if it is not `sub`. */
  USER_ID_CLAIM: 'API_USER_ID_CLAIM',
} as const;

/** The largest request body in bytes that an endpoint reads where nothing else is said. */
export const DEFAULT_MAX_BODY_BYTES = 64 * 1024;

/** The claim of an access token that is the user's id, if nothing else is said: what every OpenID Connect provider has. */
export const DEFAULT_USER_ID_CLAIM = 'sub';

/** The media type of every error that an endpoint answers (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Where the OpenAPI document describes an error. */
export const PROBLEM_SCHEMA = '#/components/schemas/Problem';

/** The header by which a client makes a repeated creation give the first one's result. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';
/** The form of that header's value: printable ASCII, 1 to 128 characters. */
export const IDEMPOTENCY_KEY_PATTERN = '^[\\x21-\\x7e]{1,128}$';
/** For how long a creation's key is remembered, in seconds. */
export const IDEMPOTENCY_SECONDS = 24 * 60 * 60;

/** Every kind of problem that a bundled endpoint answers: its status and title. The `type` is `urn:trinity-constructs:problem:<key>`. */
export const Problems = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-json': { status: 400, title: 'The body is not JSON' },
  'invalid-cursor': { status: 400, title: 'The cursor is not one that this list gave' },
  'weak-password': { status: 400, title: 'The password does not satisfy the policy' },
  'invalid-code': { status: 400, title: 'The code is wrong or has expired' },
  'not-authenticated': { status: 401, title: 'A valid access token is needed' },
  'invalid-credentials': { status: 401, title: 'The e-mail address or the password is wrong' },
  'invalid-refresh-token': { status: 401, title: 'The refresh token is wrong, used or expired' },
  'mfa-required': { status: 401, title: 'A one-time code of the authenticator app is needed' },
  'forbidden': { status: 403, title: 'The caller may not do this' },
  'results-hidden': { status: 403, title: 'The results of this poll are not shown to the caller yet' },
  'secret-ballot': { status: 403, title: 'The ballots of this poll are secret' },
  'not-found': { status: 404, title: 'There is no such resource' },
  'conflict': { status: 409, title: 'The request conflicts with the present state' },
  'already-voted': { status: 409, title: 'A different vote was counted already, and this poll does not allow a change' },
  'poll-not-open': { status: 409, title: 'The poll is not open yet' },
  'poll-closed': { status: 409, title: 'The poll is closed' },
  'idempotency-key-reused': { status: 409, title: 'This idempotency key was used for another request' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be application/json' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'internal': { status: 500, title: 'The request failed for a reason of ours' },
  'unavailable': { status: 503, title: 'A dependency is not available' },
} as const;

/** The key of one kind of problem. */
export type ProblemKey = keyof typeof Problems;

/** The stable `type` of a problem. */
export function problemType(key: ProblemKey): string {
  return `urn:trinity-constructs:problem:${key}`;
}
