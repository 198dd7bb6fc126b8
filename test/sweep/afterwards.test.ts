import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type App, CfnResource, type InjectionContext, type IPropertyInjector, Mixin, Mixins, PropertyInjectors, RemovalPolicies, Stack, Tags,
} from 'aws-cdk-lib';
import { CfnRole, ManagedPolicy, PermissionsBoundary, Role } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { monitoredStack, testApp } from '../support/app';
import { PLAIN, type Sample, SAMPLES } from '../support/samples';
import type { Resource } from '../support/template';

const HERE = { account: '111122223333', region: 'eu-central-1' };
const BOUNDARY = 'arn:aws:iam::111122223333:policy/boundary';

/** Every sample, or some of them, each in a stack of its own, in one app. */
function everything(prepare: (app: App) => void = () => undefined, samples: readonly Sample[] = SAMPLES): App {
  const app = testApp();
  prepare(app);
  for (const { name, make } of samples) make(monitoredStack(app, name.replace(/\W/g, ''), { env: HERE }), PLAIN);
  return app;
}

/** The resources of all stacks of an app, by stack and logical id. */
function synthesized(app: App): Record<string, Resource> {
  return Object.fromEntries(app.synth().stacks.flatMap(({ stackName, template }) => (
    Object.entries<Resource>(template.Resources).map(([id, resource]) => [`${stackName}/${id}`, resource])
  )));
}

/** Every kind of role and function: of endpoints, of what serves none, of API Gateway. */
const ROLES = SAMPLES.filter(({ name }) => ['Trinity', 'Endpoint, private', 'AuthService of a pool that exists'].includes(name));

const of = (resources: Record<string, Resource>, ...types: string[]) => Object.entries(resources).filter(([, { Type }]) => types.includes(Type));

describe('what an app adds to its constructs afterwards reaches all of them', () => {
  const app = everything();
  Tags.of(app).add('team', 'votes');
  PermissionsBoundary.of(app).apply(ManagedPolicy.fromManagedPolicyArn(app.node.findChild('Trinity') as Stack, 'Boundary', BOUNDARY));
  RemovalPolicies.of(app).retain();
  class WithLayers extends Mixin {
    supports(construct: IConstruct) {
      return construct instanceof CfnFunction;
    }
    applyTo(construct: IConstruct) {
      (construct as CfnFunction).layers = ['arn:aws:lambda:eu-central-1:111122223333:layer:agent:1'];
    }
  }
  Mixins.of(app).apply(new WithLayers());
  for (const node of app.node.findAll()) if (node instanceof CfnRole) node.addPropertyOverride('Path', '/apps/');
  const resources = synthesized(app);

  test('Tags', () => {
    const untagged = of(resources, 'AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::SQS::Queue', 'AWS::CloudWatch::Alarm', 'AWS::ApiGatewayV2::Api')
      .filter(([, { Properties: { Tags: tags } }]) => !JSON.stringify(tags ?? null).includes('votes')).map(([id]) => id);
    expect(untagged).toEqual([]);
  });

  test('PermissionsBoundary, and overrides of roles', () => {
    for (const [, { Properties }] of of(resources, 'AWS::IAM::Role')) expect([Properties.PermissionsBoundary, Properties.Path]).toEqual([BOUNDARY, '/apps/']);
  });

  test('RemovalPolicies', () => {
    for (const [, resource] of of(resources, 'AWS::Logs::LogGroup', 'AWS::DynamoDB::GlobalTable', 'AWS::Cognito::UserPool', 'AWS::SQS::Queue')) {
      expect([resource.DeletionPolicy, resource.UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    }
  });

  test('Mixins', () => {
    for (const [, { Properties }] of of(resources, 'AWS::Lambda::Function')) expect(Properties.Layers).toHaveLength(1);
  });
});

test('PropertyInjectors: what an organisation injects into roles, functions and log groups reaches those of the library', () => {
  const injector = (constructUniqueId: string, extra: object): IPropertyInjector => ({
    constructUniqueId, inject: (props: object, _context: InjectionContext) => ({ ...props, ...extra }),
  });
  const resources = synthesized(everything((app) => PropertyInjectors.of(app).add(
    injector(Role.PROPERTY_INJECTION_ID, { path: '/injected/' }),
    injector(LambdaFunction.PROPERTY_INJECTION_ID, { description: 'injected' }),
    injector(LogGroup.PROPERTY_INJECTION_ID, { retention: 3653 }),
  ), ROLES));
  for (const [, { Properties }] of of(resources, 'AWS::IAM::Role')) expect(Properties.Path).toBe('/injected/');
  for (const [, { Properties }] of of(resources, 'AWS::Lambda::Function')) expect(Properties.Description).toBe('injected');
  for (const [, { Properties }] of of(resources, 'AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBe(3653);
});

describe('iam.Role.customizeRoles', () => {
  const actionsOf = (statements: any[]) => [...new Set(statements.flatMap(({ Action }) => Action))].sort();
  /** What each role of the library may do, by its path. */
  const granted = (() => {
    const app = everything(undefined, ROLES);
    const resources = synthesized(app);
    const roles = app.node.findAll().filter((node): node is Role => Role.isRole(node) && CfnResource.isCfnResource(node.node.defaultChild!));
    return Object.fromEntries(roles.map((role) => {
      const { Properties } = resources[`${Stack.of(role).stackName}/${Stack.of(role).getLogicalId(role.node.defaultChild as CfnRole)}`];
      return [role.node.path, actionsOf((Properties.Policies ?? []).flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement))];
    }));
  })();

  test('reports every action of every role', () => {
    const app = everything((each) => Role.customizeRoles(each), ROLES);
    const { directory } = app.synth({ errorOnDuplicateSynth: false });
    const { roles } = JSON.parse(readFileSync(join(directory, 'iam-policy-report.json'), 'utf8'));
    const reported = Object.fromEntries(roles.map((role: any) => [role.roleConstructPath, actionsOf(role.identityPolicyStatements)]));
    for (const [path, actions] of Object.entries(granted)) expect({ [path]: reported[path] }).toEqual({ [path]: expect.arrayContaining(actions) });
  });

  test('with roles that exist: no role is made, and functions and integrations name theirs', () => {
    const usePrecreatedRoles = Object.fromEntries(Object.keys(granted).map((path, index) => [path, `precreated-${index}`]));
    const resources = synthesized(everything((app) => Role.customizeRoles(app, { usePrecreatedRoles }), ROLES));
    expect(of(resources, 'AWS::IAM::Role')).toEqual([]);
    for (const [, { Properties }] of of(resources, 'AWS::Lambda::Function')) expect(JSON.stringify(Properties.Role)).toMatch(/role\/precreated-\d+"/);
    for (const [, { Properties }] of of(resources, 'AWS::ApiGatewayV2::Integration')) expect(JSON.stringify(Properties.CredentialsArn)).toMatch(/role\/precreated-\d+"/);
  });

  test('as a report only: the roles are made with all their grants', () => {
    const app = everything((each) => Role.customizeRoles(each, { preventSynthesis: false }), ROLES);
    const made = of(synthesized(app), 'AWS::IAM::Role').map(([, { Properties }]) => actionsOf((Properties.Policies ?? []).flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement)));
    const sorted = (lists: string[][]) => lists.map((list) => list.join(' ')).sort();
    expect(sorted(made)).toEqual(sorted(Object.values(granted)));
  });
});
