import type { AwsClient } from '../aws/client';

interface Api {
  readonly CorsConfiguration?: Readonly<Record<string, unknown>>;
  readonly corsConfiguration?: Readonly<Record<string, unknown>>;
}

/**
 * Sets an HTTP API's CORS configuration again. CloudFormation's keys begin with capitals and the emulator keeps them so, where its
 * data plane looks for the API's own spelling.
 */
export async function setCorsAgain(aws: AwsClient, apiId: string): Promise<void> {
  const api = await aws.rest<Api>('apigateway', 'GET', `/v2/apis/${apiId}`);
  const cors = api.corsConfiguration ?? api.CorsConfiguration;
  if (cors === undefined) return;
  const corsConfiguration = Object.fromEntries(Object.entries(cors).map(([key, value]) => [key[0].toLowerCase() + key.slice(1), value]));
  await aws.rest('apigateway', 'PATCH', `/v2/apis/${apiId}`, { corsConfiguration });
}
