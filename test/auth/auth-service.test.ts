import { AuthService } from '../../src';
import { acknowledged, findings } from '../support/findings';
import { grantsOf, roleGrants } from '../support/grants';
import { brokenRules, only, properties, resources } from '../support/template';
import { begin, client, environment, make, pool, stack, template } from './service';

const endpointsOf = (auth: AuthService) => ({
  'POST /auth/register': auth.registerEndpoint,
  'POST /auth/confirm': auth.confirmEndpoint,
  'POST /auth/login': auth.loginEndpoint,
  'POST /auth/refresh': auth.refreshEndpoint,
  'POST /auth/logout': auth.logoutEndpoint,
  'GET /me': auth.meEndpoint,
  'PATCH /me': auth.updateMeEndpoint,
  'DELETE /me': auth.deleteMeEndpoint,
});

describe('by default', () => {
  let auth: AuthService;
  beforeAll(() => {
    begin();
    auth = make();
  });

  describe('the user pool that is made', () => {
    test('people sign in with their e-mail address, which is verified, and again when it changes', () => {
      expect(pool()).toMatchObject({
        UsernameAttributes: ['email'],
        UsernameConfiguration: { CaseSensitive: false },
        AutoVerifiedAttributes: ['email'],
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
        UserPoolTier: 'ESSENTIALS',
      });
    });

    test('nothing goes by phone: no number, no role for messages', () => {
      expect(pool().SmsConfiguration).toBeUndefined();
      expect(pool().EnabledMfas).toEqual(['SOFTWARE_TOKEN_MFA']);
    });

    test('it is protected and retained', () => {
      const [{ DeletionPolicy, UpdateReplacePolicy, Properties }] = Object.values(resources(template(), 'AWS::Cognito::UserPool'));
      expect({ DeletionPolicy, UpdateReplacePolicy, protection: Properties.DeletionProtection }).toEqual({
        DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', protection: 'ACTIVE',
      });
    });

    test('its client has no secret, tells nobody which accounts exist, rotates and revokes refresh tokens', () => {
      expect(client()).toMatchObject({
        GenerateSecret: false,
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
        EnableTokenRevocation: true,
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 30 },
        AllowedOAuthFlowsUserPoolClient: false,
      });
    });

    test('people read and write their name and address, and nothing else: whether it is verified is not theirs to say', () => {
      expect(client().WriteAttributes).toEqual(['email', 'name']);
      expect(client().ReadAttributes).toEqual(['email', 'email_verified', 'name']);
    });
  });

  describe('the authorizer', () => {
    test('takes tokens of this pool for this client; the issuer is the text that stands in the tokens', () => {
      expect(only(template(), 'AWS::ApiGatewayV2::Authorizer').JwtConfiguration).toEqual({
        Audience: [stack.resolve(auth.userPoolClient.userPoolClientId)],
        Issuer: { 'Fn::Sub': ['https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Pool}', { Pool: stack.resolve(auth.userPool.userPoolId) }] },
      });
    });
  });

  describe('the endpoints', () => {
    test('are those of the contract', () => {
      expect(Object.entries(endpointsOf(auth)).map(([route, endpoint]) => endpoint.route === route)).toEqual(Array(8).fill(true));
    });

    test('register may look a user up; the others may do nothing: they act with the caller\'s own token', () => {
      const grants = Object.fromEntries(Object.entries(endpointsOf(auth)).map(([route, endpoint]) => [route, grantsOf(endpoint)]));
      expect(grants).toEqual({
        'POST /auth/register': ['cognito-idp:AdminGetUser on Auth/UserPool'],
        'POST /auth/confirm': [],
        'POST /auth/login': [],
        'POST /auth/refresh': [],
        'POST /auth/logout': [],
        'GET /me': [],
        'PATCH /me': [],
        'DELETE /me': [],
      });
    });

    test('API Gateway may invoke them, and nothing else', () => {
      const functions = Object.values(endpointsOf(auth)).map((endpoint) => endpoint.node.path.replace('Test/', '')).sort();
      expect(roleGrants(stack.node.findChild('Auth').node.findChild('ApiEndpoints').node.findChild('Role'))).toEqual([
        `lambda:InvokeFunction on ${functions.join(' ')} ${functions.map((path) => `${path}:live`).join(' ')}`,
      ]);
    });

    test('find what they need in their environment, and nothing else', () => {
      const withToken = { POWERTOOLS_SERVICE_NAME: 'auth' };
      const withoutToken = { ...withToken, AUTH_CLIENT_ID: stack.resolve(auth.userPoolClient.userPoolClientId) };
      expect(environment(auth.registerEndpoint)).toEqual({
        ...withoutToken,
        AUTH_USER_POOL_ID: stack.resolve(auth.userPool.userPoolId),
        AUTH_PASSWORD_POLICY: '{"minLength":12,"requireDigits":true,"requireLowercase":true,"requireUppercase":true,"requireSymbols":true}',
      });
      expect(environment(auth.refreshEndpoint)).toEqual({ ...withoutToken, AUTH_REFRESH_ROTATION: 'true' });
      for (const endpoint of [auth.confirmEndpoint, auth.loginEndpoint, auth.logoutEndpoint]) expect(environment(endpoint)).toEqual(withoutToken);
      for (const endpoint of [auth.meEndpoint, auth.updateMeEndpoint, auth.deleteMeEndpoint]) expect(environment(endpoint)).toEqual(withToken);
    });

    test('/me asks for a token, the others cannot', () => {
      const routes = properties(template(), 'AWS::ApiGatewayV2::Route').map(({ RouteKey, AuthorizationType }) => `${RouteKey}: ${AuthorizationType}`);
      expect(routes.filter((route) => route.endsWith('JWT')).sort()).toEqual(['DELETE /me: JWT', 'GET /me: JWT', 'PATCH /me: JWT']);
    });

    test('cdk-nag finds nothing, nor does anybody else', () => {
      expect(findings(stack)).toEqual([]);
      expect(brokenRules(template())).toEqual([]);
      expect(Object.keys(acknowledged(stack.node.findChild('Auth').node.findChild('UserPool')))).toEqual([
        'AwsSolutions-COG2 at Test/Auth/UserPool', 'AwsSolutions-COG3 at Test/Auth/UserPool', 'AwsSolutions-COG8 at Test/Auth/UserPool',
      ]);
    });

    test('the ids of the pool and its client are outputs', () => {
      expect(Object.values(template().findOutputs('*')).map(({ Description }) => Description)).toEqual(expect.arrayContaining([
        'The user pool',
        'The app client of the user pool',
      ]));
    });
  });
});
