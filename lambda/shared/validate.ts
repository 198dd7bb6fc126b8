import type { FieldError } from './problem';

/** The part of a compiled validator's error that is read here. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Record<string, unknown>;
}

/** A validator compiled at build time (`import validate from 'validator:<area>/<schema>'`). */
export interface Validate {
  (data: unknown): boolean;
  errors?: SchemaError[] | null;
}

const escape = (segment: string) => segment.replace(/~/g, '~0').replace(/\//g, '~1');

/** The field that an error is about: a missing or an unknown property, or one item of a list, is named itself, not what is around it. */
function pointer({ instancePath, params }: SchemaError): string {
  const property = params.missingProperty ?? params.additionalProperty ?? params.index;
  return property === undefined ? instancePath : `${instancePath}/${escape(String(property))}`;
}

const plural = (limit: unknown, noun: string) => `${String(limit)} ${noun}${limit === 1 ? '' : 's'}`;

/** Where the validator's own words ("must NOT have fewer than 1 characters") are not for people. */
const LIMITS: Record<string, (limit: unknown) => string> = {
  minLength: (limit) => `is too short: at least ${plural(limit, 'character')}`,
  maxLength: (limit) => `is too long: at most ${plural(limit, 'character')}`,
  minItems: (limit) => `has too few items: at least ${String(limit)}`,
  maxItems: (limit) => `has too many items: at most ${String(limit)}`,
  minProperties: (limit) => `has too few fields: at least ${String(limit)}`,
  maxProperties: (limit) => `has too many fields: at most ${String(limit)}`,
  minimum: (limit) => `must be at least ${String(limit)}`,
  maximum: (limit) => `must be at most ${String(limit)}`,
};

function detail({ keyword, message, params }: SchemaError): string {
  if (keyword === 'required') return 'is missing';
  if (keyword === 'additionalProperties') return 'is not a known field';
  if (keyword === 'pattern') return patternDetail(String(params.pattern));
  if (keyword === 'enum') return `must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
  return LIMITS[keyword]?.(params.limit) ?? message ?? 'is not valid';
}

/** A longer pattern tells people nothing. It is in the OpenAPI document. */
const MAX_SHOWN_PATTERN = 100;

function patternDetail(pattern: string): string {
  return pattern.length > MAX_SHOWN_PATTERN ? 'does not have the required form' : `does not have the required form: ${pattern}`;
}

/** A body of many unknown fields must not make an answer many times its size. */
const MAX_FIELD_ERRORS = 50;

/** One entry a field, in the order in which the validator found them, up to a number that somebody could read. */
export function fieldErrors(errors: SchemaError[]): FieldError[] {
  const byPointer = new Map<string, FieldError>();
  for (const error of errors) {
    if (byPointer.size === MAX_FIELD_ERRORS) break;
    const at = pointer(error);
    if (!byPointer.has(at)) byPointer.set(at, { pointer: at, detail: detail(error) });
  }
  return [...byPointer.values()];
}
