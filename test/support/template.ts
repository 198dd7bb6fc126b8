import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, any>;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The resources of one type, by logical id. */
export function resources(template: Template, type: string): Record<string, Resource> {
  return template.findResources(type) as Record<string, Resource>;
}

/** The properties of the resources of one type. */
export function properties(template: Template, type: string): Array<Record<string, any>> {
  return Object.values(resources(template, type)).map(({ Properties }) => Properties);
}

/** The properties of the one resource of a type. */
export function only(template: Template, type: string): Record<string, any> {
  const found = properties(template, type);
  if (found.length !== 1) throw new Error(`There are ${found.length} of ${type}`);
  return found[0];
}

/** The resources of a stack without what changes with every build: the hashes of the bundled code. */
export function masked(stack: Stack): Record<string, Resource> {
  const text = JSON.stringify(Template.fromStack(stack).toJSON().Resources);
  return JSON.parse(text.replace(/[0-9a-f]{64}/g, '<hash>').replace(/(CurrentVersion)[0-9a-f]{40}/g, '$1<hash>'));
}

/** What nobody else looks at: cdk-nag knows no `TableV2`, and lets names of roles and log groups without an end pass in places. */
export function brokenRules(template: Template): string[] {
  const broken: string[] = [];
  for (const [id, { Properties: table }] of Object.entries(resources(template, 'AWS::DynamoDB::GlobalTable'))) {
    const restorable = table.Replicas.every((replica: any) => replica.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true);
    if (!restorable) broken.push(`${id} cannot be restored to a point in time`);
  }
  for (const [id, { Properties: group }] of Object.entries(resources(template, 'AWS::Logs::LogGroup'))) {
    if (group.RetentionInDays === undefined) broken.push(`${id} keeps logs for ever`);
  }
  for (const [id, { Properties: fn }] of Object.entries(resources(template, 'AWS::Lambda::Function'))) {
    if (fn.LoggingConfig?.LogGroup === undefined) broken.push(`${id} writes to a log group that nobody defined`);
  }
  for (const [id, { Properties: role }] of Object.entries(resources(template, 'AWS::IAM::Role'))) {
    if (role.ManagedPolicyArns !== undefined) broken.push(`${id} has a managed policy`);
    if (role.RoleName !== undefined) broken.push(`${id} has a name of its own: two deployments in one account would clash`);
    for (const statement of role.Policies.flatMap((policy: any) => policy.PolicyDocument.Statement)) {
      const actions = [statement.Action].flat();
      const tracing = actions.every((action: string) => action.startsWith('xray:'));
      if ([statement.Resource].flat().includes('*') && !tracing) broken.push(`${id} may ${actions} on everything`);
      if (actions.some((action: string) => action.endsWith(':*'))) broken.push(`${id} may ${actions}`);
    }
  }
  if (Object.keys(resources(template, 'AWS::IAM::Policy')).length > 0) broken.push('There are policies beside the roles');
  return broken;
}
