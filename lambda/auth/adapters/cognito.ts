import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { type Patience, requestHandler } from '../../shared/adapters/patience';
import { calling } from '../../shared/dependency';
import { DependencyUnavailable } from '../../shared/problem';
import { type Reason, Refusal } from '../refusal';

/** Within the 10 seconds of a function both attempts end. Cognito hashes passwords: it takes longer than a table. */
const PATIENCE: Patience = { attempts: 2, connectMs: 1_000, requestMs: 4_000 };

/** Made once an instance, so that connections are used again. It gives up before the caller's patience ends. */
export function cognito(): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({ maxAttempts: PATIENCE.attempts, requestHandler: requestHandler(PATIENCE) });
}

/** What Cognito's errors mean, whichever operation they come from. */
const REASONS: Readonly<Record<string, Reason>> = {
  UserNotFoundException: 'unknown-account',
  NotAuthorizedException: 'not-authorized',
  UnauthorizedException: 'not-authorized',
  RefreshTokenReuseException: 'not-authorized',
  UserNotConfirmedException: 'not-confirmed',
  PasswordResetRequiredException: 'reset-required',
  CodeMismatchException: 'wrong-code',
  ExpiredCodeException: 'wrong-code',
  InvalidPasswordException: 'weak-password',
  PasswordHistoryPolicyViolationException: 'weak-password',
  AliasExistsException: 'address-taken',
  UnsupportedTokenTypeException: 'not-a-refresh-token',
  UserLambdaValidationException: 'forbidden',
  ForbiddenException: 'forbidden',
};

/** Seconds after which it makes sense to try again: a quota of the pool a second, or a limit of one account. */
const RETRY_AFTER: Readonly<Record<string, number>> = {
  TooManyRequestsException: 5,
  LimitExceededException: 900,
  TooManyFailedAttemptsException: 900,
};

/** Cognito has one error for every parameter that it does not take: only its message says which. */
const PARAMETERS: ReadonlyArray<readonly [RegExp, Reason]> = [
  [/'password'/i, 'weak-password'],
  [/already confirmed/i, 'not-authorized'],
  [/username|email/i, 'invalid-email'],
  [/refresh ?token|'token'|access ?token/i, 'not-authorized'],
];

/** Runs one call of the user pool. What it refuses becomes a `Refusal`, what it cannot do now `DependencyUnavailable`. */
export function asking<T>(call: () => Promise<T>): Promise<T> {
  return calling('The user pool', async () => {
    try {
      return await call();
    } catch (error) {
      throw translate(error as Error);
    }
  });
}

function translate(error: Error): Error {
  const { name, message } = error;
  // The account was made, only the e-mail is missing: the same registration, sent again, sends it again.
  if (name === 'CodeDeliveryFailureException') return new DependencyUnavailable('E-mail delivery', { cause: error });
  const retryAfter = RETRY_AFTER[name];
  if (retryAfter !== undefined) return new Refusal('too-many-requests', { message, retryAfter });
  const reason = name === 'InvalidParameterException' ? PARAMETERS.find(([pattern]) => pattern.test(message))?.[1] : REASONS[name];
  return reason === undefined ? error : new Refusal(reason, { message });
}
