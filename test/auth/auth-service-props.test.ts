import { Duration, Lazy, Size, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Mfa, UserPool, UserPoolClient, UserPoolEmail } from 'aws-cdk-lib/aws-cognito';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AuthService, type AuthServiceOptions, Endpoint, Monitoring, ServerlessApi, StagePreset } from '../../src';
import { alarmTopic, monitoredStack, someCode, testApp } from '../support/app';
import { findings } from '../support/findings';
import { grantsOf } from '../support/grants';
import { refusal } from '../support/refusal';
import { only, properties, resources } from '../support/template';
import { warnings } from '../support/warnings';
import { api, begin, client, environment, make, pool, stack, template } from './service';

const email = UserPoolEmail.withSES({ fromEmail: 'no-reply@example.com', sesRegion: 'eu-central-1', sesVerifiedDomain: 'example.com' });

const poolOfTheirs = (scope = stack, suffix: number | string = '') => {
  const userPool = UserPool.fromUserPoolId(scope, `Theirs${suffix}`, 'eu-central-1_abc');
  return { userPool, userPoolClient: UserPoolClient.fromUserPoolClientId(scope, `TheirClient${suffix}`, 'client123') };
};

describe('props', () => {
  beforeEach(() => begin());

  test('passwordMinLength: for the pool, and for the function that tells what a password lacks', () => {
    const { registerEndpoint } = make({ passwordMinLength: 16 });
    const { MinimumLength, ...kinds } = pool().Policies.PasswordPolicy;
    expect(MinimumLength).toBe(16);
    expect(kinds).toEqual({ RequireLowercase: true, RequireNumbers: true, RequireSymbols: true, RequireUppercase: true });
    expect(JSON.parse(environment(registerEndpoint).AUTH_PASSWORD_POLICY).minLength).toBe(16);
  });

  test.each([['by default', {}], ['if it is off', { mfa: Mfa.OFF }]])('mfa: a stolen access token cannot set an authenticator app up and lock the owner out, %s', (_, props) => {
    make(props);
    expect(pool()).toMatchObject({ MfaConfiguration: 'OFF' });
    expect(pool().EnabledMfas).toBeUndefined();
    expect(findings(stack)).toEqual([]);
  });

  test('mfa: optional, by the codes of an authenticator app alone', () => {
    make({ mfa: Mfa.OPTIONAL });
    expect(pool()).toMatchObject({ MfaConfiguration: 'OPTIONAL', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] });
    expect(findings(stack)).toEqual([]);
  });

  test('accessTokenValidity: for the id token too', () => {
    make({ accessTokenValidity: Duration.minutes(5) });
    expect(client()).toMatchObject({ AccessTokenValidity: 5, IdTokenValidity: 5 });
  });

  test('refreshTokenValidity', () => {
    make({ refreshTokenValidity: Duration.days(1) });
    expect(client()).toMatchObject({ RefreshTokenValidity: 1440, AccessTokenValidity: 15 });
  });

  test('publicThrottle: of each route that needs no token', () => {
    make({ publicThrottle: { rateLimit: 1, burstLimit: 2 } });
    const settings = only(template(), 'AWS::ApiGatewayV2::Stage').RouteSettings;
    expect(Object.keys(settings)).toEqual([
      'POST /auth/register',
      'POST /auth/confirm',
      'POST /auth/forgot-password',
      'POST /auth/reset-password',
      'POST /auth/login',
      'POST /auth/refresh',
      'POST /auth/logout',
    ]);
    expect(settings['POST /auth/login']).toEqual({ ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 });
  });

  const rates = () => Object.fromEntries(Object.entries(only(template(), 'AWS::ApiGatewayV2::Stage').RouteSettings)
    .map(([route, settings]) => [route.replace('POST /auth/', ''), Object.values(settings as object)]));

  test('publicThrottle left out: login and refresh have their own sizing, logout a fifth of it, registration has what Cognito takes, and a reset half of that', () => {
    make({ email });
    expect(rates()).toEqual({
      'register': [10, 20], 'confirm': [10, 20], 'forgot-password': [5, 10], 'reset-password': [5, 10], 'login': [50, 100], 'refresh': [50, 100], 'logout': [10, 20],
    });
    expect(warnings(stack)).toEqual([]);
  });

  test('expectedPeakLoginsPerSecond: sizes login, refresh and logout, up to what Cognito lets through, and warns of the quota', () => {
    make({ email, expectedPeakLoginsPerSecond: 100 });
    expect(rates()).toMatchObject({ login: [120, 240], refresh: [120, 240], logout: [24, 48], register: [10, 20] });
    expect(warnings(stack)).toEqual([]);
    begin();
    make({ email, expectedPeakLoginsPerSecond: 10_000 });
    expect(rates()).toMatchObject({ login: [144, 288], refresh: [144, 288], logout: [29, 58] });
    expect(warnings(stack)).toEqual([expect.stringMatching(/10000 logins per second.*120.*UserAuthentication/)]);
  });

  test('expectedPeakRegistrationsPerSecond: sizes registration and confirmation, up to what Cognito lets through, and warns of the quota', () => {
    make({ email, expectedPeakRegistrationsPerSecond: 9 });
    expect(rates()).toMatchObject({ 'register': [11, 22], 'confirm': [11, 22], 'reset-password': [5, 10], 'login': [50, 100] });
    expect(warnings(stack)).toEqual([]);
    begin();
    make({ email, expectedPeakRegistrationsPerSecond: 1_000 });
    expect(rates()).toMatchObject({ register: [12, 24], confirm: [12, 24] });
    expect(warnings(stack)).toEqual([expect.stringMatching(/1000 registrations per second.*10.*UserAccountRecovery/)]);
  });

  test('cognitoQuotas: what was raised may be let through, and is not warned of', () => {
    make({
      email,
      expectedPeakLoginsPerSecond: 1_000,
      expectedPeakRegistrationsPerSecond: 100,
      cognitoQuotas: { userAuthentication: 1_000, userToken: 1_000, userAccountRecovery: 300 },
    });
    expect(rates()).toMatchObject({ login: [1_200, 2_400], refresh: [1_200, 2_400], register: [120, 240] });
    expect(warnings(stack)).toEqual([]);
  });

  test('no throttle of a route is above that of its API', () => {
    begin({ throttle: { rateLimit: 40, burstLimit: 60 } });
    make({ email });
    expect(rates()).toMatchObject({ login: [40, 60], refresh: [40, 60], logout: [10, 20] });
  });

  test('email: SES sends the codes, and the pool stays the same; without it, production is warned of 50 e-mails per day', () => {
    make();
    const [id, { Properties: { EmailConfiguration: none, ...rest } }] = Object.entries(resources(template(), 'AWS::Cognito::UserPool'))[0];
    expect(none).toBeUndefined();
    expect(warnings(stack)).toEqual([expect.stringMatching(/50 e-mails per day.*UserPoolEmail.withSES/)]);
    begin();
    make({ email });
    const [idWith, { Properties: { EmailConfiguration: ses, ...others } }] = Object.entries(resources(template(), 'AWS::Cognito::UserPool'))[0];
    expect(ses).toMatchObject({ EmailSendingAccount: 'DEVELOPER', From: 'no-reply@example.com' });
    expect([idWith, others]).toEqual([id, rest]);
    expect(warnings(stack)).toEqual([]);
    begin();
    make({ email: UserPoolEmail.withCognito('no-reply@example.com') });
    expect(warnings(stack)).toEqual([expect.stringMatching(/50 e-mails per day/)]);
    begin();
    make({ stage: StagePreset.staging() });
    expect(warnings(stack)).toEqual([]);
  });

  describe('in another stack than the API, where a route can have no throttle', () => {
    const reserved = (options: AuthServiceOptions = {}) => {
      const app = testApp();
      const [first, second] = [monitoredStack(app, 'Api'), monitoredStack(app, 'Auth')];
      new AuthService(second, 'Auth', { api: new ServerlessApi(first, 'Api'), ...options });
      expect(only(Template.fromStack(first), 'AWS::ApiGatewayV2::Stage').RouteSettings).toBeUndefined();
      const functions = Object.entries(resources(Template.fromStack(second), 'AWS::Lambda::Function'));
      const name = (id: string) => id.replace(/^Auth|[0-9A-F]{8}$/g, '');
      return { second, reserved: Object.fromEntries(functions.map(([id, { Properties }]) => [name(id), Properties.ReservedConcurrentExecutions])) };
    };

    test('the functions that need no token have a number of instances each, and the others none', () => {
      const { second, reserved: instances } = reserved();
      expect(instances).toEqual({
        Register: 5,
        Confirm: 5,
        ForgotPassword: 3,
        ResetPassword: 3,
        Login: 25,
        Refresh: 10,
        Logout: 2,
        Me: undefined,
        UpdateMe: undefined,
        DeleteMe: undefined,
      });
      expect(warnings(second).filter((text) => !text.includes('50 e-mails'))).toEqual([]);
    });

    test('no more are reserved than what Cognito lets through needs, and a warning gives the sum', () => {
      const { second, reserved: instances } = reserved({ expectedPeakLoginsPerSecond: 10_000, expectedPeakRegistrationsPerSecond: 1_000 });
      expect(instances).toMatchObject({ Login: 72, Refresh: 29, Logout: 6, Register: 6, Confirm: 6, ForgotPassword: 3, ResetPassword: 3 });
      expect(warnings(second)).toContainEqual(expect.stringMatching(/^125 instances are reserved/));
    });

    test('more than a default account has are refused, unless a number is given', () => {
      const options = { expectedPeakLoginsPerSecond: 2_000, cognitoQuotas: { userAuthentication: 2_000, userToken: 2_000 } };
      expect(refusal(() => reserved(options))).toMatchObject({
        what: expect.stringMatching(/need \d{4} reserved instances, and a default account has 900/), mend: expect.stringContaining('publicReservedConcurrentExecutions'),
      });
      expect(reserved({ ...options, publicReservedConcurrentExecutions: 300 }).reserved).toMatchObject({ Login: 300 });
    });

    test('that they are used up is a ticket, because anybody can do it; that another function is throttled pages', () => {
      const { second } = reserved();
      const throttles = properties(Template.fromStack(second), 'AWS::CloudWatch::Alarm').filter(({ AlarmDescription }) => AlarmDescription.endsWith('#endpoint-throttles'));
      expect(throttles.map(({ AlarmDescription, Metrics }) => [AlarmDescription.slice(0, 8), Metrics.length - 1]).sort()).toEqual([['[page] T', 3], ['[ticket]', 7]]);
    });

    test('publicReservedConcurrentExecutions: for each of them', () => {
      expect(reserved({ publicReservedConcurrentExecutions: 7 }).reserved).toMatchObject({ Register: 7, Login: 7, Logout: 7, Me: undefined });
    });

    test('on a development stage none is reserved, and one warning says so, by the props of the service', () => {
      const { second, reserved: instances } = reserved({ stage: StagePreset.development() });
      expect(Object.values(instances)).toEqual(Array(10).fill(undefined));
      expect(warnings(second)).toEqual([expect.stringMatching(/^The routes that need no token have no limit of their own.*publicReservedConcurrentExecutions/)]);
    });
  });

  test('usernameKey: another pool keeps everybody\'s id by it', () => {
    const key = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:123456789012:key/abc');
    const auth = make({ usernameKey: key });
    expect(auth.usernameKey).toBe(key);
    template().resourceCountIs('AWS::KMS::Key', 0);
    expect(environment(auth.loginEndpoint).AUTH_USERNAME_KEY).toBe(key.keyArn);
    expect(grantsOf(auth.forgotPasswordEndpoint)).toEqual([`kms:GenerateMac on ${key.keyArn}`]);
  });

  test('maxBodySize of the API: said to the functions where it is not what they take of themselves', () => {
    const limits = [undefined, Size.kibibytes(64), Size.kibibytes(1), Size.bytes(Lazy.number({ produce: () => 2048 }))].map((maxBodySize) => {
      begin({ maxBodySize });
      return environment(make().loginEndpoint).API_MAX_BODY_BYTES;
    });
    expect(limits).toEqual([undefined, undefined, '1024', '2048']);
  });

  test('monitoring: of its alarms', () => {
    const mine = alarmTopic(stack, 'Mine');
    make({ monitoring: Monitoring.to(mine) });
    template().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: [stack.resolve(mine.topicArn)] }, 3);
  });

  test('stage: of its pool and its logs', () => {
    make({ stage: StagePreset.development() });
    expect(pool().DeletionProtection).toBe('INACTIVE');
    expect(Object.values(resources(template(), 'AWS::Cognito::UserPool'))[0].DeletionPolicy).toBe('Delete');
    template().resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 7 }, 10);
  });
});

