import { drop } from '../drop';
import { OpsError } from '../errors';
import { deadLettersOf } from '../pipeline';
import { plural } from '../terminal/words';
import { confirmMessages, type Context, findPipeline, hidden, missedAll, noteHidden, NOTHING_TO_DO, wantedIds } from './context';
import { requireQueue } from './options';

/** Gives dead letters up: written down with who and why, then deleted. */
export async function dlqDrop(context: Context): Promise<number> {
  const { world, options, aws } = context;
  const queue = requireQueue(options);
  const { reason, record } = options;
  if (reason === undefined || reason === '') throw new OpsError('No reason is given.', 'Say why with --reason "…": it is kept in the record.');
  if (record === undefined || record === '') throw new OpsError('No record is named.', 'Name the file that keeps what is dropped with --record FILE; lines are added to one that is there.');
  const pipeline = await findPipeline(context);
  const url = deadLettersOf(pipeline, queue);
  const queues = await aws.queues();
  const { arn, account } = await (await aws.identity()).whoAmI();
  const stillHidden = await hidden(context, url);
  const most = await confirmMessages(context, url, (extent) => `Drop ${extent} of ${pipeline.name} (--queue ${queue}, account ${account}) for good?`);

  const file = world.recordFile(record);
  const { dropped, kept } = await drop({ queues, record: file, now: world.now, interruption: world.interruption }, {
    url,
    most,
    wanted: wantedIds(options),
    note: { who: arn, account, stack: options.stack, pipeline: pipeline.name, queue, reason },
  });
  const held = await stillHidden();
  if (options.json) world.print(JSON.stringify({ queue, dropped, kept, hidden: held, record: file.path }, undefined, 2));
  else for (const line of describe(dropped, kept, file.path)) world.print(line);
  const left = [missedAll(context, dropped + kept), noteHidden(context, held)].includes(true);
  return kept === 0 && !left ? 0 : 1;
}

function describe(dropped: number, kept: number, record: string): string[] {
  if (dropped + kept === 0) return [NOTHING_TO_DO];
  return [
    `${plural(dropped, 'message')} dropped. The record, with their whole content (keep it as secret as ballots), is ${record}`,
    ...(kept === 0 ? [] : [`Not deleted, and left in the queue: ${plural(kept, 'message')}. The record says so. Run it again.`]),
  ];
}
