import {
  ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Letter, Queues } from '../ports';
import { clientConfig, type Where } from './config';

/** What one call takes at most. */
const BATCH = 10;
/** A receive that waits asks every server of the queue: an empty answer is then the truth. */
const WAIT_SECONDS = 1;

export function sqsQueues(where: Where): Queues {
  // A queue's URL may name its emulator as that calls itself: the endpoint is what reaches it.
  const client = new SQSClient({ ...clientConfig(where), useQueueUrlAsEndpoint: false });
  return {
    async receive(url, most, holdSeconds) {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: most,
        VisibilityTimeout: holdSeconds,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
      }));
      return Messages.map(({ MessageId, Body, ReceiptHandle, Attributes }): Letter => ({
        id: MessageId ?? '',
        body: Body ?? '',
        sentAt: Number(Attributes?.SentTimestamp ?? 0),
        receives: Number(Attributes?.ApproximateReceiveCount ?? 0),
        receipt: ReceiptHandle ?? '',
      }));
    },
    async hold(url, letters, seconds) {
      // Those that are not ours any more are refused one by one: others see them already.
      await inBatches(letters, (batch) => client.send(new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url, Entries: batch.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt, VisibilityTimeout: seconds })),
      })));
    },
    send: (url, letters) => inBatches(letters, (batch) => client.send(new SendMessageBatchCommand({
      QueueUrl: url, Entries: batch.map(({ body }, index) => ({ Id: String(index), MessageBody: body })),
    }))),
    remove: (url, letters) => inBatches(letters, (batch) => client.send(new DeleteMessageBatchCommand({
      QueueUrl: url, Entries: batch.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt })),
    }))),
    async depth(url) {
      const { Attributes = {} } = await client.send(new GetQueueAttributesCommand({
        QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
      }));
      return {
        waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
        held: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
        delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
      };
    },
  };
}

/** The ids of the letters for which the call succeeded. */
async function inBatches(
  letters: readonly Letter[], call: (batch: readonly Letter[]) => Promise<{ readonly Successful?: Array<{ readonly Id?: string }> }>,
): Promise<Set<string>> {
  const succeeded = new Set<string>();
  for (let from = 0; from < letters.length; from += BATCH) {
    const batch = letters.slice(from, from + BATCH);
    const { Successful = [] } = await call(batch);
    for (const { Id } of Successful) succeeded.add(batch[Number(Id)].id);
  }
  return succeeded;
}
