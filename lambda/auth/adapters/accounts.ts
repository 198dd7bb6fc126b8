import {
  AdminGetUserCommand, type CognitoIdentityProviderClient, ConfirmSignUpCommand, ResendConfirmationCodeCommand, SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Account, Accounts } from '../ports';
import { Refusal } from '../refusal';
import { asking } from './cognito';

export interface AccountsOptions {
  readonly client: CognitoIdentityProviderClient;
  readonly clientId: string;
}

/** The part that confirming needs: no user pool id, no permission. */
export function cognitoConfirmation({ client, clientId }: AccountsOptions): Pick<Accounts, 'confirm'> {
  return {
    async confirm(email, code) {
      await asking(() => client.send(new ConfirmSignUpCommand({ ClientId: clientId, Username: email, ConfirmationCode: code })));
    },
  };
}

/** The part that registering needs: to look an address up takes `cognito-idp:AdminGetUser` on the pool. */
export function cognitoRegistration({ client, clientId, userPoolId }: AccountsOptions & { readonly userPoolId: string }): Omit<Accounts, 'confirm'> {
  return {
    async create({ email, password, displayName }): Promise<Account | undefined> {
      const attributes = [{ Name: 'email', Value: email }, ...(displayName === undefined ? [] : [{ Name: 'name', Value: displayName }])];
      const created = await asking(async () => {
        try {
          return await client.send(new SignUpCommand({ ClientId: clientId, Username: email, Password: password, UserAttributes: attributes }));
        } catch (error) {
          if ((error as Error).name === 'UsernameExistsException') return undefined;
          throw error;
        }
      });
      return created === undefined ? undefined : { userId: created.UserSub ?? missing('UserSub'), confirmed: created.UserConfirmed === true };
    },

    async find(email): Promise<Account | undefined> {
      try {
        const { UserAttributes: attributes = [], UserStatus: status } = await asking(() => client.send(
          new AdminGetUserCommand({ UserPoolId: userPoolId, Username: email }),
        ));
        const userId = attributes.find(({ Name }) => Name === 'sub')?.Value ?? missing('sub');
        return { userId, confirmed: status !== 'UNCONFIRMED' };
      } catch (error) {
        if (error instanceof Refusal && error.reason === 'unknown-account') return undefined;
        throw error;
      }
    },

    async sendCodeAgain(email) {
      await asking(() => client.send(new ResendConfirmationCodeCommand({ ClientId: clientId, Username: email })));
    },
  };
}

function missing(name: string): never {
  throw new Error(`The user pool answered without ${name}`);
}
