import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Simulation } from '../lambda';

export interface Message {
  readonly id: string;
  readonly body: string;
  receives: number;
  visibleAt: number;
}

export interface QueueOptions {
  readonly visibility: number;
  /** After that many receives a message goes to the dead letters. */
  readonly maxReceives?: number;
  readonly deadLetters?: Queue;
}

/** A standard queue gives messages in any order: some come long after others that were sent later. */
const LONGEST_DELAY = 10_000;

/** A standard queue: no order, each message at least once, invisible for a while to whoever comes after its receiver. */
export class Queue {
  readonly listeners: Array<() => void> = [];
  readonly messages: Message[] = [];
  private sent = 0;

  constructor(private readonly simulation: Simulation, readonly name: string, readonly options: QueueOptions) {}

  send(body: string): string {
    this.sent += 1;
    const id = `${this.name}-${this.sent}`;
    const { scheduler, faults, random } = this.simulation;
    const delay = faults.happens('message-delayed') ? random.int(100, LONGEST_DELAY) : 0;
    this.messages.push({ id, body, receives: 0, visibleAt: scheduler.now + delay });
    scheduler.after(delay, () => this.tell());
    return id;
  }

  /** Some of the visible messages, whichever. */
  receive(most: number): Message[] {
    const { scheduler: { now }, random, faults } = this.simulation;
    const visible = this.visible();
    const received: Message[] = [];
    while (received.length < most && visible.length > 0) {
      const index = random.int(0, visible.length - 1);
      if (index > 0) faults.count('message-out-of-order');
      const [message] = visible.splice(index, 1);
      if (this.dies(message)) continue;
      message.receives += 1;
      if (message.receives > 1) faults.count('message-again');
      // One of the servers that keep a message may not hear at once that it was received.
      message.visibleAt = faults.happens('message-twice') ? now : now + this.options.visibility;
      received.push(message);
    }
    return received;
  }

  /** As after a redrive: everything as if it had just been sent. */
  redrive(from: Queue): void {
    for (const { body } of from.messages.splice(0)) this.send(body);
  }

  remove(message: Message): void {
    const index = this.messages.indexOf(message);
    if (index >= 0) this.messages.splice(index, 1);
  }

  visible(): Message[] {
    return this.messages.filter(({ visibleAt }) => visibleAt <= this.simulation.scheduler.now);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private dies(message: Message): boolean {
    const { maxReceives = Infinity, deadLetters } = this.options;
    if (message.receives < maxReceives || deadLetters === undefined) return false;
    this.simulation.faults.count('message-dead');
    this.simulation.trace.add(this.name, () => `${message.id} goes to the dead letters`);
    this.remove(message);
    deadLetters.send(message.body);
    return true;
  }
}

/** SQS as the adapters know it: takes the commands of the client. */
export class SimSqs {
  constructor(private readonly queues: Readonly<Record<string, Queue>>) {}

  execute(command: object): object {
    if (!(command instanceof SendMessageCommand)) throw new Error(`The simulated SQS does not know ${command.constructor.name}`);
    const { QueueUrl: url = '', MessageBody: body = '', ...rest } = command.input;
    if (Object.keys(rest).length > 0 || !(url in this.queues) || body === '') throw new Error(`The simulated SQS does not know ${JSON.stringify(command.input)}`);
    return { MessageId: this.queues[url].send(body) };
  }
}
