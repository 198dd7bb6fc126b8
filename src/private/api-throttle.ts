import { Lazy, Stack, Token } from 'aws-cdk-lib';
import type { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IConstruct } from 'constructs';
import type { IServerlessApi } from '../api/serverless-api';
import type { Throttle } from '../api/throttle';

/** The throttle of an API as a whole, which also limits each route without one of its own. Empty for an API of another app. */
export function throttleOfApi({ httpStage }: IServerlessApi): Partial<Throttle> {
  const settings = (httpStage?.node.defaultChild as CfnStage | undefined)?.defaultRouteSettings as CfnStage.RouteSettingsProperty | undefined;
  return { rateLimit: settings?.throttlingRateLimit, burstLimit: settings?.throttlingBurstLimit };
}

/** A number, or the limit if that is lower. A limit that is known at deployment only does not count. */
export function atMost(scope: IConstruct, value: number, limit: number | undefined): number {
  if (limit === undefined) return value;
  if (!Token.isUnresolved(limit)) return Math.min(value, limit);
  return Lazy.number({
    produce: () => {
      const resolved: unknown = Stack.of(scope).resolve(limit);
      return typeof resolved === 'number' ? Math.min(value, resolved) : value;
    },
  });
}
