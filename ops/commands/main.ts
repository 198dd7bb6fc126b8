import { onScreen } from '../../local/terminal/printable';
import { OpsError } from '../errors';
import { Interrupted } from '../interruption';
import { describeFailure } from '../terminal/failure';
import type { Context, World } from './context';
import { dlqDrop } from './dlq-drop';
import { dlqList } from './dlq-list';
import { dlqRedrive } from './dlq-redrive';
import { type OptionName, parseOptions } from './options';
import { recount } from './recount';
import { restore } from './restore';
import { status } from './status';
import { USAGE } from './usage';
import { warm } from './warm';

interface Command {
  readonly run: (context: Context) => Promise<number>;
  readonly options: readonly OptionName[];
}

const COMMANDS: Readonly<Record<string, Command>> = {
  'status': { run: status, options: [] },
  'recount': { run: recount, options: ['room', 'poll', 'mend', 'reveal', 'yes'] },
  'restore': { run: restore, options: ['from', 'service', 'record', 'segments', 'dry-run', 'yes'] },
  'warm': { run: warm, options: ['votes-per-second', 'yes'] },
  'dlq list': { run: dlqList, options: ['queue', 'max', 'reveal', 'yes'] },
  'dlq redrive': { run: dlqRedrive, options: ['queue', 'max', 'id', 'poll', 'all-recent', 'yes'] },
  'dlq drop': { run: dlqDrop, options: ['queue', 'max', 'id', 'reason', 'record', 'yes'] },
};

/** Runs one command, and answers with its exit status. Errors are told as what happened and what to do; a stack trace only with DEBUG. */
export async function main(argv: readonly string[], outside: World): Promise<number> {
  const world: World = {
    ...outside,
    print: (line) => outside.print(onScreen(line)),
    note: (line) => outside.note(onScreen(line)),
    ...(outside.ask === undefined ? {} : { ask: (question) => outside.ask!(onScreen(question)) }),
  };
  const exitStatus = await dispatch(argv, world).catch((error) => {
    if (error instanceof Interrupted) return error.exitStatus;
    for (const line of describeFailure(error, world.style, world.debug)) world.note(line);
    return 1;
  });
  const { interrupted } = world.interruption;
  if (interrupted === undefined) return exitStatus;
  world.note('Stopped. Messages that were held are given back; what was done stays done, and the same command goes on from there.');
  return interrupted.exitStatus;
}

async function dispatch(argv: readonly string[], world: World): Promise<number> {
  const from = argv.findIndex((argument) => argument.startsWith('-'));
  const words = from < 0 ? argv : argv.slice(0, from);
  if (argv.includes('--help') || argv.includes('-h') || words.length === 0 && argv.length === 0 || words[0] === 'help') {
    world.print(USAGE);
    return 0;
  }
  const name = words.join(' ');
  const command = COMMANDS[name];
  if (command === undefined) {
    throw new OpsError(
      name === '' ? 'No command is given.' : `There is no command '${name}'.`, `The commands are ${Object.keys(COMMANDS).join(', ')}, each before its options; --help tells more.`,
    );
  }
  const options = parseOptions(from < 0 ? [] : argv.slice(from), command.options, world.directory);
  return command.run({ world, options, aws: world.connect(options) });
}
