import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnLogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { allowLogs } from './log-key';

/**
 * A log group with an end, encrypted with a key where one is given. It goes with what writes to it: what it holds is of use
 * while that runs, and a log group that stayed behind would have no owner.
 */
export function logGroupOfScope(scope: Construct, id: string, retention: RetentionDays, encryptionKey?: IKey, logGroupName?: string): LogGroup {
  allowLogs(scope, encryptionKey);
  const group = new LogGroup(scope, id, { logGroupName, retention, encryptionKey, removalPolicy: RemovalPolicy.DESTROY });
  // Nothing that is set here replaces a log group, and to delete a replaced one is CloudFormation's own default: one line less for each function.
  (group.node.defaultChild as CfnLogGroup).cfnOptions.updateReplacePolicy = undefined;
  return group;
}