describe('a pool that exists already', () => {
  beforeEach(() => begin());

  test('userPool, userPoolClient: no other is made, and its policy is not guessed', () => {
    const { registerEndpoint, refreshEndpoint } = make(poolOfTheirs());
    template().resourceCountIs('AWS::Cognito::UserPool', 0);
    template().resourceCountIs('AWS::Cognito::UserPoolClient', 0);
    expect(environment(registerEndpoint)).toMatchObject({ AUTH_USER_POOL_ID: 'eu-central-1_abc', AUTH_CLIENT_ID: 'client123' });
    expect(environment(registerEndpoint).AUTH_PASSWORD_POLICY).toBeUndefined();
    expect(environment(refreshEndpoint).AUTH_REFRESH_ROTATION).toBe('false');
    const actions = ['AdminCreateUser', 'AdminDeleteUserAttributes', 'AdminGetUser', 'AdminSetUserPassword', 'AdminUpdateUserAttributes'].map((action) => `cognito-idp:${action}`);
    expect(grantsOf(registerEndpoint)).toEqual([
      `${actions.join(' ')} on {"Fn::Sub":"arn:\${AWS::Partition}:cognito-idp:\${AWS::Region}:\${AWS::AccountId}:userpool/eu-central-1_abc"}`,
    ]);
  });

  test('its user names are addresses and its users\' ids the subject of their tokens: there is no key', () => {
    const auth = make(poolOfTheirs());
    template().resourceCountIs('AWS::KMS::Key', 0);
    expect([auth.usernameKey, auth.userIdClaim]).toEqual([undefined, 'sub']);
    expect(environment(auth.loginEndpoint)).not.toHaveProperty('AUTH_USERNAME_KEY');
    expect(environment(auth.meEndpoint)).not.toHaveProperty('API_USER_ID_CLAIM');
  });

  test('usernameKey: its user names are a keyed hash, so its users keep their ids as in a pool that is made', () => {
    const usernameKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:123456789012:key/abc');
    const auth = make({ ...poolOfTheirs(), usernameKey });
    template().resourceCountIs('AWS::KMS::Key', 0);
    expect([auth.usernameKey, auth.userIdClaim]).toEqual([usernameKey, 'username']);
    expect(environment(auth.loginEndpoint).AUTH_USERNAME_KEY).toBe(usernameKey.keyArn);
    expect(environment(auth.meEndpoint).API_USER_ID_CLAIM).toBe('username');
    expect(grantsOf(auth.registerEndpoint)).toContain(`kms:GenerateMac on ${usernameKey.keyArn}`);
  });

  test.each([
    ['by e-mail address', { email: true }, true], ['by e-mail address too', { username: true, email: true }, true], ['by user name', { username: true }, false],
  ])('usernameKey: of a pool whose people sign in %s', (_, signInAliases, refused) => {
    const userPool = new UserPool(stack, 'Mine', { signInAliases });
    const build = () => make({
      userPool, userPoolClient: userPool.addClient('Client'), usernameKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:123456789012:key/abc'),
    });
    if (refused) expect(refusal(build)).toMatchObject({ what: expect.stringContaining('whose people sign in by e-mail address'), mend: expect.stringContaining('signInAliases') });
    else expect(build().userIdClaim).toBe('username');
  });

  test('refreshTokenRotation: as its client has it', () => {
    expect(environment(make({ ...poolOfTheirs(), refreshTokenRotation: true }).refreshEndpoint).AUTH_REFRESH_ROTATION).toBe('true');
  });

});

