import type { StreamMapping, StreamRecord } from './ports';

/** Why a batch was given up. */
export type Condition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Discarded {
  readonly mapping: StreamMapping;
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
  readonly condition: Condition;
  readonly invocations: number;
  /** Missing where the function answered, and named records of its batch. */
  readonly functionError?: string;
  readonly requestId: string;
  readonly now: number;
}

/**
 * What Lambda sends to the on-failure destination of a stream mapping: where the batch is, not what is in it.
 * See "Configuring destinations for failed invocations" in Lambda's guide to DynamoDB streams.
 */
export function failureRecord(discarded: Discarded): string {
  const { mapping, shardId, records, functionError } = discarded;
  const first = records[0];
  const last = records[records.length - 1];
  return JSON.stringify({
    requestContext: {
      requestId: discarded.requestId,
      functionArn: mapping.functionArn,
      condition: discarded.condition,
      approximateInvokeCount: discarded.invocations,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: /:function:[^:]+:([^:]+)$/.exec(mapping.functionArn)?.[1] ?? '$LATEST',
      ...(functionError === undefined ? {} : { functionError }),
    },
    version: '1.0',
    timestamp: new Date(discarded.now).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first.dynamodb.SequenceNumber,
      endSequenceNumber: last.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: mapping.streamArn,
    },
  });
}

function arrival(record: StreamRecord): string {
  return new Date((record.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString().replace('.000Z', 'Z');
}
