import type { AwsClient } from '../aws/client';
import { listResources } from '../aws/stacks';
import { constructPath, type Template } from '../stand-ins/template';
import type { LocalResource } from '../types';
import type { LocalStack } from './assembly';

/** A stack as it stands on the emulator. Nested stacks are stacks of their own here. */
export interface DeployedStack {
  /** The name of the stack, or of the one that it is nested in. */
  readonly stack: string;
  readonly region: string;
  /** As the app synthesized it; without resources where it is not known. */
  readonly template: Template;
  readonly resources: readonly LocalResource[];
}

/** The resources of a stack and of all stacks nested in it, with the construct paths of their templates. */
export async function readStack(aws: AwsClient, stack: LocalStack): Promise<DeployedStack[]> {
  return read(aws, stack, stack.name, stack.original);
}

async function read(aws: AwsClient, stack: LocalStack, name: string, template: Template): Promise<DeployedStack[]> {
  const resources = withPaths(await listResources(aws, name), template);
  const below = await Promise.all(resources.filter(({ type }) => type === 'AWS::CloudFormation::Stack').map(({ logicalId, physicalId }) => {
    const file = template.Resources?.[logicalId]?.Metadata?.['aws:asset:path'];
    return read(aws, stack, physicalId, (typeof file === 'string' ? stack.nested.get(file) : undefined) ?? {});
  }));
  return [{ stack: stack.name, region: stack.region, template, resources }, ...below.flat()];
}

function withPaths(resources: readonly LocalResource[], template: Template): LocalResource[] {
  return resources.map((resource) => {
    const definition = template.Resources?.[resource.logicalId];
    const path = definition === undefined ? undefined : constructPath(definition);
    return path === undefined ? resource : { ...resource, path };
  });
}