describe('what is refused', () => {
  beforeEach(() => begin());

  test.each<[string, () => AuthServiceOptions, string, RegExp]>([
    ['a pool without its client', () => ({ userPool: poolOfTheirs().userPool }), 'userPool is given without userPoolClient', /give both, or neither/],
    [
      'a client without its pool',
      () => ({ userPoolClient: poolOfTheirs().userPoolClient }),
      'userPoolClient is given without userPool',
      /give both, or neither/,
    ],
    [
      'the shape of a pool that exists',
      () => ({ ...poolOfTheirs(), passwordMinLength: 20 }),
      'passwordMinLength is given together with a user pool that exists',
      /where the pool and its client are defined/,
    ],
    ['e-mails of a pool that exists', () => ({ ...poolOfTheirs(), email }), 'email is given together with a user pool that exists', /where the pool/],
    ['a quota of nothing', () => ({ cognitoQuotas: { userToken: 0 } }), 'cognitoQuotas.userToken is 0', /1 to 1000000/],
    ['a key that makes no MACs', () => ({ usernameKey: new Key(stack, 'Key') }), 'usernameKey is a key of the kind SYMMETRIC_DEFAULT', /HMAC_256/],
    ['no logins at all', () => ({ expectedPeakLoginsPerSecond: 0 }), 'expectedPeakLoginsPerSecond is 0', /1 to 1000000/],
    ['half a registration', () => ({ expectedPeakRegistrationsPerSecond: 0.5 }), 'expectedPeakRegistrationsPerSecond is 0.5', /1 to 1000000/],
    ['functions that never run', () => ({ publicReservedConcurrentExecutions: 0 }), 'publicReservedConcurrentExecutions is 0', /1 to 100000/],
    [
      'a peak that is known only at deployment',
      () => ({ expectedPeakLoginsPerSecond: Token.asNumber(Lazy.any({ produce: () => 3 })) }),
      'expectedPeakLoginsPerSecond is known only at deployment',
      /give a literal/,
    ],
    ['rotation of a client that is made', () => ({ refreshTokenRotation: true }), 'refreshTokenRotation is given without a client', /leave it out/],
    ['a second factor that nobody could set up', () => ({ mfa: Mfa.REQUIRED }), 'mfa is REQUIRED', /userPool/],
    ['short passwords', () => ({ passwordMinLength: 7 }), 'passwordMinLength is 7', /8 to 99/],
    [
      'access for longer than Cognito gives it',
      () => ({ accessTokenValidity: Duration.days(2) }),
      'accessTokenValidity is 2 days',
      /5 minutes to 1 day/,
    ],
    ['access for half a minute', () => ({ accessTokenValidity: Duration.seconds(330) }), 'accessTokenValidity is 5 minutes 30 seconds', /whole number of minutes/],
    ['a session of minutes', () => ({ refreshTokenValidity: Duration.minutes(30) }), 'refreshTokenValidity is 30 minutes', /1 hour/],
    [
      'access that outlives the session',
      () => ({ accessTokenValidity: Duration.hours(2), refreshTokenValidity: Duration.hours(1) }),
      'is not below refreshTokenValidity (1 hour)',
      /live longer/,
    ],
    [
      'a throttle that lets nothing through',
      () => ({ publicThrottle: { rateLimit: 0, burstLimit: 1 } }),
      'publicThrottle.rateLimit is 0',
      /whole number/,
    ],
  ])('%s', (_, options, what, mend) => {
    const refused = refusal(() => make(options()));
    expect(refused.what).toContain(what);
    expect(refused.at).toBe('Test/Auth');
    expect(refused.mend).toMatch(mend);
    template().resourceCountIs('AWS::Cognito::UserPool', 0);
  });

  test('a throttle of routes in another stack than the API', () => {
    const other = monitoredStack(stack.node.root as ReturnType<typeof testApp>, 'Other');
    const build = () => new AuthService(other, 'Auth', { api, publicThrottle: { rateLimit: 1, burstLimit: 1 } });
    expect(refusal(build)).toMatchObject({
      what: 'publicThrottle is given outside the stack of the API', at: 'Other/Auth', mend: expect.stringContaining('leave it out'),
    });
  });

  test('on an API of another app, whose stage is not here, its routes have that API\'s throttle', () => {
    const imported = ServerlessApi.fromAttributes(stack, 'Theirs', { apiId: 'abc' });
    new AuthService(stack, 'Auth', { api: imported });
    template().resourcePropertiesCountIs('AWS::ApiGatewayV2::Route', { ApiId: 'abc' }, 10);
    expect(only(template(), 'AWS::ApiGatewayV2::Stage').RouteSettings).toBeUndefined();
  });

  test('what is known only at deployment passes', () => {
    const number = Token.asNumber(Lazy.any({ produce: () => 3 }));
    make({ publicThrottle: { rateLimit: number, burstLimit: number } });
    expect(only(template(), 'AWS::ApiGatewayV2::Stage').RouteSettings['POST /auth/login']).toEqual({
      ThrottlingRateLimit: 3, ThrottlingBurstLimit: 3,
    });
  });
});

