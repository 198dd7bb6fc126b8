import type { LocalResource } from '../types';
import type { AwsClient } from './client';
import { element, elements } from './xml';

const VERSION = '2010-05-15';

/** Every resource of a deployed stack. */
export async function listResources(aws: AwsClient, stack: string): Promise<LocalResource[]> {
  const resources: LocalResource[] = [];
  let next: string | undefined;
  do {
    const xml = await aws.query('cloudformation', 'ListStackResources', VERSION, { StackName: stack, ...(next === undefined ? {} : { NextToken: next }) });
    for (const member of elements(xml, 'member')) {
      const physicalId = element(member, 'PhysicalResourceId');
      if (physicalId === undefined) continue;
      resources.push({ logicalId: element(member, 'LogicalResourceId') ?? '', type: element(member, 'ResourceType') ?? '', physicalId });
    }
    next = element(xml, 'NextToken');
  } while (next !== undefined && next !== '');
  return resources;
}

/** The outputs of a deployed stack by their keys. */
export async function describeOutputs(aws: AwsClient, stack: string): Promise<Record<string, string>> {
  const xml = await aws.query('cloudformation', 'DescribeStacks', VERSION, { StackName: stack });
  const outputs = element(xml, 'Outputs') ?? '';
  return Object.fromEntries(elements(outputs, 'member').map((member) => [element(member, 'OutputKey') ?? '', element(member, 'OutputValue') ?? '']));
}

/** Why the resources of the last deployment failed, the first cause first. */
export async function failureReasons(aws: AwsClient, stack: string): Promise<string[]> {
  const xml = await aws.query('cloudformation', 'DescribeStackEvents', VERSION, { StackName: stack });
  const reasons: string[] = [];
  // The newest event comes first: those before the stack's own beginning are of earlier deployments.
  for (const event of elements(xml, 'member')) {
    const [status, type, reason] = ['ResourceStatus', 'ResourceType', 'ResourceStatusReason'].map((name) => element(event, name) ?? '');
    if (type === 'AWS::CloudFormation::Stack' && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(status) && element(event, 'LogicalResourceId') === stack) break;
    if (status.endsWith('_FAILED') && !/cancelled/i.test(reason)) reasons.unshift(`${element(event, 'LogicalResourceId')} (${type}): ${reason}`);
  }
  return reasons;
}
