import { Duration, Token } from 'aws-cdk-lib';
import { CorsHttpMethod, type CorsPreflightOptions } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IConstruct } from 'constructs';
import { ConstructError } from '../../private/errors';
import { IDEMPOTENCY_KEY_HEADER } from '../contract';

const ORIGIN = /^(\*|https?:\/\/[A-Za-z0-9.*-]+(:\d{1,5})?)$/;

/** Refuses what no browser sends as an origin, such as a URL with a path or a slash at the end. */
export function checkOrigins(scope: IConstruct, origins: string[] | undefined): void {
  for (const origin of origins ?? []) {
    if (!Token.isUnresolved(origin) && !ORIGIN.test(origin)) {
      throw new ConstructError(scope, `corsOrigins has '${origin}', which no browser sends as an origin`, 'give scheme and host without a path: \'https://example.com\'');
    }
  }
}

/** What pages of those origins may send and read. Credentials stay off: callers send a token, not a cookie. */
export function corsPreflight(origins: string[] | undefined): CorsPreflightOptions | undefined {
  if (origins === undefined || origins.length === 0) return undefined;
  return {
    allowOrigins: origins,
    allowMethods: [CorsHttpMethod.ANY],
    allowHeaders: ['authorization', 'content-type', IDEMPOTENCY_KEY_HEADER],
    exposeHeaders: ['location', 'retry-after', 'x-request-id', 'www-authenticate'],
    maxAge: Duration.hours(1),
  };
}
