import { Stack, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { Encryption } from '../encryption';
import { checkObject } from './checks';
import { ConstructError } from './errors';

/** The key that holds at a construct: its own, which then holds for everything in it, or that of the nearest enclosing scope. */
export function resolveEncryptionKey(scope: IConstruct, own?: IKey): IKey | undefined {
  checkObject(scope, 'encryptionKey', own, 'give a kms.Key, or kms.Key.fromKeyArn(scope, id, \'…\')');
  const key = own ?? Encryption.of(scope)?.key;
  if (key !== undefined) validateRegion(scope, key);
  if (own !== undefined) Encryption.withKey(own).on(scope);
  return key;
}

/** Tables, queues, log groups and functions take only keys of their own region. */
function validateRegion(scope: IConstruct, key: IKey): void {
  const [ofKey, ofStack] = [key.env.region, Stack.of(scope).region];
  if (Token.isUnresolved(ofKey) || Token.isUnresolved(ofStack) || ofKey === ofStack) return;
  throw new ConstructError(scope, `The encryption key is in ${ofKey}, and what it encrypts in ${ofStack}`,
    `give a key of ${ofStack}: Encryption.withKey(key).on(stack) for each stack, or a multi-Region replica`);
}
