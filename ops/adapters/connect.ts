import type { Aws } from '../ports';
import type { Where } from './config';

/** AWS as the ports have it. A client's code is run when it is needed first: that is most of the time of a start. */
export function connect(where: Where): Aws {
  return {
    stacks: once(async () => (await import('./cloudformation.js')).cloudFormationStacks(where)),
    queues: once(async () => (await import('./sqs.js')).sqsQueues(where)),
    recounts: once(async () => (await import('./lambda.js')).lambdaRecounts(where)),
    streams: once(async () => (await import('./streams.js')).dynamoStreams(where)),
    polls: once(async () => (await import('./dynamodb.js')).dynamoPolls(where)),
    items: once(async () => (await import('./items.js')).dynamoItems(where)),
    tables: once(async () => (await import('./tables.js')).dynamoTables(where)),
    metrics: once(async () => (await import('./cloudwatch.js')).cloudWatchMetrics(where)),
    identity: once(async () => (await import('./sts.js')).stsIdentity(where)),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}
