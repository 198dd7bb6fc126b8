import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { stateOf } from './state';

/**
 * Lets CloudWatch Logs use a key for the log groups of a stack's account and region: without that, the deployment fails.
 * The policy of a key that this app does not own can be neither read nor changed: its owner must have seen to that.
 */
export function allowLogs(scope: IConstruct, key: IKey | undefined): void {
  if (key === undefined) return;
  const stack = Stack.of(scope);
  // One statement per account and region, however many stacks use the key: a key policy takes 32 KB.
  const environments = stateOf(key, 'log-key', () => new Set<string>());
  const environment = `${stack.account}/${stack.region}`;
  if (environments.has(environment)) return;
  key.addToResourcePolicy(new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME }) } },
  }));
  environments.add(environment);
}
