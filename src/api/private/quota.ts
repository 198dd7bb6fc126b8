import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Throttle } from '../throttle';

/** Requests per second that all APIs of a new AWS account may get in one region. */
const FIRST_QUOTA = 10_000;
const SMALLER_QUOTA = 2_500;
/**
 * Regions with the smaller quota: Cape Town, Milan, Jakarta, UAE, Hyderabad, Melbourne, Spain, Zurich, Tel Aviv, Calgary, Malaysia,
 * Thailand, Mexico. Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const SMALLER_REGIONS: ReadonlySet<string> = new Set([
  'af-south-1', 'eu-south-1', 'ap-southeast-3', 'me-central-1', 'ap-south-2', 'ap-southeast-4', 'eu-south-2', 'eu-central-2', 'il-central-1', 'ca-west-1',
  'ap-southeast-5', 'ap-southeast-7', 'mx-central-1',
]);

/** A throttle above the quota of the account limits nothing: the account's other APIs get 429 before this one does. */
export function warnAboveQuota(scope: Construct, { rateLimit }: Throttle): void {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(rateLimit)) return;
  const quota = SMALLER_REGIONS.has(region) ? SMALLER_QUOTA : FIRST_QUOTA;
  if (rateLimit <= quota) return;
  Annotations.of(scope).addWarningV2('trinity-constructs:apiGatewayQuota',
    `The API lets ${rateLimit} requests per second through, and the first quota of an AWS account is ${quota} in this region (${Token.isUnresolved(region) ? 'or less' : region}): give a lower \`throttle\`, `
    + 'or ask Service Quotas for a higher "Throttle rate" of API Gateway and acknowledge this');
}
