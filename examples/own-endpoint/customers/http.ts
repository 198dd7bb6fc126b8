import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** Who calls. The authorizer has verified the token, and takes identity tokens too: those are for the client, not for an API. */
export function callerOf({ requestContext }: APIGatewayProxyEventV2WithJWTAuthorizer): string | undefined {
  const { sub, token_use: use } = requestContext.authorizer.jwt.claims;
  return use === 'access' && typeof sub === 'string' ? sub : undefined;
}

export function json(statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function problem(status: number, title: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status, headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify({ type: 'about:blank', title, status }),
  };
}
