import { Fn } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';

/** A log group's name has 512 characters at most, and the name of a stack 128. */
const MAX_ID = 64;
/** How many characters of a construct's address tell two APIs of one stack apart. */
const ADDRESS = 8;

/** One JSON object a request: enough to find the function's own log by its request id, and nothing of what was sent. */
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
  userAgent: '$context.identity.userAgent',
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
