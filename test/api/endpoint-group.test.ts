import { type CfnElement, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Endpoint, ServerlessApi } from '../../src';
import { monitoredStack, someCode, testApp } from '../support/app';
import { refusal } from '../support/refusal';
import { resources } from '../support/template';

/** The longest name of a stack and the most endpoints that fit into one, at five resources each. */
const STACK = 'S'.repeat(128);
const MANY = 90;
/** IAM's quota for all inline policies of a role. */
const QUOTA = 10_240;

interface Deployed {
  /** Which role invokes an endpoint, by construct id. */
  readonly roleOf: Record<string, string>;
  /** The policy of each role, with the longest names that can be deployed. */
  readonly policies: Record<string, string>;
}

/** Endpoints with the given ids, and by which roles API Gateway invokes them. */
function deploy(ids: string[], options: { warm?: boolean } = {}): Deployed {
  const stack = monitoredStack(testApp(), STACK);
  const api = new ServerlessApi(stack, 'Api');
  const endpoints = ids.map((id) => new Endpoint(stack, id, {
    api, route: `GET /${id}`, publicBecause: 'a test', code: someCode(), warmInstances: options.warm ? 1 : undefined,
  }));
  const template = Template.fromStack(stack);
  const roles = Object.entries(resources(template, 'AWS::IAM::Role')).filter(([id]) => id.startsWith('ApiEndpoints'));
  const integrations = resources(template, 'AWS::ApiGatewayV2::Integration');
  return {
    roleOf: Object.fromEntries(endpoints.map(({ node }) => {
      const integration = stack.getLogicalId(node.findChild('Integration') as CfnElement);
      return [node.id, integrations[integration].Properties.CredentialsArn['Fn::Sub'].slice(2, -'.Arn}'.length)];
    })),
    policies: Object.fromEntries(roles.map(([id, { Properties }]) => [id, JSON.stringify(Properties.Policies[0].PolicyDocument)])),
  };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `E${String(index).padStart(3, '0')}`);
/** `arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:` and a name of 64 characters. */
const ARN = 'a'.repeat(58 + 64);
const asDeployed = (policy: string) => policy.replace(/\{"Fn::Sub":"\$\{[^}]+\}(:live)?"\}/g, (_, alias = '') => JSON.stringify(ARN + alias));

describe('the role that invokes the endpoints of a scope', () => {
  const many = deploy(ids(MANY));

  test(`stays within IAM's quota with ${MANY} endpoints in one scope`, () => {
    expect(Object.keys(many.policies).length).toBeGreaterThan(1);
    for (const policy of Object.values(many.policies)) expect(asDeployed(policy).length).toBeLessThanOrEqual(QUOTA);
  });

  test('permits every endpoint, as function and as alias', () => {
    for (const [id, role] of Object.entries(many.roleOf)) expect(many.policies[role]).toMatch(new RegExp(`"\\$\\{${id}[0-9A-F]{8}\\.Arn\\}".*"\\$\\{${id}[0-9A-F]{8}\\.Arn\\}:live"`));
  });

  test('an endpoint that is added at the end moves no other', () => {
    const { roleOf } = deploy(ids(MANY + 1));
    expect(roleOf).toEqual({ ...many.roleOf, E090: expect.any(String) });
  });

  test('endpoints that are inserted in the middle leave the others permitted to their role of before and to that of afterwards', () => {
    const inserted = deploy([...ids(10), ...Array.from({ length: 7 }, (_, index) => `New${index}`), ...ids(60).slice(10)]);
    for (const [id, before] of Object.entries(deploy(ids(60)).roleOf)) {
      const permitted = new RegExp(`\\$\\{${id}[0-9A-F]{8}\\.Arn\\}"`);
      expect(inserted.policies[before]).toMatch(permitted);
      expect(inserted.policies[inserted.roleOf[id]]).toMatch(permitted);
    }
  });

  test('switching `warmInstances` on or off changes no permission', () => {
    expect(deploy(ids(3)).policies).toEqual(deploy(ids(3), { warm: true }).policies);
  });
});

test('a function that exists and serves two routes is permitted and watched once', () => {
  const stack = monitoredStack();
  const api = new ServerlessApi(stack, 'Api');
  const lambdaFunction = new LambdaFunction(stack, 'Mine', { code: someCode(), handler: 'index.handler', runtime: Runtime.NODEJS_22_X });
  for (const route of ['GET /a', 'GET /b']) api.addEndpoint(route, { lambdaFunction, publicBecause: 'a test' });
  const [{ Properties }] = Object.entries(resources(Template.fromStack(stack), 'AWS::IAM::Role')).filter(([id]) => id.startsWith('ApiApiEndpoints')).map(([, role]) => role);
  expect(Properties.Policies[0].PolicyDocument.Statement).toEqual([
    { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: { 'Fn::Sub': `\${${stack.getLogicalId(lambdaFunction.node.defaultChild as CfnElement)}.Arn}` } },
  ]);
});

describe('what endpoints of one scope share', () => {
  const endpoint = (scope: Construct, api: ServerlessApi) => new Endpoint(scope, `E${api.node.addr}`, { api, route: 'GET /a', code: someCode(), publicBecause: 'a test' });

  test('is refused if something else has the id that it needs', () => {
    const stack = monitoredStack();
    new Construct(stack, 'ApiEndpoints');
    const api = new ServerlessApi(stack, 'Api');
    expect(refusal(() => endpoint(stack, api))).toEqual({
      what: "The id 'ApiEndpoints' is taken: the endpoints of Test/Api in this scope need it for their role and alarms",
      at: 'Test/ApiEndpoints',
      mend: 'give this construct another id',
    });
  });

  test('is refused for two APIs with one id in one scope, and works in a scope of their own', () => {
    const stack = monitoredStack();
    const [first, second] = ['First', 'Second'].map((id) => new ServerlessApi(new Construct(stack, id), 'Api'));
    endpoint(stack, first);
    expect(refusal(() => endpoint(stack, second))).toMatchObject({
      what: expect.stringContaining("Two APIs with the id 'Api'"), at: 'Test', mend: expect.stringContaining('scope of their own'),
    });
    endpoint(new Construct(stack, 'Own'), second);
    const roles = Object.keys(resources(Template.fromStack(Stack.of(stack)), 'AWS::IAM::Role')).filter((id) => id.includes('ApiEndpoints'));
    expect(roles).toHaveLength(2);
  });
});
