import { VotingTable } from '../../src/voting/contract';
import { OpsError } from '../errors';
import type { Pipeline } from '../pipeline';
import { copy, requireTableOf } from '../restore/copy';
import type { Service } from '../restore/kinds';
import { Progress } from '../restore/progress';
import { plural } from '../terminal/words';
import { confirm, type Context, findPipeline, nextCommand } from './context';
import { verdictOf } from './recount-report';

const SEGMENTS = 4;
const MOST_SEGMENTS = 64;
/** Lanes are busy until the counter has read what was copied: how often, and how far apart, a poll is tried. */
const RECOUNTS = 5;
const PAUSE_MS = 10_000;

interface Recounted {
  readonly pollId: string;
  readonly roomId?: string;
  readonly proven: boolean;
  readonly verdict: string;
}

/**
 * Copies the items of a restored table into the running one, tallies left behind, and recounts every poll that has ballots among
 * them: 0 when all is copied and proven. It can be stopped and run again; what the running table has stays as it is.
 */
export async function restore(context: Context): Promise<number> {
  const { world, options, aws } = context;
  const { from, dryRun, segments = SEGMENTS } = options;
  if (from === undefined || from === '') throw new OpsError('The restored table is not named.', 'Name it with --from TABLE: the table that DynamoDB has restored beside the running one.');
  if (options.service === undefined) throw new OpsError('It is not said whose table that is.', 'Say --service rooms or --service voting; restore the rooms first.');
  if (segments > MOST_SEGMENTS) throw new OpsError(`--segments is ${segments}.`, `Give a whole number from 1 to ${MOST_SEGMENTS}.`);
  if (!dryRun && (options.record === undefined || options.record === '')) {
    throw new OpsError('No record is named.', 'Name the file that keeps how far the restore has come with --record FILE, or look at what it would do with --dry-run.');
  }
  const pipeline = await findPipeline(context);
  const to = tableOf(pipeline, options.service);
  const items = await aws.items();
  await requireTable(context, from, pipeline);
  const { interruption, sleep, note, now } = world;
  await requireTableOf({ items, interruption, sleep, note, now }, { service: options.service, from, segments });
  const record = dryRun ? undefined : world.recordFile(options.record!);
  if (!dryRun) await confirm(context, `Copy the items of ${from} into ${to} (${pipeline.name})${options.service === 'voting' ? ', and recount its polls' : ''}? Items that ${to} has stay as they are.`);
  const progress = await Progress.of({ service: options.service, from, to, segments }, record);
  if (progress.resumed) world.note(`Going on where the record ${record!.path} ends`);
  await copy({ items, progress, interruption, sleep, note, now }, { service: options.service, from, to, dryRun });
  const polls = dryRun || options.service === 'rooms' ? [] : await recountAll(context, pipeline, progress);

  const { written, ...read } = progress.counts;
  if (options.json) world.print(JSON.stringify({ service: options.service, from, to, dryRun, read, copied: written, polls }, undefined, 2));
  else for (const line of describe(context, progress, polls, { from, to })) world.print(line);
  return polls.every(({ proven }) => proven) ? 0 : 1;
}

function tableOf({ name, operations }: Pipeline, service: Service): string {
  const table = service === 'voting' ? operations.table : operations.roomsTable;
  if (table !== undefined) return table;
  throw new OpsError(`The Operations output of ${name} does not name the table of the rooms.`, 'Deploy the stack again with this version first.');
}

async function requireTable({ aws }: Context, from: string, { operations }: Pipeline): Promise<void> {
  if (from === operations.table || from === operations.roomsTable) throw new OpsError(`${from} is a running table.`, 'Restore to another name first: aws dynamodb restore-table-to-point-in-time --target-table-name …');
  const keys = await (await aws.items()).keys(from);
  if (keys === undefined) throw new OpsError(`There is no table ${from}.`, 'Look at its name, the region (--region) and the account (--profile); a restore takes minutes to hours.');
  const wanted = [VotingTable.PARTITION_KEY, VotingTable.SORT_KEY];
  if (keys.join() !== wanted.join()) throw new OpsError(`The keys of ${from} are ${keys.join(' and ')}.`, `It is no table of this library: their keys are ${wanted.join(' and ')}.`);
}

async function recountAll(context: Context, { operations }: Pipeline, progress: Progress): Promise<Recounted[]> {
  const { world, aws } = context;
  const recounts = await aws.recounts();
  const done: Recounted[] = [];
  const { open } = progress;
  for (const [index, { pollId, roomId }] of open.entries()) {
    world.interruption.check();
    world.note(`Recounting poll ${pollId} (${index + 1} of ${open.length})`);
    if (roomId === undefined) {
      done.push({ pollId, proven: false, verdict: 'the restored table has ballots of it and not the poll' });
      continue;
    }
    let [proven, verdict] = [false, ''];
    for (let attempt = 0; attempt < RECOUNTS && !proven; attempt += 1) {
      if (attempt > 0) await world.interruption.race(world.sleep(PAUSE_MS));
      try {
        const request = { roomId, pollId, mend: true };
        const result = await world.interruption.race(recounts.recount(operations.recountFunction, request, world.interruption.signal));
        [proven, verdict] = [result.equal, verdictOf(result)];
      } catch (error) {
        world.interruption.check();
        verdict = (error as Error).message;
      }
    }
    if (proven) await progress.prove(pollId);
    done.push({ pollId, roomId, proven, verdict });
  }
  return done;
}

interface Tables {
  readonly from: string;
  readonly to: string;
}

function describe(context: Context, { counts }: Progress, polls: readonly Recounted[], { from, to }: Tables): string[] {
  const { world: { style }, options: { dryRun, service } } = context;
  const copied = counts.poll + counts.ballot + counts.item;
  const parts = service === 'rooms' ? '' : `: ${plural(counts.poll, 'poll')}, ${plural(counts.ballot, 'ballot')}, ${plural(counts.item, 'other item')}`;
  const behind = `Left behind: ${plural(counts.tally, 'item')} of tallies, ${plural(counts.marker, 'marker')} of recounts, ${plural(counts.expired, 'expired item')}.`;
  if (dryRun) return [`${from} has ${plural(copied, 'item')} to copy${parts}. Those that ${to} has would stay as they are.`, behind, 'Nothing was written.'];
  const unproven = polls.filter(({ proven }) => !proven);
  return [
    `${plural(counts.written, 'item')} copied into ${to}, ${(copied - counts.written).toLocaleString('en-US')} already there${parts}.`,
    behind,
    ...(service === 'rooms' ? [] : [`${plural(polls.length - unproven.length, 'poll')} recounted: the tallies equal the ballots.`]),
    ...unproven.map(({ pollId, verdict }) => `${style.red('✘')} poll ${pollId}: ${verdict}`),
    ...(unproven.length === 0 ? [] : ['Run the same command again: it goes on from its record.']),
    ...(service === 'rooms' ? [] : [`Dead letters that asked for these recounts go with: ${nextCommand(context, 'dlq redrive', '--queue count')}`]),
  ];
}
