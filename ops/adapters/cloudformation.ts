import { CloudFormationClient, DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { Stacks } from '../ports';
import { clientConfig, type Where } from './config';

const ALARM = /^AWS::CloudWatch::(Composite)?Alarm$/;

export function cloudFormationStacks(where: Where): Stacks {
  const client = new CloudFormationClient(clientConfig(where));
  return {
    async outputs(stack) {
      try {
        const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
        return found === undefined ? undefined : Object.fromEntries((found.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']));
      } catch (error) {
        // CloudFormation has no error of its own for that.
        if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) return undefined;
        throw error;
      }
    },
    async alarms(stack) {
      const names: string[] = [];
      for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stack })) {
        for (const { ResourceType, PhysicalResourceId } of StackResourceSummaries) {
          if (PhysicalResourceId !== undefined && ALARM.test(ResourceType ?? '')) names.push(PhysicalResourceId);
        }
      }
      return names;
    },
  };
}
