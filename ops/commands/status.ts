import { table } from '../../local/terminal/table';
import type { VotingOperations } from '../../src/voting/contract';
import type { Depth, Metrics, RingingAlarm } from '../ports';
import { age, instant, plural } from '../terminal/words';
import { type Context, findPipeline, nextCommand } from './context';

interface QueueState extends Depth {
  readonly name: string;
  readonly dead: boolean;
  /** Age of its oldest message in seconds, where CloudWatch has it. */
  readonly oldestSeconds?: number;
}
interface State {
  readonly queues: readonly QueueState[];
  /** Null where CloudWatch has measured nothing. */
  readonly streamAgeMs: number | null;
  readonly alarms: readonly RingingAlarm[];
}

/** Depth and age of all that can pile up, and the alarms that ring: 0 where all is well, 1 where something wants to be looked at. */
export async function status(context: Context): Promise<number> {
  const { world, options } = context;
  const { name, operations } = await findPipeline(context);
  const state = await look(context, operations);
  const deadLetters = state.queues.some(({ dead, waiting, held }) => dead && waiting + held > 0);
  if (options.json) world.print(JSON.stringify({ stack: options.stack, pipeline: name, operations, ...state }, undefined, 2));
  else for (const line of describe(state, deadLetters, context, name)) world.print(line);
  return deadLetters || state.alarms.length > 0 ? 1 : 0;
}

async function look({ aws, options: { stack } }: Context, operations: VotingOperations): Promise<State> {
  const [stacks, queues, metrics] = await Promise.all([aws.stacks(), aws.queues(), aws.metrics()]);
  const urls = [
    { name: 'overflow', dead: false, url: operations.overflowQueue },
    { name: 'overflow dead letters', dead: true, url: operations.overflowDeadLetters },
    { name: 'counting dead letters', dead: true, url: operations.countDeadLetters },
  ];
  const [states, streamAgeMs, alarms] = await Promise.all([
    Promise.all(urls.flatMap(({ name, dead, url }) => (url === undefined ? [] : [queueState(url)])
      .map(async (found): Promise<QueueState> => ({ name, dead, ...await found })))),
    metrics.streamAge(operations.aggregateFunction),
    stacks.alarms(stack).then((names) => metrics.ringing(names)),
  ]);
  return { queues: states, streamAgeMs: streamAgeMs ?? null, alarms };

  async function queueState(url: string): Promise<Depth & Pick<QueueState, 'oldestSeconds'>> {
    const [depth, oldestSeconds] = await Promise.all([queues.depth(url), oldest(metrics, url)]);
    return { ...depth, ...(oldestSeconds === undefined ? {} : { oldestSeconds }) };
  }
}

/** CloudWatch knows a queue by its name, the last part of its URL. */
function oldest(metrics: Metrics, url: string): Promise<number | undefined> {
  return metrics.oldestMessage(url.slice(url.lastIndexOf('/') + 1));
}

function unmeasured({ options: { local } }: Context): string {
  return `an unknown time: ${local ? 'the local cloud does not measure it' : 'CloudWatch measured nothing in the last minutes, as where nobody votes'}`;
}

function describe({ queues, streamAgeMs, alarms }: State, deadLetters: boolean, context: Context, name: string): string[] {
  const { style, now } = context.world;
  const rows = queues.map(({ name: queue, dead, waiting, held, delayed, oldestSeconds }) => [
    dead && waiting + held > 0 ? style.red('✘') : style.green('✔'),
    queue,
    plural(waiting, 'message'),
    held === 0 ? '' : `${held} being read`,
    delayed === 0 ? '' : `${delayed} delayed`,
    waiting === 0 ? '' : `oldest ${oldestSeconds === undefined ? 'unknown' : age(oldestSeconds * 1000)}`,
  ]);
  const ringing = alarms.map(({ name: alarm, description, since }) => [style.red('✘'), alarm, description, since === undefined ? '' : `since ${instant(since)} (${age(now() - since)})`]);
  return [
    style.bold(`Queues of ${name}`),
    ...table(rows),
    `${style.bold('Counting')} is behind the votes by ${streamAgeMs === null ? unmeasured(context) : age(streamAgeMs)}`,
    ...(ringing.length === 0 ? [`${style.bold('Alarms')}: none rings`] : [style.bold(`Alarms (${plural(ringing.length, 'rings', 'ring')})`), ...table(ringing)]),
    ...(deadLetters ? ['', `${nextCommand(context, 'dlq list')}   says what the dead letters are`] : []),
  ];
}
