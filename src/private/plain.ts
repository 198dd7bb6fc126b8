import { type IResolveContext, Lazy, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * A text for what takes no CloudFormation functions: descriptions of outputs, metadata. A token that is known at the end of synthesis is
 * written out; one that is known at deployment only is replaced by another text.
 */
export function plainText(text: string, otherwise: string): string {
  if (!Token.isUnresolved(text)) return text;
  return Lazy.uncachedString({
    produce: ({ resolve }: IResolveContext) => {
      const resolved: unknown = resolve(text);
      return typeof resolved === 'string' ? resolved : otherwise;
    },
  });
}

/**
 * A document without tokens, for a file that no CloudFormation will read. What is known at the end of synthesis is written out; what is
 * known at deployment only is left out, with its property or as an element of its list.
 */
export function plainDocument(scope: IConstruct, value: unknown): unknown {
  if (Token.isUnresolved(value)) {
    const resolved: unknown = Stack.of(scope).resolve(value);
    return isIntrinsic(resolved) ? undefined : plainDocument(scope, resolved);
  }
  if (Array.isArray(value)) return value.map((element) => plainDocument(scope, element)).filter((element) => element !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value)
    .filter(([name]) => !Token.isUnresolved(name))
    .map(([name, inner]) => [name, plainDocument(scope, inner)])
    .filter(([, inner]) => inner !== undefined));
}

/** Whether it is a CloudFormation function, or a list or an object with one: `{ "Ref": … }`, `{ "Fn::Join": … }`. */
function isIntrinsic(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name === 'Ref' || name.startsWith('Fn::') || isIntrinsic(inner));
}
