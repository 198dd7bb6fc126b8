import { type AwsClient, AwsError } from '../../aws/client';
import { element, elements } from '../../aws/xml';
import { DeployError } from '../../errors';
import { functionName } from './batch';
import type { StreamMapping } from './ports';

const READING = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];

/**
 * Refuses a mapping whose function may not do what Lambda does with the function's role: read the stream, and report what it gives up.
 * The pump reads with the emulator's own credentials, so a missing grant would otherwise first show on AWS.
 */
export async function requireGrants(aws: AwsClient, mapping: StreamMapping): Promise<void> {
  const { Role: role } = await aws.rest<{ Role: string }>('lambda', 'GET', `/2015-03-31/functions/${encodeURIComponent(mapping.functionArn)}/configuration`);
  await requireAllowed(aws, role, READING, mapping.streamArn, mapping);
  const { onFailureArn } = mapping;
  const sending = onFailureArn === undefined ? undefined : { sqs: 'sqs:SendMessage', sns: 'sns:Publish' }[onFailureArn.split(':')[2]];
  if (onFailureArn !== undefined && sending !== undefined) await requireAllowed(aws, role, [sending], onFailureArn, mapping);
}

async function requireAllowed(aws: AwsClient, role: string, actions: readonly string[], resource: string, mapping: StreamMapping): Promise<void> {
  const xml = await aws.query('iam', 'SimulatePrincipalPolicy', '2010-05-08', {
    'PolicySourceArn': role,
    'ResourceArns.member.1': resource,
    ...Object.fromEntries(actions.map((action, at) => [`ActionNames.member.${at + 1}`, action])),
  }).catch((error) => {
    // Another emulator may not simulate; then it proves no grants either.
    if (error instanceof AwsError) return '';
    throw error;
  });
  const denied = elements(xml, 'member').filter((member) => element(member, 'EvalDecision') !== 'allowed').map((member) => element(member, 'EvalActionName'));
  if (denied.length === 0) return;
  throw new DeployError(
    `The event source mapping of ${functionName(mapping)} is refused, as AWS would: the function's role may not ${denied.join(', ')} on ${resource}.`,
    'Grant it: `table.grantStreamRead(fn)` for the stream, `queue.grantSendMessages(fn)` for the destination. `DynamoEventSource` does both.',
  );
}
