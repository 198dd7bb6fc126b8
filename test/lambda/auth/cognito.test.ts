import { createHmac } from 'node:crypto';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { KMSClient } from '@aws-sdk/client-kms';
import { cognitoCodes, cognitoPasswords, cognitoRegistration } from '../../../lambda/auth/adapters/accounts';
import { asking } from '../../../lambda/auth/adapters/cognito';
import { cognitoProfiles } from '../../../lambda/auth/adapters/profiles';
import { cognitoLogin, cognitoLogout, cognitoRefresh } from '../../../lambda/auth/adapters/sessions';
import { addressUsernames, keyedUsernames } from '../../../lambda/auth/adapters/usernames';
import { Refusal } from '../../../lambda/auth/refusal';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { type Call, ServiceError, type StubService, stubService } from '../shared/stub-service';

describe('what Cognito refuses', () => {
  const failing = (name: string, message = 'no') => asking(() => Promise.reject(Object.assign(new Error(message), { name }))).catch((error) => error);

  test.each([
    ['UserNotFoundException', 'unknown-account'], ['NotAuthorizedException', 'not-authorized'], ['UnauthorizedException', 'not-authorized'],
    ['RefreshTokenReuseException', 'not-authorized'], ['UserNotConfirmedException', 'not-confirmed'], ['PasswordResetRequiredException', 'reset-required'],
    ['CodeMismatchException', 'wrong-code'], ['ExpiredCodeException', 'wrong-code'], ['InvalidPasswordException', 'weak-password'],
    ['UnsupportedTokenTypeException', 'not-a-refresh-token'], ['UserLambdaValidationException', 'forbidden'],
    ['ForbiddenException', 'forbidden'], ['TooManyRequestsException', 'too-many-requests'], ['LimitExceededException', 'too-many-attempts'],
    ['TooManyFailedAttemptsException', 'too-many-attempts'], ['UnexpectedLambdaException', 'trigger-failed'], ['InvalidLambdaResponseException', 'trigger-failed'],
  ])('%s means %s', async (name, reason) => {
    const error = await failing(name);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ reason });
  });

  test.each([
    ["1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern", 'weak-password'],
    ["1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128", 'invalid-email'],
    ['Username should be an email.', 'invalid-email'],
    ['Invalid email address format.', 'invalid-email'],
    ['Cannot reset password for the user as there is no registered/verified email or phone_number', 'not-authorized'],
  ])('a parameter is told by the message: %s', async (message, reason) => {
    expect(await failing('InvalidParameterException', message)).toMatchObject({ reason });
  });

  test.each([['InvalidParameterException', 'USER_PASSWORD_AUTH flow not enabled for this client'], ['ResourceNotFoundException', 'Client x not found.']])(
    'a wrong configuration is no refusal: %s %s', async (name, message) => {
      expect(await failing(name, message)).toMatchObject({ name, message });
    },
  );

  test.each([
    'Exceeded daily email limit for the operation or the account. If a higher limit is required, please configure your user pool to use your own Amazon SES configuration for sending email.',
    'Exceeded daily limit for the operation or the account.',
  ])('the daily limit of e-mails is no limit of one user: %s', async (message) => {
    expect(await failing('LimitExceededException', message)).toMatchObject({ reason: 'mail-quota', details: { retryAfter: 3_600 } });
    expect(await failing('LimitExceededException', 'Attempt limit exceeded, please try after some time.')).toMatchObject({ reason: 'too-many-attempts' });
  });

  test.each([
    'CodeDeliveryFailureException', 'InvalidEmailRoleAccessPolicyException', 'InvalidSmsRoleAccessPolicyException', 'InvalidSmsRoleTrustRelationshipException',
  ])('%s means that e-mails are not delivered', async (name) => {
    expect(await failing(name)).toMatchObject({ reason: 'mail-undelivered', details: { retryAfter: 60 } });
  });

  test.each(['InternalErrorException', 'TimeoutError'])('%s is a matter of trying again', async (name) => {
    expect(await failing(name)).toBeInstanceOf(DependencyUnavailable);
  });
});

