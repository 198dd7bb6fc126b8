import type { Log } from './api';

interface SdkError extends Error {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/**
 * Logs of an error what says what went wrong, and nothing else that it carries. An error of DynamoDB brings the item that stands in
 * the way (`ReturnValuesOnConditionCheckFailure`), and Powertools logs every attribute of an error: a ballot would be in the log.
 */
export function logErrorsOnly(log: Log): Log {
  return {
    info: (message, ...extra) => log.info(message, ...extra.map(withoutItems)),
    warn: (message, ...extra) => log.warn(message, ...extra.map(withoutItems)),
    error: (message, ...extra) => log.error(message, ...extra.map(withoutItems)),
  };
}

function withoutItems(extra: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extra).map(([key, value]) => [key, value instanceof Error ? describe(value) : value]));
}

function describe({ name, message, stack, cause, code, $metadata: metadata }: SdkError): Record<string, unknown> {
  return {
    name,
    message,
    stack,
    ...(typeof code === 'string' ? { code } : {}),
    ...(metadata === undefined ? {} : { httpStatusCode: metadata.httpStatusCode, awsRequestId: metadata.requestId }),
    ...(cause instanceof Error ? { cause: describe(cause) } : {}),
  };
}
