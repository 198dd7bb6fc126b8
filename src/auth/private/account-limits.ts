import { Annotations, CfnResource } from 'aws-cdk-lib';
import type { CfnUserPool, IUserPool, UserPool } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { Endpoint, EndpointOptions } from '../../api/endpoint';
import { atMost, throttleOfApi } from '../../private/api-throttle';
import { isWithStageOf } from '../../private/checks';
import { ConstructError } from '../../private/errors';
import type { StagePreset } from '../../stage';
import type { AuthServiceProps } from '../auth-service';
import { AUTH_ENDPOINTS } from './endpoints';
import { cognitoRates, instancesOf, type PublicRoute, publicRates } from './limits';

/** A new account has 1,000 concurrent executions, and 100 of them cannot be reserved: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const RESERVABLE = 900;
/** A tenth of what a new account has: from here on the other functions of the account may miss it. */
const NOTICEABLE = 100;

/** What limits requests without a token: a throttle of the route, or in another stack than the API a number of instances. */
export function publicLimits(scope: Construct, props: AuthServiceProps, stage: StagePreset): (route: PublicRoute) => EndpointOptions {
  const { api, publicThrottle, publicReservedConcurrentExecutions: reserved } = props;
  const rates = publicRates(props);
  if (isWithStageOf(scope, api)) {
    const { rateLimit, burstLimit } = throttleOfApi(api);
    // Twice as many at once. Neither is above the API's own.
    const throttleOf = (rate: number) => ({ rateLimit: atMost(scope, rate, rateLimit), burstLimit: atMost(scope, rate * 2, burstLimit) });
    return (route) => ({ throttle: publicThrottle ?? throttleOf(rates[route]), reservedConcurrency: reserved });
  }
  if (reserved !== undefined) return () => ({ reservedConcurrency: reserved });
  if (stage.stageName === 'development') {
    Annotations.of(scope).addWarningV2('trinity-constructs:unlimitedPublicRoutes',
      'The routes that need no token have no limit of their own, so that anybody can use up the API\'s throttle by them: give publicReservedConcurrentExecutions '
      + '(a new account may have no instances to reserve), define the service in the stack of the API, whose routes have throttles, or acknowledge this');
    return () => ({});
  }
  const routes = (Object.keys(AUTH_ENDPOINTS) as PublicRoute[]).filter((route) => rates[route] !== undefined);
  const sum = routes.reduce((total, route) => total + instancesOf(route, rates[route]), 0);
  if (sum > RESERVABLE) {
    throw new ConstructError(scope, `The expected peaks need ${sum} reserved instances, and a default account has ${RESERVABLE} to reserve`,
      'define the service in the stack of the API, whose routes have throttles instead, or give publicReservedConcurrentExecutions');
  }
  const message = `${sum} instances are reserved for the functions that need no token, because their routes can have no throttle in another stack than the API. `
    + 'A deployment fails if less than 100 instances of the account stay unreserved, and a new account may have 10 in all: check the quota, or give publicReservedConcurrentExecutions';
  if (sum > NOTICEABLE) Annotations.of(scope).addWarningV2('trinity-constructs:reservedConcurrency', message);
  else Annotations.of(scope).addInfoV2('trinity-constructs:reservedConcurrency', message);
  return (route) => ({ reservedConcurrency: instancesOf(route, rates[route]) });
}

/** The service has warned once for all of its routes, in terms of its own props. */
export function withoutOwnWarning(endpoint: Endpoint): void {
  Annotations.of(endpoint).acknowledgeWarning('trinity-constructs:unlimitedPublicRoute', 'The service warns of all its public routes at once.');
}

/** Cognito's quotas are the account's: what is expected above them is refused with 429, whatever the routes let through. */
export function warnOfQuotas(scope: Construct, props: AuthServiceProps): void {
  const { expectedPeakLoginsPerSecond: logins = 0, expectedPeakRegistrationsPerSecond: registrations = 0 } = props;
  const cognito = cognitoRates(props.cognitoQuotas);
  const raise = 'in time (Service Quotas), and give the raised quotas as cognitoQuotas';
  if (logins > Math.min(cognito.logins, cognito.refreshes)) {
    Annotations.of(scope).addWarningV2('trinity-constructs:cognitoLoginQuota',
      `${logins} logins per second are expected, and Cognito lets ${Math.min(cognito.logins, cognito.refreshes)} through by the quotas of the account `
      + `(UserAuthentication, UserToken), so no more reach it: let people log in earlier, or ask for more ${raise}`);
  }
  if (registrations > cognito.registrations) {
    Annotations.of(scope).addWarningV2('trinity-constructs:cognitoRegistrationQuota',
      `${registrations} registrations per second are expected, and Cognito lets ${cognito.registrations} through by the quotas of the account `
      + `(UserAccountRecovery), so no more reach it: let people register earlier, or ask for more ${raise}`);
  }
}

/**
 * Without SES, an AWS account has 50 e-mails per day. Fifty registrations, by anybody, use them up.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html (resource quotas)
 */
export function warnOfMails(scope: Construct, pool: UserPool, stage: StagePreset): void {
  const { emailConfiguration } = pool.node.defaultChild as CfnUserPool;
  const bySes = (emailConfiguration as CfnUserPool.EmailConfigurationProperty | undefined)?.emailSendingAccount === 'DEVELOPER';
  if (bySes || stage.stageName !== 'production') return;
  Annotations.of(scope).addWarningV2('trinity-constructs:cognitoMailQuota',
    'Cognito sends the codes itself: 50 e-mails per day for the whole AWS account, after which nobody can register or reset a password. Give `email: UserPoolEmail.withSES({ … })`, '
    + 'which changes the pool in place, or acknowledge this for a system that is not yet used');
}

/** User names that are a keyed hash need a pool in which no address is a user name or an alias of one. */
export function checkSignIn(scope: Construct, pool: IUserPool): void {
  const resource = pool.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) return;
  const { usernameAttributes = [], aliasAttributes = [] } = resource as CfnUserPool;
  if (![...usernameAttributes, ...aliasAttributes].includes('email')) return;
  throw new ConstructError(scope, 'usernameKey is given with a user pool whose people sign in by e-mail address', 'leave the key out, or give a pool with `signInAliases: { username: true }` only');
}
