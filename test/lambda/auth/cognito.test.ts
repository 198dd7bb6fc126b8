import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { cognitoConfirmation, cognitoRegistration } from '../../../lambda/auth/adapters/accounts';
import { asking } from '../../../lambda/auth/adapters/cognito';
import { cognitoProfiles } from '../../../lambda/auth/adapters/profiles';
import { cognitoLogin, cognitoLogout, cognitoRefresh } from '../../../lambda/auth/adapters/sessions';
import { Refusal } from '../../../lambda/auth/refusal';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { type Call, ServiceError, type StubService, stubService } from '../shared/stub-service';

describe('what Cognito refuses', () => {
  const failing = (name: string, message = 'no') => asking(() => Promise.reject(Object.assign(new Error(message), { name }))).catch((error) => error);

  test.each([
    ['UserNotFoundException', 'unknown-account'], ['NotAuthorizedException', 'not-authorized'], ['UnauthorizedException', 'not-authorized'],
    ['RefreshTokenReuseException', 'not-authorized'], ['UserNotConfirmedException', 'not-confirmed'], ['PasswordResetRequiredException', 'reset-required'],
    ['CodeMismatchException', 'wrong-code'], ['ExpiredCodeException', 'wrong-code'], ['InvalidPasswordException', 'weak-password'],
    ['AliasExistsException', 'address-taken'], ['UnsupportedTokenTypeException', 'not-a-refresh-token'], ['UserLambdaValidationException', 'forbidden'],
    ['ForbiddenException', 'forbidden'], ['TooManyRequestsException', 'too-many-requests'], ['LimitExceededException', 'too-many-requests'],
    ['TooManyFailedAttemptsException', 'too-many-requests'],
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
    ['User is already confirmed.', 'not-authorized'],
  ])('a parameter is told by the message: %s', async (message, reason) => {
    expect(await failing('InvalidParameterException', message)).toMatchObject({ reason });
  });

  test.each([['InvalidParameterException', 'USER_PASSWORD_AUTH flow not enabled for this client'], ['ResourceNotFoundException', 'Client x not found.']])(
    'a wrong configuration is no refusal: %s %s', async (name, message) => {
      expect(await failing(name, message)).toMatchObject({ name, message });
    },
  );

  test.each(['CodeDeliveryFailureException', 'InternalErrorException', 'TimeoutError'])('%s is a matter of trying again', async (name) => {
    expect(await failing(name)).toBeInstanceOf(DependencyUnavailable);
  });
});

describe('what Cognito is asked', () => {
  const RESULT = { AccessToken: 'a', IdToken: 'i', RefreshToken: 'r', ExpiresIn: 3600, TokenType: 'Bearer' };
  let service: StubService;
  let answer: (call: Call) => object;
  let options: { client: CognitoIdentityProviderClient; clientId: string };

  beforeEach(async () => {
    service = await stubService((call) => answer(call));
    options = { client: new CognitoIdentityProviderClient(service.client), clientId: 'client-1' };
  });
  afterEach(() => service.close());

  const registration = () => cognitoRegistration({ ...options, userPoolId: 'pool-1' });

  test('to sign up, with the name only where there is one', async () => {
    answer = () => ({ UserSub: 'sub-1', UserConfirmed: false });
    await expect(registration().create({ email: 'a@b.c', password: 'p' })).resolves.toEqual({ userId: 'sub-1', confirmed: false });
    await registration().create({ email: 'a@b.c', password: 'p', displayName: 'Ada' });
    expect(service.calls[0]).toEqual({
      operation: 'SignUp',
      input: { ClientId: 'client-1', Username: 'a@b.c', Password: 'p', UserAttributes: [{ Name: 'email', Value: 'a@b.c' }] },
    });
    expect(service.calls[1].input.UserAttributes).toContainEqual({ Name: 'name', Value: 'Ada' });
  });

  test('to sign up an address that has an account', async () => {
    answer = () => { throw new ServiceError('UsernameExistsException'); };
    await expect(registration().create({ email: 'a@b.c', password: 'p' })).resolves.toBeUndefined();
  });

  test.each([['UNCONFIRMED', false], ['CONFIRMED', true], ['FORCE_CHANGE_PASSWORD', true]])('for an account that is %s', async (UserStatus, confirmed) => {
    answer = () => ({ UserStatus, UserAttributes: [{ Name: 'email', Value: 'a@b.c' }, { Name: 'sub', Value: 'sub-1' }] });
    await expect(registration().find('a@b.c')).resolves.toEqual({ userId: 'sub-1', confirmed });
    expect(service.calls).toEqual([{ operation: 'AdminGetUser', input: { UserPoolId: 'pool-1', Username: 'a@b.c' } }]);
  });

  test('for an account that is not there', async () => {
    answer = () => { throw new ServiceError('UserNotFoundException'); };
    await expect(registration().find('a@b.c')).resolves.toBeUndefined();
  });

  test('to confirm and to send the code again', async () => {
    answer = () => ({});
    await cognitoConfirmation(options).confirm('a@b.c', '123456');
    await registration().sendCodeAgain('a@b.c');
    expect(service.calls).toEqual([
      { operation: 'ConfirmSignUp', input: { ClientId: 'client-1', Username: 'a@b.c', ConfirmationCode: '123456' } },
      { operation: 'ResendConfirmationCode', input: { ClientId: 'client-1', Username: 'a@b.c' } },
    ]);
  });

  test('to log in', async () => {
    answer = () => ({ AuthenticationResult: RESULT });
    await expect(cognitoLogin(options).open('a@b.c', 'p')).resolves.toEqual({
      step: 'done', tokens: { accessToken: 'a', idToken: 'i', refreshToken: 'r', expiresIn: 3600, tokenType: 'Bearer' },
    });
    expect(service.calls[0].input).toEqual({ ClientId: 'client-1', AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'a@b.c', PASSWORD: 'p' } });
  });

  test('to log in with a one-time code', async () => {
    answer = ({ operation }) => operation === 'InitiateAuth'
      ? { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 's', ChallengeParameters: { USER_ID_FOR_SRP: 'sub-1' } }
      : { AuthenticationResult: RESULT };
    const sessions = cognitoLogin(options);
    const asked = await sessions.open('a@b.c', 'p');
    expect(asked).toEqual({ step: 'mfa', username: 'sub-1', session: 's' });
    await expect(sessions.answerMfa({ step: 'mfa', username: 'sub-1', session: 's' }, '111111')).resolves.toMatchObject({ step: 'done' });
    expect(service.calls[1]).toEqual({
      operation: 'RespondToAuthChallenge',
      input: {
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
    await expect(profiles.read('t')).resolves.toEqual({ userId: 'sub-1', email: 'a@b.c' });
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
