import { CloudFormationClient, DescribeStacksCommand, paginateListStackResources, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { NestedStack, Stacks } from '../ports';
import { clientConfig, type Where } from './config';

const ALARM = /^AWS::CloudWatch::(Composite)?Alarm$/;
const STACK = 'AWS::CloudFormation::Stack';

export function cloudFormationStacks(where: Where): Stacks {
  const client = new CloudFormationClient(clientConfig(where));

  async function resources(stack: string): Promise<StackResourceSummary[]> {
    const found: StackResourceSummary[] = [];
    const pages = paginateListStackResources({ client }, { StackName: stack });
    for await (const { StackResourceSummaries = [] } of pages) found.push(...StackResourceSummaries);
    return found;
  }

  /** The resources of a stack and of everything nested in it. */
  async function allResources(stack: string): Promise<StackResourceSummary[]> {
    const own = await resources(stack);
    const below = await Promise.all(nestedOf(own).map((nested) => allResources(nested.stack)));
    return [...own, ...below.flat()];
  }

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
      return (await allResources(stack)).flatMap(({ ResourceType = '', PhysicalResourceId }) => (
        PhysicalResourceId !== undefined && ALARM.test(ResourceType) ? [PhysicalResourceId] : []
      ));
    },
    async nested(stack) {
      return nestedOf(await allResources(stack));
    },
  };
}

/** The physical id of a nested stack is its ARN, which every call takes as a name. */
function nestedOf(summaries: readonly StackResourceSummary[]): NestedStack[] {
  return summaries.flatMap(({ ResourceType, PhysicalResourceId, LogicalResourceId }) => (
    ResourceType === STACK && PhysicalResourceId !== undefined ? [{ stack: PhysicalResourceId, logicalId: LogicalResourceId ?? '' }] : []
  ));
}
