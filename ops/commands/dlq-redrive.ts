import { table } from '../../local/terminal/table';
import { OpsError } from '../errors';
import { deadLettersOf, type Pipeline } from '../pipeline';
import { type CountRedriven, type KeptLetter, type RecountedPoll, redriveCount } from '../redrive/count';
import { type OverflowRedriven, redriveOverflow } from '../redrive/overflow';
import { RoomFinder } from '../redrive/rooms';
import { plural } from '../terminal/words';
import { confirmMessages, type Context, findPipeline, hidden, missedAll, nextCommand, noteHidden, NOTHING_TO_DO, wantedIds } from './context';
import { requireQueue } from './options';
import { verdictOf, withoutCounts } from './recount-report';

/** Makes good what the dead letters stand for: 0 where nothing is left of what was asked for, 1 where something stays. */
export async function dlqRedrive(context: Context): Promise<number> {
  const queue = requireQueue(context.options);
  const pipeline = await findPipeline(context);
  if (queue === 'overflow') {
    const { polls, allRecent } = context.options;
    if (polls.length > 0 || allRecent) throw new OpsError('--poll and --all-recent say what to recount, which --queue overflow does not.', 'Leave them out, or choose --queue count.');
    return overflow(context, pipeline);
  }
  return count(context, pipeline);
}

async function overflow(context: Context, pipeline: Pipeline): Promise<number> {
  const { world, options, aws } = context;
  const from = deadLettersOf(pipeline, 'overflow');
  const to = pipeline.operations.overflowQueue;
  if (to === undefined) throw new OpsError(`The Operations output of ${pipeline.name} names no overflow queue.`, 'Deploy the stack again.');
  const queues = await aws.queues();
  const stillHidden = await hidden(context, from);
  const most = await confirmMessages(context, from, (extent) => `Move ${extent} back to the overflow queue of ${pipeline.name}?`);
  const done = await redriveOverflow(queues, {
    from,
    to,
    most,
    wanted: wantedIds(options),
    startedAt: world.now(),
    interruption: world.interruption,
    onMoved: (moved) => world.note(`${plural(moved, 'message')} moved`),
  });
  const held = await stillHidden();
  if (options.json) world.print(JSON.stringify({ queue: 'overflow', ...done, hidden: held }, undefined, 2));
  else for (const line of describeOverflow(done, context)) world.print(line);
  const left = [missedAll(context, done.moved + done.malformed + done.refused), noteHidden(context, held)].includes(true);
  return done.malformed + done.refused === 0 && !left ? 0 : 1;
}

function describeOverflow({ moved, malformed, refused, doubled }: OverflowRedriven, context: Context): string[] {
  if (moved + malformed + refused + doubled === 0) return [NOTHING_TO_DO];
  return [
    `${plural(moved, 'ballot')} moved back to the overflow queue; the drain writes them now. A ballot that is delivered twice counts once.`,
    ...(doubled === 0 ? [] : [`Sent, but not deleted here: ${plural(doubled, 'message')}. To redrive or drop them is harmless: their ballots are written once.`]),
    ...(refused === 0 ? [] : [`Not taken by the queue, and left here: ${plural(refused, 'message')}. Run it again.`]),
    ...(malformed === 0 ? [] : [
      `Left here, since the drain cannot read them: ${plural(malformed, 'message')}.`,
      `  ${nextCommand(context, 'dlq list', '--queue overflow')}   says why; dlq drop gives them up, with a record.`,
    ]),
  ];
}

async function count(context: Context, pipeline: Pipeline): Promise<number> {
  const { world, options, aws } = context;
  const { operations } = pipeline;
  const queues = await aws.queues();
  const stillHidden = await hidden(context, operations.countDeadLetters);
  const most = await confirmMessages(context, operations.countDeadLetters, (extent) => `Recount and mend the polls of ${extent}, and delete those that are made good?`);
  const done = await redriveCount({
    queues,
    recounts: await aws.recounts(),
    streams: () => aws.streams(),
    rooms: new RoomFinder(() => aws.polls(), operations.table, world.note, world.interruption),
    note: world.note,
    interruption: world.interruption,
  }, {
    url: operations.countDeadLetters,
    recountFunction: operations.recountFunction,
    most,
    wanted: wantedIds(options),
    named: options.polls,
    allRecent: options.allRecent,
  });
  const held = await stillHidden();
  if (options.json) world.print(JSON.stringify({ queue: 'count', ...done, polls: done.polls.map(shownPoll), hidden: held }, undefined, 2));
  else for (const line of describeCount(done, context)) world.print(line);
  const left = [missedAll(context, done.removed + done.kept.length), noteHidden(context, held)].includes(true);
  return done.kept.length === 0 && !left ? 0 : 1;
}

function shownPoll({ result, ...poll }: RecountedPoll): RecountedPoll {
  return { ...poll, ...(result === undefined ? {} : { result: withoutCounts(result) }) };
}

function describeCount({ polls, removed, kept }: CountRedriven, { world: { style } }: Context): string[] {
  if (polls.length + removed + kept.length === 0) return [NOTHING_TO_DO];
  const rows = polls.map(({ pollId, result, failure }) => {
    const mark = result?.equal === true ? style.green('✔') : style.red('✘');
    return [mark, `poll ${pollId}`, result === undefined ? failure ?? '' : verdictOf(result)];
  });
  return [
    ...table(rows),
    `${plural(removed, 'message')} made good and deleted.`,
    ...(kept.length === 0 ? [] : [
      `Left in the queue: ${plural(kept.length, 'message')}.`,
      ...table(kept.map(({ id, why }) => [style.dim(id), why])),
      ...[...new Set(kept.map(({ cause }) => `  ${NEXT[cause]}`))],
    ]),
  ];
}

/** What to do about a message that was left, by why it was. */
const NEXT: Readonly<Record<KeptLetter['cause'], string>> = {
  forgotten: 'Name the polls with --poll ROOM/POLL, or recount every poll that can have been concerned with --all-recent.',
  none: 'What concerns no tally can only be dropped, with a record: npx trinity-ops dlq drop.',
  unreadable: 'Look at the item whose key `npx trinity-ops dlq list` shows, and mend or delete it; or give the message up, with a record: npx trinity-ops dlq drop.',
  unproven: 'A busy poll can be proven when fewer votes arrive and counting is not behind (`npx trinity-ops status` says): run it again then.',
  undeleted: 'Run it again.',
};
