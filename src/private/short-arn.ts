import { type IResolveContext, Lazy, Token } from 'aws-cdk-lib';

/** An ARN of the same template in the short form. What is written once per function is written twenty times (ADR 0005). */
export function shortArn(arn: string): string {
  return Token.asString(Lazy.uncachedAny({ produce: ({ resolve }: IResolveContext) => withShortArns(resolve(arn)) }));
}

/**
 * Writes `{ "Fn::GetAtt": [id, "Arn"] }`, also as a part of a `Fn::Join`, as `{ "Fn::Sub": "${id.Arn}" }`: the same to CloudFormation, in
 * half the lines. Takes what is resolved already.
 */
export function withShortArns(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withShortArns);
  if (typeof value !== 'object' || value === null) return value;
  const text = asTemplate(value);
  if (text !== undefined) return { 'Fn::Sub': text };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withShortArns(inner)]));
}

/** The text for `Fn::Sub`, undefined if it is something else. */
function asTemplate(value: object): string | undefined {
  const [[name, argument], ...others] = Object.entries(value).concat([['', undefined]]);
  if (others.length > 1) return undefined;
  if (name === 'Fn::GetAtt') return `\${${argument.join('.')}}`;
  if (name !== 'Fn::Join' || argument[0] !== '' || !Array.isArray(argument[1])) return undefined;
  const parts = argument[1].map((part: unknown) => asPart(part));
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
}

function asPart(part: unknown): string | undefined {
  if (typeof part === 'string') return part.replace(/\$\{/g, '${!');
  const { Ref: reference } = part as { Ref?: string };
  return reference === undefined ? asTemplate(part as object) : `\${${reference}}`;
}
