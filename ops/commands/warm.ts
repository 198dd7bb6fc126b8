import { OpsError } from '../errors';
import type { Tables, WarmThroughput } from '../ports';
import { TABLE_QUOTA, units, unitsFor, type WarmUp, warmUps } from '../warm';
import { confirm, type Context, findPipeline } from './context';

const POLL_MS = 5_000;
/** The package's own files are elsewhere on every machine. */
const CAPACITY = 'https://github.com/trinity-constructs/trinity-constructs/blob/main/src/voting/README.md#capacity';
const PRICES = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';

/**
 * Raises what the tables take at once, before an event: 0 when they take the peak. It is an operation and no part of the template,
 * because warm throughput can only rise, and a table raises it by itself: a declared value would one day be refused (ADR 0013).
 */
export async function warm(context: Context): Promise<number> {
  const { world, options, aws } = context;
  if (options.votesPerSecond === undefined) throw new OpsError('The peak is not named.', 'Name it: --votes-per-second N, the most votes per second that you expect.');
  const { name, operations } = await findPipeline(context);
  const tables = await aws.tables();
  const needed = unitsFor(options.votesPerSecond);
  if (operations.roomsTable === undefined) world.note('The stack was deployed by an older version, which does not name the table of the rooms: only the voting table is looked at.');
  const targets: Array<readonly [string, WarmThroughput]> = [
    [operations.table, { writeUnits: needed }],
    ...(operations.roomsTable === undefined ? [] : [[operations.roomsTable, { readUnits: needed }] as const]),
  ];

  // A warm-up that has begun is waited for: until it ends, DescribeTable does not say what the table takes.
  for (const [table] of targets) await untilWarm(context, tables, table);
  const raised: WarmUp[] = [];
  for (const [table, target] of targets) raised.push(...warmUps(table, await tables.throughput(table), target));
  if (raised.length > 0) {
    if (options.local) return reportLocal(context, name, raised);
    for (const line of consequences(raised)) world.note(line);
    await confirm(context, `Warm ${name} for ${units(options.votesPerSecond)} votes per second? It is charged once, and cannot be undone.`);
    for (const { table, kind, to } of raised) {
      world.interruption.check();
      await tables.warm(table, kind === 'write' ? { writeUnits: to } : { readUnits: to });
    }
    for (const { table } of raised) await untilWarm(context, tables, table);
  }
  const { stack, votesPerSecond } = options;
  if (options.json) world.print(JSON.stringify({ stack, pipeline: name, votesPerSecond, raised }, undefined, 2));
  else for (const line of describe(raised, votesPerSecond)) world.print(line);
  return 0;
}

/** The emulator takes a request for warm throughput and keeps nothing of it, so none is made: the answer is what AWS would be asked for. */
function reportLocal({ world, options: { stack, votesPerSecond, json } }: Context, pipeline: string, onAws: readonly WarmUp[]): number {
  if (json) world.print(JSON.stringify({ stack, pipeline, votesPerSecond, raised: [], onAws }, undefined, 2));
  else for (const line of ['The local cloud has no warm throughput: nothing is changed here. On AWS this would be raised:', ...consequences(onAws)]) world.print(line);
  return 0;
}

function consequences(raised: readonly WarmUp[]): string[] {
  return [
    ...raised.map(({ table, kind, from, to }) => `${table}: ${units(from)} → ${units(to)} ${kind} units per second, ${units(to - from)} more`),
    `AWS charges once for the units above those that a table has, and nothing for keeping them: ${PRICES}`,
    'Warm throughput only rises: it cannot be lowered afterwards.',
    ...(raised.some(({ to }) => to > TABLE_QUOTA)
      ? [`More than ${units(TABLE_QUOTA)} units per second are above the default quota of a table: AWS refuses them until Service Quotas has raised it.`] : []),
  ];
}

/** AWS warms a table by itself, for minutes or longer: to stop waiting does not stop it. */
async function untilWarm({ world }: Context, tables: Tables, table: string): Promise<void> {
  for (let waits = 0; (await tables.throughput(table)).warming; waits += 1) {
    if (waits === 0) world.note(`AWS is warming ${table}; it goes on if you stop waiting`);
    await world.interruption.race(world.sleep(POLL_MS));
  }
}

function describe(raised: readonly WarmUp[], votesPerSecond: number): string[] {
  if (raised.length === 0) return [`The tables take ${units(votesPerSecond)} votes per second already. Nothing was changed, nothing is charged.`];
  return [
    ...raised.map(({ table, kind, to }) => `${table} takes ${units(to)} ${kind} units per second at once.`),
    `Lambda concurrency and the throttle of the API have to fit as well: ${CAPACITY}`,
  ];
}
