import { Logger } from '@aws-lambda-powertools/logger';
import { v7 } from 'uuid';
import { ApiEnv, DEFAULT_MAX_BODY_BYTES, DEFAULT_USER_ID_CLAIM } from '../../src/api/contract';
import type { Clock, Log, NewId } from './api';
import { optionalEnv } from './env';
import { logErrorsOnly } from './log-errors';

/** What every composition root hands to its logic. */
export const logger: Log = logErrorsOnly(new Logger());
export const clock: Clock = () => Date.now();
export const newId: NewId = () => v7();

/** The options that every endpoint shares. Read lazily: functions behind a queue or a stream have no body limit. */
export function httpOptions(): { log: Log; maxBodyBytes: number; userIdClaim: string } {
  return {
    log: logger,
    maxBodyBytes: Number(optionalEnv(ApiEnv.MAX_BODY_BYTES) ?? DEFAULT_MAX_BODY_BYTES),
    userIdClaim: optionalEnv(ApiEnv.USER_ID_CLAIM) ?? DEFAULT_USER_ID_CLAIM,
  };
}
