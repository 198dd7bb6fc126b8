import { MAX_LANES, type QueuedBallot } from '../../src/voting/contract';
import { isId } from '../shared/ids';
import type { Ballot } from './ports';

/** Longer than any choice of `MAX_OPTIONS` options. */
const MAX_CHOICE_LENGTH = 200;
/** What a sort key may have, in bytes. */
const MAX_VOTER_BYTES = 1_000;

/**
 * The last moment that a date can have (ECMA-262, 21.4.1.1). A later one would fail every list of the poll's ballots for good.
 * How far in the future a moment is cannot be judged here: the drain asks no clock (ADR 0008).
 */
const MAX_TIME = 8_640_000_000_000_000;

export function writeQueuedBallot({ pollId, lane, voter, choice, acceptedAt, revote }: Ballot): string {
  const message: QueuedBallot = { v: 1, pollId, lane, voter, choice, acceptedAt, revote };
  return JSON.stringify(message);
}

/** The ballot of a message, or undefined where it is none: whatever is in the queue, no key is made of what is not understood. */
export function readQueuedBallot(body: string): Ballot | undefined {
  const { v, pollId, lane, voter, choice, acceptedAt, revote } = parse(body);
  if (v !== 1 || typeof pollId !== 'string' || !isId(pollId) || typeof revote !== 'boolean') return undefined;
  if (!isWhole(lane) || lane >= MAX_LANES || !isWhole(acceptedAt) || acceptedAt > MAX_TIME) return undefined;
  if (!isText(voter, MAX_VOTER_BYTES) || !isText(choice, MAX_CHOICE_LENGTH)) return undefined;
  return { pollId, lane, voter, choice, acceptedAt, revote };
}

function parse(body: string): Record<keyof QueuedBallot, unknown> | Record<string, never> {
  try {
    const message: unknown = JSON.parse(body);
    return typeof message === 'object' && message !== null ? message as Record<keyof QueuedBallot, unknown> : {};
  } catch {
    return {};
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= most;
}
