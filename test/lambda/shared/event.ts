import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export interface EventOptions {
  readonly body?: string;
  readonly base64?: boolean;
  readonly headers?: Record<string, string>;
  readonly path?: Record<string, string | undefined>;
  readonly query?: Record<string, string | undefined>;
  readonly requestId?: string;
  /** When the edge took it: milliseconds since the epoch. */
  readonly timeEpoch?: number;
  /** Claims of the token that the authorizer verified; none where the route has no authorizer. */
  readonly claims?: Record<string, unknown>;
}

export const CALLER = { sub: 'user-1', token_use: 'access' };

/** An event of an HTTP API, payload format 2.0, as API Gateway sends it: header names in lower case. */
export function httpEvent(options: EventOptions = {}): APIGatewayProxyEventV2 {
  const { body, base64 = false, headers = {}, path, query, claims, requestId = 'request-1', timeEpoch = 1_767_225_600_000 } = options;
  const requestContext = {
    accountId: '000000000000',
    apiId: 'api',
    domainName: 'api.example.com',
    domainPrefix: 'api',
    http: { method: 'POST', path: '/test', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    requestId,
    routeKey: 'POST /test',
    stage: '$default',
    time: '01/Jan/2026:00:00:00 +0000',
    timeEpoch,
    ...(claims === undefined ? {} : { authorizer: { jwt: { claims, scopes: null } } }),
  };
  return {
    version: '2.0',
    routeKey: 'POST /test',
    rawPath: '/test',
    rawQueryString: '',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    requestContext,
    body,
    isBase64Encoded: base64,
    pathParameters: path,
    queryStringParameters: query,
  };
}

/** An event of a verified caller. */
export function callerEvent(options: EventOptions = {}): APIGatewayProxyEventV2 {
  return httpEvent({ claims: CALLER, ...options, headers: { authorization: 'Bearer the-access-token', ...options.headers } });
}
