import {
  AdminInitiateAuthCommand, type AdminInitiateAuthCommandOutput, AdminRespondToAuthChallengeCommand, type AuthenticationResultType,
  type CognitoIdentityProviderClient, GetTokensFromRefreshTokenCommand, InitiateAuthCommand, RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Tokens } from '../../../src/auth/contract';
import type { LoginStep, Sessions } from '../ports';
import { asking } from './cognito';

export interface SessionsOptions {
  readonly client: CognitoIdentityProviderClient;
  readonly clientId: string;
}

const MFA = 'SOFTWARE_TOKEN_MFA';

/**
 * The flow that takes IAM permissions (`cognito-idp:AdminInitiateAuth`, `AdminRespondToAuthChallenge`): an app client that
 * allows no other one cannot be asked about passwords by anybody but these functions, although its id is in every token.
 */
export function cognitoLogin({ client, clientId, userPoolId }: SessionsOptions & { readonly userPoolId: string }): Pick<Sessions, 'open' | 'answerMfa'> {
  const app = { UserPoolId: userPoolId, ClientId: clientId };
  return {
    async open(username, password) {
      const answer = await asking(() => client.send(new AdminInitiateAuthCommand({
        ...app,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD: password },
      })));
      return toStep(answer, username);
    },

    async answerMfa({ username, session }, code) {
      const answer = await asking(() => client.send(new AdminRespondToAuthChallengeCommand({
        ...app,
        ChallengeName: MFA,
        Session: session,
        ChallengeResponses: { USERNAME: username, SOFTWARE_TOKEN_MFA_CODE: code },
      })));
      return toStep(answer, username);
    },
  };
}

/** Where the app client rotates refresh tokens it refuses the older flow, and the other way round. */
export function cognitoRefresh({ client, clientId, rotation }: SessionsOptions & { readonly rotation: boolean }): Pick<Sessions, 'refresh'> {
  return {
    async refresh(refreshToken) {
      const { AuthenticationResult: result } = await asking(() => rotation
        ? client.send(new GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken: refreshToken }))
        : client.send(new InitiateAuthCommand({
          ClientId: clientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: refreshToken },
        })));
      return toTokens(result);
    },
  };
}

export function cognitoLogout({ client, clientId }: SessionsOptions): Pick<Sessions, 'revoke'> {
  return {
    async revoke(refreshToken) {
      await asking(() => client.send(new RevokeTokenCommand({ ClientId: clientId, Token: refreshToken })));
    },
  };
}

function toStep(answer: Pick<AdminInitiateAuthCommandOutput, 'AuthenticationResult' | 'ChallengeName' | 'ChallengeParameters' | 'Session'>, username: string): LoginStep {
  const { AuthenticationResult: result, ChallengeName: challenge, ChallengeParameters: parameters, Session: session } = answer;
  if (challenge === undefined) return { step: 'done', tokens: toTokens(result) };
  if (challenge !== MFA || session === undefined) return { step: 'other', challenge };
  return { step: 'mfa', username: parameters?.USER_ID_FOR_SRP ?? username, session };
}

function toTokens(result: AuthenticationResultType | undefined): Tokens {
  const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken, ExpiresIn: expiresIn, TokenType: tokenType } = result ?? {};
  if (accessToken === undefined || idToken === undefined || expiresIn === undefined) throw new Error('The user pool answered without tokens');
  return { accessToken, idToken, ...(refreshToken === undefined ? {} : { refreshToken }), expiresIn, tokenType: tokenType ?? 'Bearer' };
}
