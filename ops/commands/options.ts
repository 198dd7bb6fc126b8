import { parseArgs, type ParseArgsConfig } from 'node:util';
import { OpsError } from '../errors';
import type { QueueName } from '../pipeline';
import { type NamedPoll, toNamedPoll } from '../redrive/rooms';
import type { Service } from '../restore/kinds';

type Known = NonNullable<ParseArgsConfig['options']>;

const ALL = {
  'stack': { type: 'string', short: 's' },
  'pipeline': { type: 'string' },
  'local': { type: 'boolean' },
  'directory': { type: 'string' },
  'profile': { type: 'string' },
  'region': { type: 'string' },
  'json': { type: 'boolean' },
  'yes': { type: 'boolean', short: 'y' },
  'queue': { type: 'string', short: 'q' },
  'max': { type: 'string' },
  'id': { type: 'string', multiple: true },
  'reveal': { type: 'boolean' },
  'reason': { type: 'string' },
  'record': { type: 'string' },
  'room': { type: 'string' },
  'poll': { type: 'string', multiple: true },
  'all-recent': { type: 'boolean' },
  'mend': { type: 'boolean' },
  'votes-per-second': { type: 'string' },
  'from': { type: 'string' },
  'service': { type: 'string' },
  'segments': { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const satisfies Known;

export type OptionName = keyof typeof ALL;
export const OPTION_NAMES = Object.keys(ALL) as OptionName[];

/** What every command takes. */
const COMMON: readonly OptionName[] = ['stack', 'pipeline', 'local', 'directory', 'profile', 'region', 'json'];

/** What the command line says. */
export interface Options {
  readonly stack: string;
  readonly pipeline?: string;
  readonly local: boolean;
  readonly directory: string;
  readonly profile?: string;
  readonly region?: string;
  readonly json: boolean;
  readonly yes: boolean;
  readonly queue?: QueueName;
  readonly max?: number;
  readonly ids: readonly string[];
  readonly reveal: boolean;
  readonly reason?: string;
  readonly record?: string;
  readonly room?: string;
  readonly polls: readonly NamedPoll[];
  readonly allRecent: boolean;
  readonly mend: boolean;
  readonly votesPerSecond?: number;
  readonly from?: string;
  readonly service?: Service;
  readonly segments?: number;
  readonly dryRun: boolean;
}

/** Reads the options of one command. What it does not take is refused: a `drop` with a `--poll` must not drop more than was meant. */
export function parseOptions(args: readonly string[], own: readonly OptionName[], directory: string): Options {
  const values = parse(args, [...COMMON, ...own]);
  if (values.stack === undefined || values.stack === '') {
    throw new OpsError('The stack is not named.', 'Name the deployed stack of the voting pipeline with --stack; `npx cdk list` shows the names of an app.');
  }
  return {
    stack: values.stack,
    pipeline: values.pipeline,
    local: values.local === true,
    directory: values.directory ?? directory,
    profile: values.profile,
    region: values.region,
    json: values.json === true,
    yes: values.yes === true,
    queue: values.queue === undefined ? undefined : toQueue(values.queue),
    max: toWhole('max', values.max),
    ids: values.id ?? [],
    reveal: values.reveal === true,
    reason: values.reason?.trim(),
    record: values.record,
    room: values.room,
    polls: (values.poll ?? []).map(toNamedPoll),
    allRecent: values['all-recent'] === true,
    mend: values.mend === true,
    votesPerSecond: toWhole('votes-per-second', values['votes-per-second']),
    from: values.from,
    service: values.service === undefined ? undefined : toService(values.service),
    segments: toWhole('segments', values.segments),
    dryRun: values['dry-run'] === true,
  };
}

interface Values {
  'stack'?: string;
  'pipeline'?: string;
  'local'?: boolean;
  'directory'?: string;
  'profile'?: string;
  'region'?: string;
  'json'?: boolean;
  'yes'?: boolean;
  'queue'?: string;
  'max'?: string;
  'id'?: string[];
  'reveal'?: boolean;
  'reason'?: string;
  'record'?: string;
  'room'?: string;
  'poll'?: string[];
  'all-recent'?: boolean;
  'mend'?: boolean;
  'votes-per-second'?: string;
  'from'?: string;
  'service'?: string;
  'segments'?: string;
  'dry-run'?: boolean;
}

function parse(args: readonly string[], names: readonly OptionName[]): Values {
  try {
    const options = Object.fromEntries(names.map((name) => [name, ALL[name]]));
    return parseArgs({ args: [...args], allowPositionals: false, options }).values as Values;
  } catch (error) {
    throw new OpsError(`${(error as Error).message.split('. ')[0].replace(/\.$/, '')}.`, `This command takes ${names.map((name) => `--${name}`).join(', ')}; --help tells more.`);
  }
}

function toQueue(text: string): QueueName {
  if (text === 'count' || text === 'overflow') return text;
  throw new OpsError(`There is no queue '${text}'.`, '--queue is count (ballots that could not be counted) or overflow (ballots that could not be written).');
}

function toService(text: string): Service {
  if (text === 'voting' || text === 'rooms') return text;
  throw new OpsError(`There is no service '${text}'.`, '--service is rooms or voting.');
}

function toWhole(name: OptionName, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new OpsError(`--${name} is '${text}'.`, 'Give a whole number from 1 on.');
  return number;
}

/** The queue of a command that works on one. */
export function requireQueue({ queue }: Options): QueueName {
  if (queue !== undefined) return queue;
  throw new OpsError('The queue is not named.', 'Name it: --queue count (ballots that could not be counted) or --queue overflow (ballots that could not be written).');
}
