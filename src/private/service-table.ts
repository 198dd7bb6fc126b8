import { Stack, Token } from 'aws-cdk-lib';
import {
  AttributeType, Billing, CfnGlobalTable, type ITable, type ITableV2, type LocalSecondaryIndexProps, type StreamViewType, TableEncryptionV2, TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
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
  /** A table that exists: it is held against the keys, the stream and the index, as far as they are known at synthesis. */
  readonly table?: ITableV2;
  readonly encryptionKey?: IKey;
  readonly stream?: StreamViewType;
  readonly localSecondaryIndexes?: LocalSecondaryIndexProps[];
  readonly maximumWriteUnits?: number;
}

/**
 * The one table of a service: on demand, encrypted, restorable to any second of 35 days, retained and protected unless the stage
 * says otherwise.
 */
export function serviceTable(scope: Construct, keys: ServiceTableKeys, stage: StagePreset, options: ServiceTableOptions = {}): ITableV2 {
  if (options.table !== undefined) return existingTable(scope, options.table, keys, options);
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

const NO_STREAM = 'it has no stream, and without one no vote is counted';

/** A table of the caller's own, if the service can work on it. What cannot be seen of an imported one passes. */
function existingTable(scope: Construct, table: ITableV2, keys: ServiceTableKeys, needed: ServiceTableOptions): ITableV2 {
  const refuse = (what: string, fix: string) => { throw new ConstructError(scope, `table: ${what}`, fix); };
  if (needed.maximumWriteUnits !== undefined) {
    refuse('maximumWriteUnits is given together with a table', 'set the maximum at the table itself: billing: Billing.onDemand({ maxWriteRequestUnits })');
  }
  if (needed.stream !== undefined && table.tableStreamArn === undefined) {
    refuse(NO_STREAM, `give it dynamoStream: StreamViewType.${needed.stream}; import one with its tableStreamArn`);
  }
  const resource = table.node.defaultChild;
  if (CfnGlobalTable.isCfnGlobalTable(resource)) checkDefinition(resource, keys, needed, refuse);
  return table;
}

type Refuse = (what: string, fix: string) => void;

function checkDefinition(resource: CfnGlobalTable, keys: ServiceTableKeys, needed: ServiceTableOptions, refuse: Refuse): void {
  const { stream, localSecondaryIndexes = [] } = needed;
  const resolved = <T>(value: unknown) => Stack.of(resource).resolve(value) as T;
  const wanted = [keys.PARTITION_KEY, keys.SORT_KEY];
  const named = resolved<CfnGlobalTable.KeySchemaProperty[]>(resource.keySchema).map(({ attributeName }) => attributeName);
  const types = resolved<CfnGlobalTable.AttributeDefinitionProperty[]>(resource.attributeDefinitions);
  const strings = named.every((name) => types.find(({ attributeName }) => attributeName === name)?.attributeType === AttributeType.STRING);
  if (named.join() !== wanted.join() || !strings) {
    refuse(`its keys are ${named.join(' and ')}${strings ? '' : ', and not both are strings'}`,
      `give a table whose partition key is ${keys.PARTITION_KEY} and whose sort key is ${keys.SORT_KEY}, both strings`);
  }
  const expiry = resolved<CfnGlobalTable.TimeToLiveSpecificationProperty | undefined>(resource.timeToLiveSpecification)?.attributeName;
  if (expiry !== keys.TIME_TO_LIVE) refuse(`its time to live is ${expiry ?? 'not set'}`, `give it timeToLiveAttribute: '${keys.TIME_TO_LIVE}'`);
  const view = resolved<CfnGlobalTable.StreamSpecificationProperty | undefined>(resource.streamSpecification)?.streamViewType;
  if (stream !== undefined && view !== stream) refuse(view === undefined ? NO_STREAM : `its stream has ${view}`, `give it dynamoStream: StreamViewType.${stream}`);
  const indexes = resolved<CfnGlobalTable.LocalSecondaryIndexProperty[] | undefined>(resource.localSecondaryIndexes) ?? [];
  for (const { indexName } of localSecondaryIndexes) {
    if (indexes.some((index) => index.indexName === indexName)) continue;
    refuse(`it has no local secondary index ${indexName}, without which votes of one write shard lose their order`,
      `make the table with a local secondary index '${indexName}' whose sort key is the string ${indexName}, projecting keys only; it cannot be added later`);
  }
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
