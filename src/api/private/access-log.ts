import { Fn } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';

/** A log group's name has 512 characters at most, and the name of a stack 128. */
const MAX_ID = 64;
/** How many characters of a construct's address tell two APIs of one stack apart. */
const ADDRESS = 8;

/**
 * One JSON object per request: enough to find the function's own log by its request id, and nothing of what was sent. AWS documents no escaping of the
 * variables, and quotes in a User-Agent were seen to break such a line (https://github.com/DataBiosphere/azul/issues/4348): with one, a client could hide
 * its requests or log them as somebody else's. So no header is logged.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export const ACCESS_LOG = AccessLogFormat.custom(JSON.stringify({
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  responseLength: '$context.responseLength',
  sourceIp: '$context.identity.sourceIp',
  caller: '$context.authorizer.claims.sub',
}));

/**
 * The name of the access log. API Gateway delivers it as vended logs and adds each log group to one resource policy of the account and
 * region, which takes 5,120 characters: some dozens of APIs, deleted ones included. CloudWatch Logs lets that policy name all groups below
 * `/aws/vendedlogs/` at once. A name is unique by the stack as it is deployed and by the address of the API in it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
 */
export function accessLogName({ node }: IConstruct): string {
  const id = node.id.replace(/[^A-Za-z0-9_.-]/g, '').slice(0, MAX_ID);
  return Fn.sub(`/aws/vendedlogs/\${AWS::StackName}/${id}-${node.addr.slice(-ADDRESS)}`);
}
