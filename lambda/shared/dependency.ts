import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { DeadlineExceeded, untilDeadline } from './deadline';
import { DependencyUnavailable } from './problem';

type SdkError = Parameters<typeof isTransientError>[0];

/**
 * Throttles that the SDK does not know by name. SQS passes on what KMS answers under a name of its own (`KmsThrottled`, `KMS.ThrottlingException`):
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html#API_SendMessage_Errors
 */
const THROTTLE = /throttl/i;
/** Errors of the service by name, in case an answer comes without its status. */
const SERVER_ERROR = /^(InternalServerError|InternalErrorException|InternalFailure|ServiceUnavailable)/;

/**
 * Whether a call may succeed if it is made again later: what the AWS SDK itself classifies as a throttle, as transient or as an error
 * of the service, and every other throttle.
 */
export function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const sdkError = error as SdkError;
  const name = sdkError.name ?? '';
  return isThrottlingError(sdkError) || isTransientError(sdkError) || isServerError(sdkError) || THROTTLE.test(name) || SERVER_ERROR.test(name);
}

/**
 * Runs a call to a dependency until the deadline of the invocation. If it says «not now», or the time is up, the result is
 * `DependencyUnavailable`. Every other error passes.
 */
export async function calling<T>(dependency: string, call: () => Promise<T>): Promise<T> {
  try {
    return await untilDeadline(call);
  } catch (error) {
    if (error instanceof DependencyUnavailable) throw error;
    if (error instanceof DeadlineExceeded || isTransient(error)) throw new DependencyUnavailable(dependency, { cause: error });
    throw error;
  }
}
