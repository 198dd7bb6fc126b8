import type { Difference } from '../types';
import supported from './supported-types.json';
import { STAND_INS, type StandIn } from './table';
import { constructPath, mapReferences, type Reference, referencesIn, type Template, type TemplateResource } from './template';

export interface Rewritten {
  readonly template: Template;
  readonly standIns: readonly Difference[];
  readonly leftOut: readonly Difference[];
  /** What is deployed as it is, and does less than on AWS. */
  readonly kept: readonly Difference[];
}

const SUPPORTED: ReadonlySet<string> = new Set(supported);
const UNKNOWN: Omit<StandIn, 'type'> = {
  action: 'leftOut',
  why: 'MiniStack\'s CloudFormation does not know this type.',
  differs: 'It is not there; what refers to it is given a name that leads nowhere.',
};

/** What MiniStack can deploy of a template, and a word on everything that it cannot. */
export function rewriteTemplate(stack: string, template: Template): Rewritten {
  const resources = Object.entries(template.Resources ?? {});
  const decisions = new Map<string, StandIn>();
  for (const [logicalId, resource] of resources) {
    const decision = decide(resource, template);
    if (decision !== undefined) decisions.set(logicalId, decision);
  }
  takeAlong(resources, decisions);

  const isLeftOut = (logicalId: string): boolean => decisions.get(logicalId)?.action === 'leftOut';
  const replace = (reference: Reference): unknown => {
    const type = template.Resources?.[reference.logicalId]?.Type;
    if (isLeftOut(reference.logicalId)) return placeholder(reference);
    return type === 'AWS::Cognito::UserPool' && reference.attribute === 'ProviderURL' ? issuer(reference.logicalId) : undefined;
  };
  const kept = resources.filter(([logicalId]) => !isLeftOut(logicalId)).map(([logicalId, resource]): [string, TemplateResource] => {
    const changed = decisions.get(logicalId)?.change?.(resource) ?? resource;
    return [logicalId, rewriteResource(changed, isLeftOut, replace)];
  });
  const differences = resources.flatMap(([logicalId, resource]) => describe(stack, logicalId, resource, decisions.get(logicalId)));
  return {
    template: withoutBootstrap({
      ...template,
      Resources: Object.fromEntries(kept),
      ...(template.Outputs === undefined ? {} : { Outputs: mapReferences(template.Outputs, replace) as Template['Outputs'] }),
    }),
    standIns: differences.filter(({ action }) => action === 'standIn').map(({ difference }) => difference),
    leftOut: differences.filter(({ action }) => action === 'leftOut').map(({ difference }) => difference),
    kept: differences.filter(({ action }) => action === 'kept').map(({ difference }) => difference),
  };
}

function decide(resource: TemplateResource, template: Template): StandIn | undefined {
  const row = STAND_INS.find(({ type, when }) => type === resource.Type && (when?.(resource, template) ?? true));
  // A newer emulator may know a type by now, but the pinned one does not.
  if (row !== undefined) return row;
  return SUPPORTED.has(resource.Type) || resource.Type.startsWith('Custom::') ? undefined : { ...UNKNOWN, type: resource.Type };
}

function takeAlong(resources: ReadonlyArray<[string, TemplateResource]>, decisions: Map<string, StandIn>): void {
  for (const [logicalId, resource] of resources) {
    if (decisions.get(logicalId)?.action === 'leftOut') continue;
    for (const reference of referencesIn(resource.Properties)) {
      const without = decisions.get(reference.logicalId);
      if (without?.action !== 'leftOut' || !(without.takesAlong?.includes(resource.Type) ?? false)) continue;
      decisions.set(logicalId, { ...without, why: `It belongs to ${reference.logicalId}, which is left out.`, type: resource.Type });
    }
  }
}

function rewriteResource(
  resource: TemplateResource, isLeftOut: (id: string) => boolean, replace: (reference: Reference) => unknown,
): TemplateResource {
  const { DependsOn, Properties, UpdatePolicy, ...rest } = resource;
  const dependsOn = [DependsOn ?? []].flat().filter((logicalId) => !isLeftOut(logicalId));
  const policyHolds = UpdatePolicy !== undefined && !referencesIn(UpdatePolicy).some(({ logicalId }) => isLeftOut(logicalId));
  return {
    ...rest,
    ...(Properties === undefined ? {} : { Properties: mapReferences(Properties, replace) as TemplateResource['Properties'] }),
    ...(dependsOn.length === 0 ? {} : { DependsOn: dependsOn }),
    // A gradual deployment by a group that is left out.
    ...(policyHolds ? { UpdatePolicy } : {}),
  };
}

/** Looks like what AWS would give, so that policies and environment variables are well formed, and leads nowhere. */
function placeholder({ logicalId, attribute }: Reference): string {
  return attribute !== undefined && /Arn$/i.test(attribute)
    ? `arn:aws:left-out:us-east-1:000000000000:${logicalId}`
    : `left-out-${logicalId.toLowerCase()}`;
}

function issuer(pool: string): unknown {
  return { 'Fn::Sub': `https://cognito-idp.\${AWS::Region}.amazonaws.com/\${${pool}}` };
}

/** There is no bootstrap stack here, and so no version of it to check. */
function withoutBootstrap(template: Template): Template {
  const { BootstrapVersion: _, ...parameters } = template.Parameters ?? {};
  const { CheckBootstrapVersion: __, ...rules } = template.Rules ?? {};
  const { Parameters, Rules, ...rest } = template;
  return {
    ...rest,
    ...(Object.keys(parameters).length === 0 ? {} : { Parameters: parameters }),
    ...(Object.keys(rules).length === 0 ? {} : { Rules: rules }),
  };
}

function describe(stack: string, logicalId: string, resource: TemplateResource, decision: StandIn | undefined) {
  if (decision === undefined) return [];
  const difference: Difference = {
    stack, logicalId, type: resource.Type, path: constructPath(resource), why: decision.why, differs: decision.differs,
  };
  return [{ action: decision.action, difference }];
}
