import {
  type CognitoIdentityProviderClient, DeleteUserCommand, GetUserCommand, UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Profiles } from '../ports';
import { asking } from './cognito';

/** Every call is made with the caller's token: the functions need no permission on the user pool. */
export function cognitoProfiles(client: CognitoIdentityProviderClient): Profiles {
  return {
    async read(accessToken) {
      const { UserAttributes: attributes = [] } = await asking(() => client.send(new GetUserCommand({ AccessToken: accessToken })));
      const attribute = (name: string) => attributes.find(({ Name }) => Name === name)?.Value;
      const [email, displayName] = [attribute('email'), attribute('name')];
      if (email === undefined) throw new Error('The user pool answered without email');
      return { email, ...(displayName === undefined ? {} : { displayName }) };
    },

    async rename(accessToken, displayName) {
      await asking(() => client.send(new UpdateUserAttributesCommand({
        AccessToken: accessToken,
        UserAttributes: [{ Name: 'name', Value: displayName }],
      })));
    },

    async remove(accessToken) {
      await asking(() => client.send(new DeleteUserCommand({ AccessToken: accessToken })));
    },
  };
}