describe('fromAttributes', () => {
  beforeEach(() => begin());

  test('userIdClaim: that of the other service', () => {
    const claims = [undefined, 'sub'].map((userIdClaim, index) => AuthService.fromAttributes(stack, `Auth${index}`, { api, ...poolOfTheirs(stack, index), userIdClaim }).userIdClaim);
    expect(claims).toEqual(['username', 'sub']);
  });

  test('opens endpoints of this app to the users of another, and makes none', () => {
    const auth = AuthService.fromAttributes(stack, 'Auth', { api, ...poolOfTheirs() });
    new Endpoint(stack, 'Mine', { api, route: 'GET /a', code: someCode(), auth });
    template().resourceCountIs('AWS::ApiGatewayV2::Route', 1);
    expect(only(template(), 'AWS::ApiGatewayV2::Route')).toMatchObject({ AuthorizationType: 'JWT', AuthorizerId: stack.resolve(auth.authorizerId) });
    expect(only(template(), 'AWS::ApiGatewayV2::Authorizer').JwtConfiguration).toEqual({
      Audience: ['client123'], Issuer: { 'Fn::Sub': ['https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Pool}', { Pool: 'eu-central-1_abc' }] },
    });
    expect(findings(stack)).toEqual([]);
  });

  test.each([
    ['eu-central-1', 'https://cognito-idp.eu-central-1.amazonaws.com/'],
    ['us-gov-west-1', 'https://cognito-idp.us-gov-west-1.amazonaws.com/'],
    ['cn-north-1', 'https://cognito-idp.cn-north-1.amazonaws.com.cn/'],
  ])('the issuer in %s has the domain of its partition', (region, start) => {
    const ofRegion = monitoredStack(testApp(), 'Test', { env: { account: '111122223333', region } });
    const auth = { api: new ServerlessApi(ofRegion, 'Api'), ...poolOfTheirs(ofRegion) };
    AuthService.fromAttributes(ofRegion, 'Auth', auth);
    expect(only(Template.fromStack(ofRegion), 'AWS::ApiGatewayV2::Authorizer').JwtConfiguration.Issuer).toBe(`${start}eu-central-1_abc`);
  });
});
