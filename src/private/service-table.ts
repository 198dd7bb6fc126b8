import { Stack, Token } from 'aws-cdk-lib';
import { AttributeType, Billing, type ITable, type LocalSecondaryIndexProps, type StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { StagePreset } from '../stage';
import { ConstructError } from './errors';

/** What every service's table is called by: its keys are strings of these names. */
export interface ServiceTableKeys {
  readonly PARTITION_KEY: string;
  readonly SORT_KEY: string;
  readonly TIME_TO_LIVE: string;
}

export interface ServiceTableOptions {
  readonly encryptionKey?: IKey;
  readonly stream?: StreamViewType;
  readonly localSecondaryIndexes?: LocalSecondaryIndexProps[];
  readonly maximumWriteUnits?: number;
}

/**
 * The one table of a service: on demand, encrypted, restorable to any second of 35 days, retained and protected unless the stage
 * says otherwise.
 */
export function serviceTable(scope: Construct, keys: ServiceTableKeys, stage: StagePreset, options: ServiceTableOptions = {}): TableV2 {
  if (options.encryptionKey !== undefined && Token.isUnresolved(Stack.of(scope).region)) {
    throw new ConstructError(scope, 'encryptionKey is given in a stack without a region', 'DynamoDB wants the key with its region: new Stack(app, id, { env: { region: \'…\' } })');
  }
  return new TableV2(scope, 'Table', {
    partitionKey: { name: keys.PARTITION_KEY, type: AttributeType.STRING },
    sortKey: { name: keys.SORT_KEY, type: AttributeType.STRING },
    timeToLiveAttribute: keys.TIME_TO_LIVE,
    billing: Billing.onDemand({ maxWriteRequestUnits: options.maximumWriteUnits }),
    // Without a key it is encrypted by DynamoDB with one of its own: there is no table that is not.
    encryption: options.encryptionKey === undefined ? undefined : TableEncryptionV2.customerManagedKey(options.encryptionKey),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: stage.deletionProtection,
    removalPolicy: stage.removalPolicy,
    dynamoStream: options.stream,
    localSecondaryIndexes: options.localSecondaryIndexes,
  });
}

const READS = ['BatchGetItem', 'GetItem', 'Query'];
/** What DynamoDB does with a customer's key in the name of who reads, and of who writes. */
const KEY_READS = ['kms:Decrypt', 'kms:DescribeKey'];
const KEY_WRITES = [...KEY_READS, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/**
 * Allows actions on the items of some partitions only: those whose key begins with one of the prefixes. Where the table has a
 * key of its own, allows to use it too: without that, DynamoDB refuses every call.
 */
export function grantPartitions(table: ITable, grantee: IGrantable, actions: string[], ...prefixes: string[]): Grant {
  table.encryptionKey?.grant(grantee, ...(actions.every((action) => READS.includes(action)) ? KEY_READS : KEY_WRITES));
  const keys = prefixes.map((prefix) => `${prefix}*`);
  return Grant.addToPrincipal({
    grantee,
    actions: actions.map((action) => `dynamodb:${action}`),
    resourceArns: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys.length === 1 ? keys[0] : keys } },
  });
}
