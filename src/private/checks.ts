import { Duration, type IResource, type Size, Stack, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { IServerlessApi } from '../api/serverless-api';
import type { Throttle } from '../api/throttle';
import { ConstructError } from './errors';

/** Refuses a number that is not whole or outside its range. Tokens and what is left out pass. */
export function checkWhole(scope: IConstruct, prop: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new ConstructError(scope, `${prop} is ${value}`, `give a whole number from ${least} to ${most}`);
  }
}

/** Refuses props that are missing: a type checker would have said so, but apps also run without one. */
export function checkGiven(scope: IConstruct, props: Record<string, unknown>, mend: string): void {
  const missing = Object.entries(props).filter(([, value]) => value === undefined || value === null).map(([name]) => name);
  if (missing.length > 0) throw new ConstructError(scope, `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`, mend);
}

/** Refuses a text or a number where one of a class's objects belongs. What is left out passes. */
export function checkObject(scope: IConstruct, prop: string, value: unknown, mend: string): void {
  if (value !== undefined && typeof value !== 'object') throw new ConstructError(scope, `${prop} is ${JSON.stringify(value)}`, mend);
}

/** Refuses a `stage` and a `monitoring` that are no such choice. */
export function checkChoices(scope: IConstruct, { stage, monitoring }: { readonly stage?: unknown; readonly monitoring?: unknown }): void {
  checkObject(scope, 'stage', stage, 'give StagePreset.development(), .staging() or .production()');
  checkObject(scope, 'monitoring', monitoring, 'give Monitoring.to(topic) or Monitoring.none({ reason })');
}

/** Refuses a throttle that lets nothing through. Tokens and what is left out pass. */
export function checkThrottle(scope: IConstruct, prop: string, throttle: Throttle | undefined): void {
  checkWhole(scope, `${prop}.rateLimit`, throttle?.rateLimit, 1, 1_000_000);
  checkWhole(scope, `${prop}.burstLimit`, throttle?.burstLimit, 1, 1_000_000);
}

/** Whether a scope is in the stack that keeps the stage of an API: only there can a route have a throttle of its own. */
export function isWithStageOf(scope: IConstruct, { httpStage }: IServerlessApi): boolean {
  return httpStage !== undefined && Stack.of(httpStage) === Stack.of(scope);
}

interface Unit {
  readonly of: Duration;
  readonly name: string;
}

/** What a duration must be a whole number of, where CloudFormation takes no fractions. */
export const WHOLE_SECONDS: Unit = { of: Duration.seconds(1), name: 'seconds' };
export const WHOLE_MINUTES: Unit = { of: Duration.minutes(1), name: 'minutes' };

/** Refuses a duration outside its range, or of no whole number of a unit. What is left out passes, and tokens in the unit that CloudFormation takes. */
export function checkDuration(scope: IConstruct, prop: string, value: Duration | undefined, least: Duration, most: Duration, unit?: Unit): void {
  if (value === undefined) return;
  if (value.isUnresolved()) {
    const taken = unit?.name ?? 'millis';
    if (value.unitLabel() !== taken) throw new ConstructError(scope, `${prop} is a token in ${value.unitLabel()}`, `give it as Duration.${taken}(…): a token cannot be converted`);
    return;
  }
  if (unit !== undefined && value.toMilliseconds() % unit.of.toMilliseconds() !== 0) {
    throw new ConstructError(scope, `${prop} is ${value.toHumanString()}`, `give a whole number of ${unit.name}`);
  }
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

/** Refuses what is known at deployment only. */
export function validateKnown(scope: IConstruct, props: Record<string, unknown>, reason: string): void {
  const unknown = Object.entries(props).find(([, value]) => Token.isUnresolved(value) || (value as Duration | undefined)?.isUnresolved?.() === true);
  if (unknown !== undefined) throw new ConstructError(scope, `${unknown[0]} is known only at deployment`, `give a literal: ${reason}`);
}

/** Refuses a size that is a token in another unit than CloudFormation takes: `bytes` or `mebibytes`. */
export function validateSizeUnit(scope: IConstruct, prop: string, size: Size | undefined, unit: 'bytes' | 'mebibytes'): void {
  if (size === undefined || !size.isUnresolved()) return;
  try {
    if (unit === 'bytes') size.toBytes();
    else size.toMebibytes();
  } catch {
    throw new ConstructError(scope, `${prop} is a token in another unit than ${unit}`, `give it as Size.${unit}(…): a token cannot be converted`);
  }
}

/**
 * Refuses parts of another region or account than a scope, if both are known: references across them end as names that clients look for in
 * the wrong place.
 */
export function validateEnvironment(scope: IConstruct, parts: Record<string, IConstruct | undefined>): void {
  const own = Stack.of(scope);
  for (const [name, part] of Object.entries(parts)) {
    // Apps also run without a type checker: what is no construct is refused where it is used.
    if (part === undefined || !Construct.isConstruct(part)) continue;
    const other = (part as Partial<IResource>).env ?? Stack.of(part);
    const differing = (['region', 'account'] as const).find((key) => !Token.isUnresolved(own[key]) && !Token.isUnresolved(other[key]) && own[key] !== other[key]);
    if (differing === undefined) continue;
    throw new ConstructError(scope, `${name} (${part.node.path}) is in the ${differing} ${other[differing]}, and this in ${own[differing]}`,
      'define what belongs together in stacks of one account and region: env: { account: \'…\', region: \'…\' }');
  }
}
