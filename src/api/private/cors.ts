import { Duration, Token } from 'aws-cdk-lib';
import { CorsHttpMethod, type CorsPreflightOptions } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IConstruct } from 'constructs';
import { ConstructError } from '../../private/errors';
import { IDEMPOTENCY_KEY_HEADER } from '../contract';

/** As browsers send it: in small letters, without the scheme's own port. */
const ORIGIN = /^(\*|http:\/\/[a-z0-9.*-]+(:(?!80$)\d{1,5})?|https:\/\/[a-z0-9.*-]+(:(?!443$)\d{1,5})?)$/;

/** Refuses what no browser sends as an origin, such as a URL with a path, a slash at the end or capital letters. */
export function checkOrigins(scope: IConstruct, origins: string[] | undefined): void {
  for (const origin of origins ?? []) {
    if (!Token.isUnresolved(origin) && !ORIGIN.test(origin)) {
      throw new ConstructError(scope, `corsOrigins has '${origin}', which no browser sends as an origin`, 'give scheme and host in small letters, without a path or the usual port: \'https://example.com\'');
    }
  }
  if (origins !== undefined && origins.length > 1 && origins.includes('*')) {
    throw new ConstructError(scope, 'corsOrigins has \'*\' beside others', 'leave the others out, since \'*\' lets every page in; or leave out \'*\'');
  }
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
