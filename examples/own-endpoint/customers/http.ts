import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/**
 * Who calls, by the claim that the system's own endpoints know their callers by: it survives the deletion of an account.
 * The authorizer has verified the token, and takes identity tokens too: those are for the client, not for an API.
 */
export function callerOf({ requestContext }: APIGatewayProxyEventV2WithJWTAuthorizer): string | undefined {
  const { [process.env.USER_ID_CLAIM ?? 'sub']: userId, token_use: use } = requestContext.authorizer.jwt.claims;
  return use === 'access' && typeof userId === 'string' ? userId : undefined;
}

export function json(statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function problem(status: number, title: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status, headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify({ type: 'about:blank', title, status }),
  };
}
