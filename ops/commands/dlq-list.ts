import { describeGroups, letterJson } from '../letters/describe';
import { decoded, type Group, groupByReason } from '../letters/group';
import { reading } from '../letters/reading';
import { REVEALED, veiled } from '../letters/veil';
import { deadLettersOf, type Pipeline, type QueueName } from '../pipeline';
import type { Depth, Queues } from '../ports';
import { instant, plural } from '../terminal/words';
import { confirm, type Context, findPipeline, nextCommand } from './context';

/** Long enough to read some hundred messages; nobody else sees them so long. */
const HOLD_SECONDS = 30;
const MOST = 1_000;

const WHOSE: Readonly<Record<QueueName, string>> = { count: 'Ballots that could not be counted', overflow: 'Accepted ballots that could not be written' };

interface Listed {
  readonly queue: QueueName;
  readonly url: string;
  readonly depth: Depth;
  readonly groups: readonly Group[];
  readonly read: number;
}

/** What lies in the dead-letter queues, by reason. The messages are given back as they were. */
export async function dlqList(context: Context): Promise<number> {
  const { world, options, aws } = context;
  if (options.reveal) await confirm(context, 'Ballots are secret. Show who voted what?');
  const pipeline = await findPipeline(context);
  const veil = options.reveal ? REVEALED : veiled(world.salt);
  const queues = await aws.queues();
  const listed = await Promise.all(queuesOf(pipeline, options.queue)
    .map((queue) => list(context, queues, queue, deadLettersOf(pipeline, queue))));

  if (options.json) {
    world.print(JSON.stringify({
      stack: options.stack,
      pipeline: pipeline.name,
      queues: listed.map(({ queue, url, depth, groups, read }) => ({
        queue,
        url,
        ...depth,
        read,
        groups: groups.map(({ reason, letters, oldest, newest }) => ({
          reason,
          count: letters.length,
          oldest: instant(oldest),
          newest: instant(newest),
          messages: letters.map((item) => letterJson(item, veil)),
        })),
      })),
    }, undefined, 2));
    return 0;
  }
  const view = { style: world.style, veil, now: world.now() };
  for (const { queue, depth, groups, read } of listed) {
    world.print(`${world.style.bold(WHOSE[queue])} ${world.style.dim(`(--queue ${queue}): ${state(read, depth)}`)}`);
    for (const line of describeGroups(groups, view)) world.print(line);
    for (const line of advice(queue, read, context)) world.print(line);
  }
  return 0;
}

function queuesOf({ operations }: Pipeline, wanted: QueueName | undefined): QueueName[] {
  if (wanted !== undefined) return [wanted];
  return operations.overflowDeadLetters === undefined ? ['count'] : ['count', 'overflow'];
}

function list({ world: { interruption }, options: { max = MOST } }: Context, queues: Queues, queue: QueueName, url: string): Promise<Listed> {
  return reading(queues, { url, holdSeconds: HOLD_SECONDS, interruption }, async (letters) => {
    const depth = await queues.depth(url);
    const found = await letters.upTo(max);
    return { queue, url, depth, groups: groupByReason(found.map(decoded)), read: found.length };
  });
}

function state(read: number, { waiting, held }: Depth): string {
  const others = held === 0 ? '' : `; ${held} held by somebody else just now`;
  if (read === 0) return `no dead letters${others}`;
  return `${plural(read, 'message')}${waiting > read ? ` of about ${waiting}, --max reads more` : ''}${others}`;
}

function advice(queue: QueueName, read: number, context: Context): string[] {
  if (read === 0) return [''];
  const does = queue === 'count' ? 'recounts the polls concerned from their ballots' : 'writes them once more';
  return [
    `  Mend the cause, then: ${nextCommand(context, 'dlq redrive', `--queue ${queue}`)}   ${does}`,
    `  Or give them up:      ${nextCommand(context, 'dlq drop', `--queue ${queue} --reason "…" --record FILE`)}`,
    '',
  ];
}
