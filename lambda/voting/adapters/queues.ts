import { type SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { calling } from '../../shared/dependency';
import type { DeadLetters, OverflowQueue } from '../ports';
import { writeQueuedBallot } from '../queued-ballot';

export interface QueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

export function sqsOverflowQueue(options: QueueOptions): OverflowQueue {
  return { send: (ballot) => send('The overflow queue', options, writeQueuedBallot(ballot)) };
}

export function sqsDeadLetters(options: QueueOptions): DeadLetters {
  return { bury: (dead) => send('The dead-letter queue', options, JSON.stringify(dead)) };
}

async function send(name: string, { client, queueUrl }: QueueOptions, body: string): Promise<void> {
  await calling(name, () => client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body })));
}
