import { Duration } from 'aws-cdk-lib';
import { AuthService } from '../../src';
import { acknowledged, findings } from '../support/findings';
import { grantsOf, roleGrants } from '../support/grants';
import { brokenRules, only, properties, resources } from '../support/template';
import { begin, client, environment, make, pool, stack, template } from './service';

const endpointsOf = (auth: AuthService) => ({
  'POST /auth/register': auth.registerEndpoint,
  'POST /auth/confirm': auth.confirmEndpoint,
  'POST /auth/forgot-password': auth.forgotPasswordEndpoint,
  'POST /auth/reset-password': auth.resetPasswordEndpoint,
  'POST /auth/login': auth.loginEndpoint,
  'POST /auth/refresh': auth.refreshEndpoint,
  'POST /auth/logout': auth.logoutEndpoint,
  'GET /me': auth.meEndpoint,
  'PATCH /me': auth.updateMeEndpoint,
  'DELETE /me': auth.deleteMeEndpoint,
});

const MAC = 'kms:GenerateMac on Auth/UsernameKey';

describe('by default', () => {
  let auth: AuthService;
  beforeAll(() => {
    begin();
    auth = make();
  });

  describe('the user pool that is made', () => {
    test('nobody signs up by Cognito\'s own API, and no address is a user name there', () => {
      expect(pool()).toMatchObject({
        UsernameConfiguration: { CaseSensitive: false },
        AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        UserPoolTier: 'ESSENTIALS',
      });
      expect(pool()).not.toHaveProperty('UsernameAttributes');
      expect(pool()).not.toHaveProperty('AliasAttributes');
    });

    test('the address of an account never changes: the user name, and so the voter, follows from it', () => {
      expect(pool().Schema).toEqual([{ Name: 'email', Mutable: false, Required: false }, { Name: 'name', Mutable: true, Required: false }]);
      expect(client().WriteAttributes).toEqual(['name']);
    });

    test('the mail with the code fits a registration and a reset', () => {
      expect(pool()).toMatchObject({
        EmailVerificationSubject: 'Your code',
        EmailVerificationMessage: expect.stringMatching(/\{####\}.*set the password/),
        VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE', EmailMessage: expect.stringMatching(/\{####\}/) },
      });
    });

    test('the key of the user names makes MACs and nothing else, and lives as long as the pool', () => {
      const [{ DeletionPolicy, UpdateReplacePolicy, Properties }] = Object.values(resources(template(), 'AWS::KMS::Key'));
      expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      expect(Properties).toMatchObject({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    });

    test('nothing goes by phone: no number, no role for messages', () => {
      expect(pool().SmsConfiguration).toBeUndefined();
      expect(pool().EnabledMfas).toBeUndefined();
    });

    test('it is protected and retained', () => {
      const [{ DeletionPolicy, UpdateReplacePolicy, Properties }] = Object.values(resources(template(), 'AWS::Cognito::UserPool'));
      expect({ DeletionPolicy, UpdateReplacePolicy, protection: Properties.DeletionProtection }).toEqual({
        DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', protection: 'ACTIVE',
      });
    });

    test('its client is of no use for a login but to the functions, tells nobody which accounts exist, rotates and revokes refresh tokens', () => {
      expect(client()).toMatchObject({
        GenerateSecret: false,
        ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
        EnableTokenRevocation: true,
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 30 },
        AllowedOAuthFlowsUserPoolClient: false,
      });
    });

    test('people read their name and address, and write their name', () => {
      expect(client().WriteAttributes).toEqual(['name']);
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
      expect(Object.entries(endpointsOf(auth)).map(([route, endpoint]) => endpoint.route === route)).toEqual(Array(10).fill(true));
    });

    test('each may do what it does, and nothing else; what has a token acts with it', () => {
      const grants = Object.fromEntries(Object.entries(endpointsOf(auth)).map(([route, endpoint]) => [route, grantsOf(endpoint)]));
      expect(grants).toEqual({
        'POST /auth/register': ['cognito-idp:AdminCreateUser cognito-idp:AdminGetUser cognito-idp:AdminSetUserPassword on Auth/UserPool', MAC],
        'POST /auth/confirm': ['cognito-idp:AdminInitiateAuth cognito-idp:AdminUpdateUserAttributes cognito-idp:AdminUserGlobalSignOut on Auth/UserPool', MAC],
        'POST /auth/forgot-password': [MAC],
        'POST /auth/reset-password': ['cognito-idp:AdminInitiateAuth cognito-idp:AdminUserGlobalSignOut on Auth/UserPool', MAC],
        'POST /auth/login': ['cognito-idp:AdminInitiateAuth cognito-idp:AdminRespondToAuthChallenge on Auth/UserPool', MAC],
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
      const { userPool, usernameKey } = auth;
      const login = { ...withoutToken, AUTH_USERNAME_KEY: stack.resolve(usernameKey!.keyArn), AUTH_USER_POOL_ID: stack.resolve(userPool.userPoolId) };
      for (const endpoint of [auth.registerEndpoint, auth.confirmEndpoint, auth.resetPasswordEndpoint]) {
        expect(environment(endpoint)).toEqual({
          ...login, AUTH_PASSWORD_POLICY: '{"minLength":12,"requireDigits":true,"requireLowercase":true,"requireUppercase":true,"requireSymbols":true}',
        });
      }
      for (const endpoint of [auth.forgotPasswordEndpoint, auth.loginEndpoint]) expect(environment(endpoint)).toEqual(login);
      expect(environment(auth.refreshEndpoint)).toEqual({ ...withoutToken, AUTH_REFRESH_ROTATION: 'true' });
      expect(environment(auth.logoutEndpoint)).toEqual(withoutToken);
      for (const endpoint of [auth.meEndpoint, auth.updateMeEndpoint, auth.deleteMeEndpoint]) expect(environment(endpoint)).toEqual({ ...withToken, API_USER_ID_CLAIM: 'username' });
    });

    test('an alarm rings for the metric that they report when no code can be mailed, for the pool that they name', () => {
      const [alarm] = properties(template(), 'AWS::CloudWatch::Alarm').filter(({ MetricName }) => MetricName === 'CodesNotMailed');
      expect(alarm).toMatchObject({
        Namespace: 'TrinityConstructs/Auth',
        Dimensions: [{ Name: 'UserPool', Value: environment(auth.registerEndpoint).AUTH_USER_POOL_ID }],
        Statistic: 'Sum',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
        AlarmDescription: expect.stringMatching(/^\[ticket\].*#auth-codes-not-mailed$/),
      });
      expect(stack.resolve(auth.metricCodesNotMailed().toMetricConfig().metricStat)).toMatchObject({ metricName: 'CodesNotMailed', statistic: 'Sum' });
    });

    test('the codes that they refuse are a metric of the pool that they name', () => {
      expect(stack.resolve(auth.metricCodesRefused({ period: Duration.minutes(1) }).toMetricConfig().metricStat)).toMatchObject({
        namespace: 'TrinityConstructs/Auth',
        metricName: 'CodesRefused',
        statistic: 'Sum',
        dimensions: [{ name: 'UserPool', value: environment(auth.confirmEndpoint).AUTH_USER_POOL_ID }],
        period: Duration.minutes(1),
      });
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
