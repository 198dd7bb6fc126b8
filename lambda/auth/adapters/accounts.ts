import { randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand, AdminDeleteUserAttributesCommand, AdminGetUserCommand, AdminSetUserPasswordCommand, AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand, type CognitoIdentityProviderClient, type CognitoIdentityProviderServiceException,
  ConfirmForgotPasswordCommand, ForgotPasswordCommand, type UserStatusType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Accounts, AccountState } from '../ports';
import { asking } from './cognito';

export interface AccountsOptions {
  readonly client: CognitoIdentityProviderClient;
  /** A client that sends each request once, for what must not be repeated behind the caller's back. */
  readonly once: CognitoIdentityProviderClient;
  readonly clientId: string;
  readonly userPoolId: string;
}

/**
 * An account in `FORCE_CHANGE_PASSWORD` gets no code by ForgotPassword ("User password cannot be reset in the current state").
 * Sealing ends that state, because a permanent password confirms the account
 * (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html).
 */
const STATES: Partial<Record<UserStatusType, AccountState>> = { UNCONFIRMED: 'unproved', FORCE_CHANGE_PASSWORD: 'unfinished' };

/** What registering needs: the actions `cognito-idp:AdminCreateUser`, `AdminGetUser`, `AdminSetUserPassword`, and for pools made elsewhere `AdminUpdateUserAttributes` and `AdminDeleteUserAttributes`. */
export function cognitoRegistration(options: AccountsOptions): Pick<Accounts, 'create' | 'status' | 'seal' | 'disown' | 'sendCode'> {
  const { client, once, userPoolId } = options;
  return {
    ...cognitoCodes(options),

    create: (username, email) => asking(async () => {
      try {
        await client.send(new AdminCreateUserCommand({
          UserPoolId: userPoolId,
          Username: username,
          // ForgotPassword mails to a verified address only. The account opens by a code from that mailbox, and by nothing else.
          UserAttributes: [{ Name: 'email', Value: email }, VERIFIED],
          MessageAction: 'SUPPRESS',
        }));
        return 'created' as const;
      } catch (error) {
        const { name, $metadata } = error as CognitoIdentityProviderServiceException;
        if (name !== 'UsernameExistsException') throw error;
        return ($metadata?.attempts ?? 1) > 1 ? 'unclear' as const : 'existing' as const;
      }
    }),

    async status(username) {
      const { UserStatus: status, UserCreateDate: createdAt } = await asking(() => client.send(
        new AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }),
      ));
      return { state: STATES[status ?? 'UNKNOWN'] ?? 'ready', createdAt: createdAt?.getTime() ?? 0 };
    },

    async seal(username) {
      // Once: a repeat that comes late would overwrite the password that the owner has set meanwhile.
      await asking(() => once.send(new AdminSetUserPasswordCommand({
        UserPoolId: userPoolId, Username: username, Password: unknowablePassword(), Permanent: true,
      })));
    },

    async disown(username) {
      const account = { UserPoolId: userPoolId, Username: username };
      await asking(() => client.send(new AdminDeleteUserAttributesCommand({ ...account, UserAttributeNames: ['name'] })));
      await asking(() => client.send(new AdminUpdateUserAttributesCommand({ ...account, UserAttributes: [VERIFIED] })));
    },
  };
}

/** What asking for a code needs: the app client alone. */
export function cognitoCodes({ client, clientId }: Pick<AccountsOptions, 'client' | 'clientId'>): Pick<Accounts, 'sendCode'> {
  return {
    async sendCode(username) {
      await asking(() => client.send(new ForgotPasswordCommand({ ClientId: clientId, Username: username })));
    },
  };
}

/** What setting a password by a code needs: `cognito-idp:AdminUserGlobalSignOut` and `AdminUpdateUserAttributes`. */
export function cognitoPasswords({ client, clientId, userPoolId }: Omit<AccountsOptions, 'once'>): Pick<Accounts, 'setPassword' | 'endSessions' | 'setDisplayName'> {
  return {
    async setPassword(username, code, password) {
      await asking(() => client.send(new ConfirmForgotPasswordCommand({
        ClientId: clientId, Username: username, ConfirmationCode: code, Password: password,
      })));
    },

    async endSessions(username) {
      await asking(() => client.send(new AdminUserGlobalSignOutCommand({ UserPoolId: userPoolId, Username: username })));
    },

    async setDisplayName(username, displayName) {
      await asking(() => client.send(new AdminUpdateUserAttributesCommand({
        UserPoolId: userPoolId, Username: username, UserAttributes: [{ Name: 'name', Value: displayName }],
      })));
    },
  };
}

const VERIFIED = { Name: 'email_verified', Value: 'true' };

/** 576 random bits, and a character of each kind that a policy can ask for: 100 characters, above the longest minimum (99). */
function unknowablePassword(): string {
  return `${randomBytes(72).toString('base64url')}aA1!`;
}
