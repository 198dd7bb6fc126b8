/**
 * Cognito's quotas of an AWS account in one region, over all its user pools: requests per second by category, with AWS's names.
 * Give those that Service Quotas has raised.
 *
 * See https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
export interface CognitoQuotas {
  /**
   * Logins.
   *
   * @default 120
   */
  readonly userAuthentication?: number;

  /**
   * Refreshes and logouts.
   *
   * @default 120
   */
  readonly userToken?: number;

  /**
   * Codes that are mailed and taken. A registration takes three.
   *
   * @default 30
   */
  readonly userAccountRecovery?: number;
}
