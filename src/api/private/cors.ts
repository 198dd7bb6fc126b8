import { Duration, Token } from 'aws-cdk-lib';
import { CorsHttpMethod, type CorsPreflightOptions } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IConstruct } from 'constructs';
import { ConstructError } from '../../private/errors';
import { IDEMPOTENCY_KEY_HEADER } from '../contract';

/** The wildcards that API Gateway has: any origin, any origin of one scheme (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html). */
const WILDCARDS = ['*', 'http://*', 'https://*'];

/** As browsers send it: in small letters, without the scheme's own port. The host may be an IPv6 address. */
const ORIGIN = /^(http:\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(:(?!80$)\d{1,5})?|https:\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(:(?!443$)\d{1,5})?)$/;

/** Refuses what no browser sends as an origin, such as a URL with a path, a slash at the end or capital letters, and wildcards that match none. */
export function checkOrigins(scope: IConstruct, origins: string[] | undefined): void {
  if (Token.isUnresolved(origins)) return;
  for (const origin of origins ?? []) {
    if (Token.isUnresolved(origin) || WILDCARDS.includes(origin)) continue;
    if (origin.includes('*')) {
      throw new ConstructError(scope, `corsOrigins has '${origin}', a wildcard that API Gateway matches with no origin`,
        `list the origins one by one ('https://app.example.com', …), or let every page of a scheme call: ${WILDCARDS.map((wildcard) => `'${wildcard}'`).join(', ')}`);
    }
    if (!ORIGIN.test(origin)) {
      throw new ConstructError(scope, `corsOrigins has '${origin}', which no browser sends as an origin`, 'give scheme and host in small letters, without a path or the usual port: \'https://example.com\'');
    }
  }
  if (origins !== undefined && origins.length > 1 && origins.includes('*')) {
    throw new ConstructError(scope, 'corsOrigins has \'*\' beside others', 'leave the others out, since \'*\' lets every page in; or leave out \'*\'');
  }
}

/**
 * Refuses an `OPTIONS` endpoint of an API that has CORS: API Gateway answers preflights itself, even if there is such a route, and
 * ignores the CORS headers of integrations. A function behind the route would never see a preflight.
 */
export function validateOptionsRoute(scope: IConstruct, route: string, answersPreflights: boolean): void {
  if (!answersPreflights || !route.startsWith('OPTIONS ')) return;
  throw new ConstructError(scope, `'${route}' would get no preflight: the API has corsOrigins, so API Gateway answers them itself`,
    'leave the endpoint out; or leave corsOrigins out of the API, and answer every preflight by endpoints of your own');
}

/** What pages of those origins may send and read. Credentials stay off: callers send a token, not a cookie. */
export function corsPreflight(origins: string[] | undefined): CorsPreflightOptions | undefined {
  if (origins === undefined || origins.length === 0) return undefined;
  return {
    allowOrigins: origins,
    allowMethods: [CorsHttpMethod.ANY],
    allowHeaders: ['authorization', 'content-type', IDEMPOTENCY_KEY_HEADER],
    exposeHeaders: ['age', 'location', 'retry-after', 'x-request-id', 'www-authenticate'],
    maxAge: Duration.hours(1),
  };
}
