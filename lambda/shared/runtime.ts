import { Logger } from '@aws-lambda-powertools/logger';
import { v7 } from 'uuid';
import { ApiEnv, DEFAULT_MAX_BODY_BYTES, DEFAULT_USER_ID_CLAIM } from '../../src/api/contract';
import type { Clock, NewId } from './api';
import { optionalEnv } from './env';

/** What every composition root hands to its logic. */
export const logger = new Logger();
export const clock: Clock = () => Date.now();
export const newId: NewId = () => v7();

/** The options that every endpoint shares. Read lazily: functions behind a queue or a stream have no body limit. */
export function httpOptions(): { log: Logger; maxBodyBytes: number; userIdClaim: string } {
  return {
    log: logger,
    maxBodyBytes: Number(optionalEnv(ApiEnv.MAX_BODY_BYTES) ?? DEFAULT_MAX_BODY_BYTES),
    userIdClaim: optionalEnv(ApiEnv.USER_ID_CLAIM) ?? DEFAULT_USER_ID_CLAIM,
  };
}
