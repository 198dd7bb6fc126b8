import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { type Endpoint, ServerlessApi } from '../../src';
import { monitoredStack, someCode } from '../support/app';
import { lateRefusal } from '../support/synthesis';

let stack: Stack;
let endpoint: Endpoint;
beforeEach(() => {
  stack = monitoredStack();
  endpoint = new ServerlessApi(stack, 'Api').addEndpoint('GET /a', { code: someCode(), publicBecause: 'a test' });
});

const statements = (count: number) => Array.from({ length: count }, (_, index) => new PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${'b'.repeat(60)}${index}/*`] }));
const REFUSED = /The inline policies of the role come to about \d+ characters, and IAM takes 10240 per role\n  at: Test\/Api\/GetA\/Role\n  mend: /;

test('what is granted to a function one by one is refused when it outgrows the inline policies of a role', () => {
  for (const statement of statements(160)) endpoint.grantPrincipal.addToPrincipalPolicy(statement);
  expect(lateRefusal(stack)).toMatch(REFUSED);
});

test('all inline policies of a role count together, also those that stand beside it', () => {
  const [half, other] = [statements(90), statements(180).slice(90)];
  for (const statement of half) endpoint.grantPrincipal.addToPrincipalPolicy(statement);
  new Policy(stack, 'Beside', { statements: other, roles: [endpoint.node.findChild('Role') as Role] });
  expect(lateRefusal(stack)).toMatch(REFUSED);
});

test('what fits is left alone, and a managed policy is not counted', () => {
  for (const statement of statements(60)) endpoint.grantPrincipal.addToPrincipalPolicy(statement);
  (endpoint.node.findChild('Role') as Role).addManagedPolicy(new ManagedPolicy(stack, 'Managed', { statements: statements(60) }));
  expect(() => Template.fromStack(stack)).not.toThrow();
});
