import { type Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConstructError } from './errors';
import type { Throttle } from '../api/throttle';

/** Refuses a number that is not whole or outside its range. Tokens and what is left out pass. */
export function checkWhole(scope: IConstruct, prop: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new ConstructError(scope, `${prop} is ${value}`, `give a whole number from ${least} to ${most}`);
  }
}

/** Refuses a throttle that lets nothing through. Tokens and what is left out pass. */
export function checkThrottle(scope: IConstruct, prop: string, throttle: Throttle | undefined): void {
  checkWhole(scope, `${prop}.rateLimit`, throttle?.rateLimit, 1, 1_000_000);
  checkWhole(scope, `${prop}.burstLimit`, throttle?.burstLimit, 1, 1_000_000);
}

/** Refuses a duration outside its range. Tokens and what is left out pass. */
export function checkDuration(scope: IConstruct, prop: string, value: Duration | undefined, least: Duration, most: Duration): void {
  if (value === undefined || value.isUnresolved()) return;
  if (value.toMilliseconds() < least.toMilliseconds() || value.toMilliseconds() > most.toMilliseconds()) {
    throw new ConstructError(scope, `${prop} is ${value.toHumanString()}`, `give a duration from ${least.toHumanString()} to ${most.toHumanString()}`);
  }
}

/** Refuses props that exclude each other. */
export function checkNotBoth(scope: IConstruct, props: Record<string, unknown>, mend: string): void {
  const given = Object.entries(props).filter(([, value]) => value !== undefined).map(([name]) => name);
  if (given.length > 1) throw new ConstructError(scope, `${given.join(' and ')} are given together`, mend);
}

/** Refuses a text outside its lengths. Tokens and what is left out pass. */
export function checkText(scope: IConstruct, prop: string, value: string | undefined, most: number): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (value.trim() === '' || value.length > most) throw new ConstructError(scope, `${prop} is ${value.trim() === '' ? 'empty' : `${value.length} characters long`}`, `give 1 to ${most} characters`);
}
