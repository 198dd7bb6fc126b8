import type { Style } from '../../local/terminal/style';
import { OpsError } from '../errors';
import type { Interruption } from '../interruption';
import { choosePipeline, isAmong, type Pipeline, pipelinesIn, withStackNames } from '../pipeline';
import type { Aws, RecordFile, Stacks } from '../ports';
import { plural } from '../terminal/words';
import type { Options } from './options';

/** What commands know of the machine that they run on. */
export interface World {
  /** The command's answer. */
  readonly print: (line: string) => void;
  /** What is being done meanwhile: not on the same output as the answer. */
  readonly note: (line: string) => void;
  /** Asks a yes-or-no question; undefined where nobody can be asked. */
  readonly ask?: (question: string) => Promise<boolean>;
  readonly style: Style;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** A random text, new for every run. */
  readonly salt: string;
  readonly directory: string;
  readonly debug: boolean;
  /** Whether the person, or the system, asked the command to stop. */
  readonly interruption: Interruption;
  readonly connect: (options: Options) => Aws;
  readonly recordFile: (name: string) => RecordFile;
}

/** One run of a command. */
export interface Context {
  readonly world: World;
  readonly options: Options;
  readonly aws: Aws;
}

export async function findPipeline({ aws, options: { stack, pipeline, local, region } }: Context): Promise<Pipeline> {
  const stacks = await aws.stacks();
  const outputs = await stacks.outputs(stack);
  if (outputs !== undefined) {
    const own = pipelinesIn(outputs);
    // Nested stacks are asked only when that is needed: it takes a call for each, and a permission more.
    const found = isAmong(own, pipeline) ? own : [...own, ...await nestedPipelines(stacks, stack)];
    return choosePipeline(stack, found, pipeline);
  }
  throw new OpsError(
    `There is no stack '${stack}' ${local ? 'on the local cloud' : `in ${region === undefined ? 'your default region' : region}`}.`,
    local ? '`npx trinity-local status` shows its stacks.' : 'Look at the name, the region (--region) and the account (--profile); --local is for the local cloud.',
  );
}

async function nestedPipelines(stacks: Stacks, stack: string): Promise<Pipeline[]> {
  const found = await Promise.all((await stacks.nested(stack)).map(async (nested) => (
    pipelinesIn(await stacks.outputs(nested.stack) ?? {}).map((pipeline) => ({ nestedStack: nested.logicalId, pipeline }))
  )));
  return withStackNames(found.flat());
}

/** Goes on if the person says so, or said so before with --yes. */
export async function confirm({ world, options }: Context, question: string): Promise<void> {
  world.interruption.check();
  if (options.yes) return;
  if (world.ask === undefined) throw new OpsError(`Not done without a yes: ${question}`, 'Add --yes to do it without being asked.');
  const yes = await world.ask(question);
  world.interruption.check();
  if (!yes) throw new OpsError('Nothing was done.', 'Run it again and answer with y when it should be.');
}

/** Printed if a command on messages has found none. */
export const NOTHING_TO_DO = 'No message is there. Nothing to do.';

/**
 * How many messages a command may take: `--max`, after a yes to the question. None, and without a question, if SQS counts no message
 * at all: nobody can answer a question about nothing. With `--yes` the queue is read whatever the count says, which is approximate.
 */
export async function confirmMessages(context: Context, url: string, question: (extent: string) => string): Promise<number> {
  const { options: { yes, ids, max = Number.POSITIVE_INFINITY }, aws } = context;
  if (!yes && ids.length === 0) {
    const { waiting, held, delayed } = await (await aws.queues()).depth(url);
    if (waiting + held + delayed === 0) return 0;
  }
  await confirm(context, question(await extent(context, url)));
  return max;
}

/** A command that a person may run next, on the same pipeline by the same way. */
export function nextCommand({ options: { stack, pipeline, local, profile, region } }: Context, words: string, more = ''): string {
  const where = Object.entries({ pipeline, profile, region }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]));
  return ['npx trinity-ops', words, `--stack ${stack}`, ...where, ...(local ? ['--local'] : []), ...(more === '' ? [] : [more])].join(' ');
}

/** Which messages the person chose: those of `--id`, or all. */
export function wantedIds({ ids }: Options): (id: string) => boolean {
  const chosen = new Set(ids);
  return (id) => chosen.size === 0 || chosen.has(id);
}

/** How many messages of a queue the person has chosen, in words: `about 12 messages`. */
async function extent({ aws, options: { ids, max } }: Context, url: string): Promise<string> {
  if (ids.length > 0) return plural(ids.length, 'chosen message');
  const { waiting } = await (await aws.queues()).depth(url);
  return max !== undefined && max < waiting ? `${max} of about ${plural(waiting, 'message')}` : `about ${plural(waiting, 'message')}`;
}

/**
 * How many messages nobody but their holder can see, before a command that works on all of them and after it. Both are asked, because
 * SQS counts messages that this command has just deleted as held for some seconds.
 */
export async function hidden({ aws, options: { ids, max } }: Context, url: string): Promise<() => Promise<number>> {
  if (ids.length > 0 || max !== undefined) return async () => 0;
  const queues = await aws.queues();
  const before = await queues.depth(url);
  return async () => (before.held === 0 ? 0 : Math.min(before.held, (await queues.depth(url)).held));
}

/** Reports messages that others hold. True when there are any: they are left to do. */
export function noteHidden({ world }: Context, held: number): boolean {
  if (held === 0) return false;
  world.note(`${plural(held, 'message')} could not be seen: held by another run, or by one that was killed, for up to 15 minutes. Run it again then.`);
  return true;
}

/**
 * Tells of messages which the person has named and that were not found. True where it was none of them: where some were, a
 * repeated command has found what the first one left.
 */
export function missedAll({ world, options: { ids } }: Context, found: number): boolean {
  const missing = new Set(ids).size - found;
  if (missing <= 0) return false;
  world.note(`Of the messages that --id names, ${missing} ${missing === 1 ? 'was' : 'were'} not found: dealt with already, or held by another run for some minutes.`);
  return found === 0;
}
