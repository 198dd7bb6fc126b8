import { Token } from 'aws-cdk-lib';
import { CfnAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct, type IConstruct } from 'constructs';
import { validateEnvironment } from '../private/checks';
import { ConstructError } from '../private/errors';
import { plainText } from '../private/plain';
import { DEFAULT_USER_ID_CLAIM } from './contract';
import type { IServerlessApi } from './serverless-api';

/** What decides who may call an endpoint. `AuthService` and `JwtAuthorizer` are ones. */
export interface IEndpointAuthorizer extends IConstruct {
  /** The API that it stands before. */
  readonly api: IServerlessApi;
  /** The id of the authorizer in API Gateway. */
  readonly authorizerId: string;
  /** How callers get a token, in a sentence: for the OpenAPI document. */
  readonly tokenSource: string;
  /** The claim of its tokens that is the user's id: by it the bundled endpoints know their callers, and yours should. */
  readonly userIdClaim: string;
}

/** Props of `JwtAuthorizer`. */
export interface JwtAuthorizerProps {
  /** The API that it stands before. */
  readonly api: IServerlessApi;

  /** The issuer of the tokens (`iss`): an OpenID Connect provider's URL. */
  readonly issuer: string;

  /** Whom the tokens are for (`aud`, or `client_id` where that is missing): one of these must be in the token. */
  readonly audience: string[];

  /**
   * How callers get a token, in a sentence: for the OpenAPI document.
   *
   * @default - names the issuer
   */
  readonly tokenSource?: string;

  /**
   * The claim that is the user's id. It must never name another user: what people own is kept under it.
   *
   * @default 'sub'
   */
  readonly userIdClaim?: string;
}

/**
 * Lets an endpoint be called only with a valid JSON Web Token of an issuer: checked by API Gateway itself, before any code runs,
 * at no cost. Made in its own scope, so that it can stand in another stack than the API.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export class JwtAuthorizer extends Construct implements IEndpointAuthorizer {
  readonly api: IServerlessApi;
  readonly authorizerId: string;
  readonly tokenSource: string;
  readonly userIdClaim: string;

  constructor(scope: Construct, id: string, props: JwtAuthorizerProps) {
    super(scope, id);
    if (props.audience.length === 0) {
      throw new ConstructError(this, 'audience is empty', 'name at least one: a token for somebody else\'s application must not open this API');
    }
    if (!Token.isUnresolved(props.issuer) && !/^https:\/\/[^\s/]+/.test(props.issuer)) {
      throw new ConstructError(this, `issuer is '${props.issuer}'`, 'give the URL of the provider as its tokens have it in `iss`: \'https://login.example.com\'');
    }
    validateEnvironment(this, { api: props.api });
    this.api = props.api;
    this.userIdClaim = props.userIdClaim ?? DEFAULT_USER_ID_CLAIM;
    this.tokenSource = props.tokenSource ?? plainText(`An access token of ${props.issuer}.`, 'An access token of the issuer that this API trusts.');
    this.authorizerId = new CfnAuthorizer(this, 'Resource', {
      apiId: props.api.apiId,
      authorizerType: 'JWT',
      name: this.node.addr,
      identitySource: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: props.issuer, audience: props.audience },
    }).ref;
  }
}
