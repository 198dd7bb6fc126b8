import { AuthEnv } from '../../src/auth/contract';
import { env, optionalEnv } from '../shared/env';
import { clock, logger } from '../shared/runtime';
import { cognitoPasswords } from './adapters/accounts';
import { cognito } from './adapters/cognito';
import { cognitoLogin } from './adapters/sessions';
import { addressUsernames, keyedUsernames, kms } from './adapters/usernames';
import type { Usernames } from './ports';
import type { SetPasswordDependencies } from './set-password';

/** How this deployment's user pool names its users: by a keyed hash of the address, or by the address itself. */
export function usernames(): Usernames {
  const keyId = optionalEnv(AuthEnv.USERNAME_KEY);
  return keyId === undefined ? addressUsernames : keyedUsernames(kms(), keyId);
}

/** What the two endpoints that set a password need. */
export function passwordSetting(): SetPasswordDependencies {
  const options = { client: cognito(), clientId: env(AuthEnv.CLIENT_ID), userPoolId: env(AuthEnv.USER_POOL_ID) };
  return {
    accounts: cognitoPasswords(options),
    sessions: cognitoLogin(options),
    usernames: usernames(),
    passwordPolicy: passwordPolicy(),
    log: logger,
    clock,
    userPoolId: options.userPoolId,
  };
}

export function passwordPolicy() {
  return JSON.parse(optionalEnv(AuthEnv.PASSWORD_POLICY) ?? '{}');
}