describe('what Cognito is asked', () => {
  const RESULT = { AccessToken: 'a', IdToken: 'i', RefreshToken: 'r', ExpiresIn: 3600, TokenType: 'Bearer' };
  let service: StubService;
  let answer: (call: Call) => object;
  let options: { client: CognitoIdentityProviderClient; once: CognitoIdentityProviderClient; clientId: string; userPoolId: string };

  beforeEach(async () => {
    service = await stubService((call) => answer(call));
    options = {
      client: new CognitoIdentityProviderClient({ ...service.client, maxAttempts: 2, retryMode: 'standard' }),
      once: new CognitoIdentityProviderClient(service.client),
      clientId: 'client-1',
      userPoolId: 'pool-1',
    };
  });
  afterEach(() => service.close());

  const USER = { UserPoolId: 'pool-1', Username: 'u' };
  const APP = { ClientId: 'client-1', Username: 'u' };

  test('to make an account: without a mail of its own, and with an address that codes can be sent to', async () => {
    answer = () => ({});
    await expect(cognitoRegistration(options).create('u', 'a@b.c')).resolves.toBe('created');
    expect(service.calls).toEqual([{
      operation: 'AdminCreateUser',
      input: { ...USER, MessageAction: 'SUPPRESS', UserAttributes: [{ Name: 'email', Value: 'a@b.c' }, { Name: 'email_verified', Value: 'true' }] },
    }]);
  });

  test('to make an account that is there', async () => {
    answer = () => { throw new ServiceError('UsernameExistsException'); };
    await expect(cognitoRegistration(options).create('u', 'a@b.c')).resolves.toBe('existing');
  });

  test('to make an account again, because the first answer was no answer: it may be this one that made it', async () => {
    answer = () => { throw service.calls.length === 1 ? new ServiceError('InternalErrorException', {}, 500) : new ServiceError('UsernameExistsException'); };
    await expect(cognitoRegistration(options).create('u', 'a@b.c')).resolves.toBe('unclear');
  });

  test.each([
    ['UNCONFIRMED', 'unproved'], ['FORCE_CHANGE_PASSWORD', 'unfinished'], ['CONFIRMED', 'ready'], ['RESET_REQUIRED', 'ready'], ['EXTERNAL_PROVIDER', 'ready'],
  ])('for an account that is %s: %s', async (UserStatus, state) => {
    answer = () => ({ UserStatus, UserCreateDate: 1_767_225_600 });
    await expect(cognitoRegistration(options).status('u')).resolves.toEqual({ state, createdAt: 1_767_225_600_000 });
    expect(service.calls).toEqual([{ operation: 'AdminGetUser', input: USER }]);
  });

  test('to seal an account: by a long random password of all kinds, another one each time', async () => {
    answer = () => ({});
    await cognitoRegistration(options).seal('u');
    await cognitoRegistration(options).seal('u');
    const passwords = service.calls.map(({ input }) => input.Password as string);
    expect(service.calls[0]).toEqual({ operation: 'AdminSetUserPassword', input: { ...USER, Password: passwords[0], Permanent: true } });
    expect(new Set(passwords).size).toBe(2);
    for (const password of passwords) expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*!).{100}$/);
  });

  test('to seal an account once only, whatever comes of it: a late repeat would hit the password of its owner', async () => {
    answer = () => { throw new ServiceError('InternalErrorException', {}, 500); };
    await expect(cognitoRegistration(options).seal('u')).rejects.toThrow(DependencyUnavailable);
    expect(service.calls).toHaveLength(1);
  });

  test('to take an account from whoever made it', async () => {
    answer = () => ({});
    await cognitoRegistration(options).disown('u');
    expect(service.calls).toEqual([
      { operation: 'AdminDeleteUserAttributes', input: { ...USER, UserAttributeNames: ['name'] } },
      { operation: 'AdminUpdateUserAttributes', input: { ...USER, UserAttributes: [{ Name: 'email_verified', Value: 'true' }] } },
    ]);
  });

  test('to mail a code, to take it with the password, to end the sessions, to set the name', async () => {
    answer = () => ({});
    const passwords = cognitoPasswords(options);
    await cognitoCodes(options).sendCode('u');
    await passwords.setPassword('u', '123456', 'p');
    await passwords.endSessions('u');
    await passwords.setDisplayName('u', 'Ada');
    expect(service.calls).toEqual([
      { operation: 'ForgotPassword', input: APP },
      { operation: 'ConfirmForgotPassword', input: { ...APP, ConfirmationCode: '123456', Password: 'p' } },
      { operation: 'AdminUserGlobalSignOut', input: USER },
      { operation: 'AdminUpdateUserAttributes', input: { ...USER, UserAttributes: [{ Name: 'name', Value: 'Ada' }] } },
    ]);
  });

  test('for a user name: a keyed hash of the address in the form of a UUID, always the same for the same address', async () => {
    const mac = (message: string) => createHmac('sha256', 'key').update(Buffer.from(message, 'base64')).digest();
    answer = ({ input }) => ({ Mac: mac(input.Message as string).toString('base64') });
    const names = keyedUsernames(new KMSClient(service.client), 'key-1');
    const name = await names.of('ada@example.com');
    expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await names.of('ada@example.com')).toBe(name);
    expect(await names.of('bob@example.com')).not.toBe(name);
    expect(service.calls[0]).toEqual({
      operation: 'GenerateMac',
      input: { KeyId: 'key-1', MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from('trinity-constructs/username/1:ada@example.com').toString('base64') },
    });
    await expect(addressUsernames.of('ada@example.com')).resolves.toBe('ada@example.com');
  });

  test('for a user name while the key is throttled', async () => {
    answer = () => { throw new ServiceError('ThrottlingException'); };
    await expect(keyedUsernames(new KMSClient(service.client), 'key-1').of('a@b.c')).rejects.toThrow(DependencyUnavailable);
  });

  test('to log in', async () => {
    answer = () => ({ AuthenticationResult: RESULT });
    await expect(cognitoLogin(options).open('a@b.c', 'p')).resolves.toEqual({
      step: 'done', tokens: { accessToken: 'a', idToken: 'i', refreshToken: 'r', expiresIn: 3600, tokenType: 'Bearer' },
    });
    expect(service.calls[0].input).toEqual({ UserPoolId: 'pool-1', ClientId: 'client-1', AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'a@b.c', PASSWORD: 'p' } });
  });

  test('to log in with a one-time code', async () => {
    answer = ({ operation }) => operation === 'AdminInitiateAuth'
      ? { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 's', ChallengeParameters: { USER_ID_FOR_SRP: 'sub-1' } }
      : { AuthenticationResult: RESULT };
    const sessions = cognitoLogin(options);
    const asked = await sessions.open('a@b.c', 'p');
    expect(asked).toEqual({ step: 'mfa', username: 'sub-1', session: 's' });
    await expect(sessions.answerMfa({ step: 'mfa', username: 'sub-1', session: 's' }, '111111')).resolves.toMatchObject({ step: 'done' });
    expect(service.calls[1]).toEqual({
      operation: 'AdminRespondToAuthChallenge',
      input: {
        UserPoolId: 'pool-1',
        ClientId: 'client-1',
        ChallengeName: 'SOFTWARE_TOKEN_MFA',
        Session: 's',
        ChallengeResponses: { USERNAME: 'sub-1', SOFTWARE_TOKEN_MFA_CODE: '111111' },
      },
    });
  });

  test('to log in with a challenge that is none of ours', async () => {
    answer = () => ({ ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: 's' });
    await expect(cognitoLogin(options).open('a@b.c', 'p')).resolves.toEqual({ step: 'other', challenge: 'NEW_PASSWORD_REQUIRED' });
  });

  test('to refresh by the older flow, which gives no new refresh token', async () => {
    answer = () => ({ AuthenticationResult: { ...RESULT, RefreshToken: undefined } });
    const tokens = await cognitoRefresh({ ...options, rotation: false }).refresh('r');
    expect(tokens).not.toHaveProperty('refreshToken');
    expect(service.calls).toEqual([{
      operation: 'InitiateAuth', input: { ClientId: 'client-1', AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: 'r' } },
    }]);
  });

  test('to refresh by the flow that rotates', async () => {
    answer = () => ({ AuthenticationResult: { ...RESULT, RefreshToken: 'r2' } });
    await expect(cognitoRefresh({ ...options, rotation: true }).refresh('r')).resolves.toMatchObject({ refreshToken: 'r2' });
    expect(service.calls).toEqual([{ operation: 'GetTokensFromRefreshToken', input: { ClientId: 'client-1', RefreshToken: 'r' } }]);
  });

  test('to revoke', async () => {
    answer = () => ({});
    await cognitoLogout(options).revoke('r');
    expect(service.calls).toEqual([{ operation: 'RevokeToken', input: { ClientId: 'client-1', Token: 'r' } }]);
  });

  test('in the caller\'s own name', async () => {
    answer = ({ operation }) => operation === 'GetUser'
      ? { Username: 'sub-1', UserAttributes: [{ Name: 'sub', Value: 'sub-1' }, { Name: 'email', Value: 'a@b.c' }, { Name: 'email_verified', Value: 'true' }] }
      : {};
    const profiles = cognitoProfiles(options.client);
    await expect(profiles.read('t')).resolves.toEqual({ email: 'a@b.c' });
    await profiles.rename('t', 'Ada');
    await profiles.remove('t');
    expect(service.calls.map(({ operation, input }) => [operation, input.AccessToken])).toEqual([
      ['GetUser', 't'], ['UpdateUserAttributes', 't'], ['DeleteUser', 't'],
    ]);
  });

  test('a throttle of the pool is 429, a failure of it 503', async () => {
    answer = () => { throw new ServiceError('TooManyRequestsException'); };
    await expect(cognitoLogout(options).revoke('r')).rejects.toMatchObject({ reason: 'too-many-requests', details: { retryAfter: 5 } });
    answer = () => { throw new ServiceError('InternalErrorException', {}, 500); };
    await expect(cognitoLogout(options).revoke('r')).rejects.toThrow(DependencyUnavailable);
  });
});
