import { Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { JwtAuthorizer, type JwtAuthorizerProps, ServerlessApi } from '../../src';
import { monitoredStack, someCode } from '../support/app';
import { refusal } from '../support/refusal';
import { only } from '../support/template';

let stack: Stack;
let api: ServerlessApi;
beforeEach(() => {
  stack = monitoredStack();
  api = new ServerlessApi(stack, 'Api');
});

const make = (props: Partial<JwtAuthorizerProps> = {}) => new JwtAuthorizer(stack, 'Auth', {
  api, issuer: 'https://login.example.com', audience: ['web'], ...props,
});

test('api, issuer, audience: API Gateway itself checks the token', () => {
  make({ audience: ['web', 'app'] });
  expect(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Authorizer')).toMatchObject({
    ApiId: stack.resolve(api.apiId),
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: 'https://login.example.com', Audience: ['web', 'app'] },
  });
});

test('two before one API have names of their own', () => {
  make();
  new JwtAuthorizer(stack, 'Other', { api, issuer: 'https://login.example.com', audience: ['web'] });
  const names = Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Authorizer')).map(({ Properties }) => Properties.Name);
  expect(new Set(names).size).toBe(2);
});

test('tokenSource: the prop, else the issuer; it stands in the OpenAPI document', () => {
  expect(make().tokenSource).toBe('An access token of https://login.example.com.');
  const other = new JwtAuthorizer(stack, 'Other', { api, issuer: 'https://login.example.com', audience: ['web'], tokenSource: 'Ask the operators.' });
  api.addEndpoint('GET /a', { code: someCode(), auth: other });
  expect(api.openApi().components.securitySchemes.accessToken.description).toBe('Ask the operators.');
});

test('userIdClaim: the subject, unless another claim is named', () => {
  expect(make().userIdClaim).toBe('sub');
  expect(new JwtAuthorizer(stack, 'Other', { api, issuer: 'https://login.example.com', audience: ['web'], userIdClaim: 'oid' }).userIdClaim).toBe('oid');
});

test('an empty audience is refused', () => {
  expect(refusal(() => make({ audience: [] }))).toMatchObject({
    what: 'audience is empty', at: 'Test/Auth', mend: expect.stringContaining('at least one'),
  });
});

test.each(['login.example.com', 'http://login.example.com', 'https://', ''])('the issuer %p is refused', (issuer) => {
  expect(refusal(() => make({ issuer }))).toMatchObject({
    what: `issuer is '${issuer}'`, mend: expect.stringContaining('https://login.example.com'),
  });
});

test('an issuer that is known only at deployment passes', () => {
  make({ issuer: Lazy.string({ produce: () => 'https://late.example.com' }) });
  expect(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Authorizer').JwtConfiguration.Issuer).toBe('https://late.example.com');
});
