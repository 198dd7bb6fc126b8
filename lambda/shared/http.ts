import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { DEFAULT_USER_ID_CLAIM, IDEMPOTENCY_KEY_HEADER, IDEMPOTENCY_KEY_PATTERN } from '../../src/api/contract';
import type { ApiRequest, ApiResponse, Caller, CallerRequest, Log } from './api';
import { DeadlineExceeded, type InvocationContext, withDeadline } from './deadline';
import { DependencyUnavailable, Problem } from './problem';
import { fieldErrors, type Validate } from './validate';

export interface HttpOptions {
  readonly log: Log;
  /** Bytes. */
  readonly maxBodyBytes: number;
  /** The claim of an access token that is the user's id: `sub` where left out. */
  readonly userIdClaim?: string;
  /** The validator of the body; without one the endpoint takes no body and ignores what is sent. */
  readonly validate?: Validate;
  /** Whether the endpoint makes something, so that a client may name a request by an Idempotency-Key. Others ignore the header. */
  readonly readsIdempotencyKey?: boolean;
}

export type HttpHandler = (event: APIGatewayProxyEventV2, context?: InvocationContext) => Promise<APIGatewayProxyStructuredResultV2>;

/** An endpoint that anybody may call. */
export function publicEndpoint<Body = undefined>(options: HttpOptions, handle: (request: ApiRequest<Body>) => Promise<ApiResponse>): HttpHandler {
  return httpHandler(options, (event) => handle(readRequest<Body>(event, options)));
}

/** An endpoint of a verified caller: the authorizer of the API has checked the token, this checks that it is an access token. */
export function callerEndpoint<Body = undefined>(options: HttpOptions, handle: (request: CallerRequest<Body>) => Promise<ApiResponse>): HttpHandler {
  return httpHandler(options, (event) => {
    const caller = readCaller(event, options.userIdClaim);
    return handle({ ...readRequest<Body>(event, options), caller });
  });
}

/**
 * Answers whatever happens inside in the API's own terms, before the function's timeout, and writes one structured line about it.
 */
function httpHandler({ log }: HttpOptions, handle: (event: APIGatewayProxyEventV2) => Promise<ApiResponse>): HttpHandler {
  return async (event, context) => {
    const { routeKey, requestContext } = event;
    const about = { route: routeKey, requestId: requestContext.requestId };
    let response: ApiResponse;
    try {
      response = await withDeadline(context, async () => handle(event));
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500) log.error('Request failed', { ...about, status: problem.status, error: error as Error });
      response = problem.toResponse();
    }
    log.info('Request answered', { ...about, status: response.status });
    return write(response, event);
  };
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DependencyUnavailable) return new Problem('unavailable', { detail: error.message, retryAfter: error.retryAfter });
  if (error instanceof DeadlineExceeded) {
    return new Problem('unavailable', { detail: 'The request was not finished in time. It may have been done: it may be repeated.', retryAfter: 1 });
  }
  return new Problem('internal', { detail: 'Nothing was changed by halves; the request may be repeated.' });
}

function write(response: ApiResponse, { rawPath, requestContext }: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const { status, body, headers, created, contentType } = response;
  return {
    statusCode: status,
    headers: {
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      'cache-control': 'no-store',
      'x-request-id': requestContext.requestId,
      ...(created === undefined ? {} : { location: locationOf(rawPath, created) }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/**
 * A reference relative to the request's own URL (RFC 9110, 10.2.2; RFC 3986, 5.2): `rooms/<id>` for `POST …/rooms`. It is right behind the key
 * of an API mapping, a stage and a prefix that a proxy takes off, of which the function does not know. An absolute path is not.
 */
function locationOf(path: string, id: string): string {
  return `${path.slice(path.lastIndexOf('/') + 1)}/${id}`.replace(/^\//, '');
}

function readRequest<Body>(event: APIGatewayProxyEventV2, { validate, maxBodyBytes, readsIdempotencyKey }: HttpOptions): ApiRequest<Body> {
  const idempotencyKey = readsIdempotencyKey ? event.headers[IDEMPOTENCY_KEY_HEADER] : undefined;
  if (idempotencyKey !== undefined && !new RegExp(IDEMPOTENCY_KEY_PATTERN).test(idempotencyKey)) {
    const detail = 'must be 1 to 128 printable ASCII characters without spaces';
    throw new Problem('invalid-request', { errors: [{ header: 'Idempotency-Key', detail }] });
  }
  return {
    body: (validate === undefined ? undefined : readBody(event, validate, maxBodyBytes)) as Body,
    path: definedOnly(event.pathParameters),
    query: definedOnly(event.queryStringParameters),
    acceptedAt: event.requestContext.timeEpoch,
    requestId: event.requestContext.requestId,
    idempotencyKey,
  };
}

function readBody(event: APIGatewayProxyEventV2, validate: Validate, maxBodyBytes: number): unknown {
  const contentType = event.headers['content-type'] ?? '';
  const mediaType = contentType.split(';')[0].trim().toLowerCase();
  const [, charset = 'utf-8'] = CHARSET.exec(contentType) ?? [];
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > maxBodyBytes) throw new Problem('payload-too-large', { detail: `The body may have ${maxBodyBytes} bytes` });
  if (mediaType !== 'application/json') {
    throw new Problem('unsupported-media-type', { detail: mediaType === '' ? 'The Content-Type header is missing' : 'Send the body as application/json' });
  }
  if (charset.toLowerCase() !== 'utf-8') throw new Problem('unsupported-media-type', { detail: 'Send the body in UTF-8' });
  const data = parse(body);
  if (!validate(data)) throw new Problem('invalid-request', { errors: fieldErrors(validate.errors ?? []) });
  return data;
}

const CHARSET = /;\s*charset="?([^\s;"]+)/i;

/** JSON in UTF-8 whose strings are Unicode (RFC 8259, 8.1 and 8.2): anything else could not be given back as it was sent. */
function parse(body: Buffer): unknown {
  try {
    const text = UTF8.decode(body);
    return JSON.parse(text, ESCAPED_SURROGATE.test(text) ? refuseLoneSurrogates : undefined);
  } catch {
    throw new Problem('invalid-json');
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

function refuseLoneSurrogates(key: string, value: unknown): unknown {
  if (LONE_SURROGATE.test(key) || (typeof value === 'string' && LONE_SURROGATE.test(value))) throw new SyntaxError('lone surrogate');
  return value;
}

function readCaller(event: APIGatewayProxyEventV2, userIdClaim: string = DEFAULT_USER_ID_CLAIM): Caller {
  const claims = (event.requestContext as { authorizer?: { jwt?: { claims?: Record<string, unknown> } } }).authorizer?.jwt?.claims;
  const [, accessToken] = /^Bearer\s+(\S+)$/i.exec(event.headers.authorization ?? '') ?? [];
  // The authorizer of an HTTP API accepts identity tokens too: they tell who somebody is, they are no permission to act.
  const userId = claims?.[userIdClaim];
  if (typeof userId !== 'string' || userId === '' || claims?.token_use !== 'access' || accessToken === undefined) throw new Problem('not-authenticated');
  return { userId, accessToken };
}

function definedOnly(values: Record<string, string | undefined> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
