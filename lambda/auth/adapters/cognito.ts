import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { type Patience, requestHandler } from '../../shared/adapters/patience';
import { calling } from '../../shared/dependency';
import { type Reason, Refusal } from '../refusal';

/** Cognito hashes passwords: it takes longer than a table. An attempt gets half of what the deadline leaves (ADR 0014). */
const PATIENCE: Patience = { attempts: 2, connectMs: 1_000, requestMs: 4_000 };

/** Made once an instance, so that connections are used again. It gives up before the caller's patience ends. */
export function cognito({ attempts }: { readonly attempts: number } = PATIENCE): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({ maxAttempts: attempts, requestHandler: requestHandler(PATIENCE) });
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
  UnsupportedTokenTypeException: 'not-a-refresh-token',
  UserLambdaValidationException: 'forbidden',
  UnexpectedLambdaException: 'trigger-failed',
  InvalidLambdaResponseException: 'trigger-failed',
  ForbiddenException: 'forbidden',
};

/**
 * Codes that Cognito could not send: SES (or SNS, for a pool that is given) fails, or Cognito may not use it. A repeat of the request sends another one.
 *
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html#API_ForgotPassword_Errors
 */
const NOT_DELIVERED: ReadonlySet<string> = new Set([
  'CodeDeliveryFailureException', 'InvalidEmailRoleAccessPolicyException', 'InvalidSmsRoleAccessPolicyException', 'InvalidSmsRoleTrustRelationshipException',
]);
const DELIVERY_RETRY_SECONDS = 60;

/**
 * "Exceeded daily email limit for the operation or the account": the 50 e-mails per day of an AWS account whose pool has no SES
 * configuration. It has the name of a limit of one user, and is told from it by its message only.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html (resource quotas); the message as it is seen:
 * https://github.com/rahulpsd18/cognito-backup-restore/issues/46
 */
const DAILY_MAIL_LIMIT = /daily (e-?mail )?limit/i;
const MAIL_QUOTA_RETRY_SECONDS = 3_600;

/**
 * Limits. `TooManyRequestsException` is mostly the AWS account's quota per second, but Cognito also counts the requests of one user
 * (ten per second, log-ins included). `LimitExceededException` and `TooManyFailedAttemptsException` are of one user, apart from the above.
 */
const LIMITS: Readonly<Record<string, { readonly reason: Reason; readonly retryAfter: number }>> = {
  TooManyRequestsException: { reason: 'too-many-requests', retryAfter: 5 },
  LimitExceededException: { reason: 'too-many-attempts', retryAfter: 900 },
  TooManyFailedAttemptsException: { reason: 'too-many-attempts', retryAfter: 900 },
};

/** Cognito has one error for every parameter that it does not take: only its message says which. */
const PARAMETERS: ReadonlyArray<readonly [RegExp, Reason]> = [
  [/'password'/i, 'weak-password'],
  // "Cannot reset password for the user as there is no registered/verified email or phone_number"
  [/cannot reset password/i, 'not-authorized'],
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
  if (NOT_DELIVERED.has(name)) return new Refusal('mail-undelivered', { message, retryAfter: DELIVERY_RETRY_SECONDS });
  if (name === 'LimitExceededException' && DAILY_MAIL_LIMIT.test(message)) return new Refusal('mail-quota', { message, retryAfter: MAIL_QUOTA_RETRY_SECONDS });
  const limit = LIMITS[name];
  if (limit !== undefined) return new Refusal(limit.reason, { message, retryAfter: limit.retryAfter });
  const reason = name === 'InvalidParameterException' ? PARAMETERS.find(([pattern]) => pattern.test(message))?.[1] : REASONS[name];
  return reason === undefined ? error : new Refusal(reason, { message });
}
