import { parseArgs } from 'node:util';
import { StateError } from '../errors';
import { report } from '../terminal/failure';
import { say } from '../terminal/printable';
import { doctor } from './doctor';
import { down } from './down';
import { env } from './env';
import { logs } from './logs';
import type { Options } from './options';
import { status } from './status';
import { up } from './up';

const USAGE = `Runs a CDK app on this machine: its stacks on an emulator of AWS, with IAM enforced.

  npx trinity-local up [stack...]        deploy the app of this folder, follow its logs, deploy again on change
  npx trinity-local status               what runs, and where it answers
  npx trinity-local logs [function|mail] what the functions logged, and mails; --follow for what they log from now on
  npx trinity-local env                  this run's key and secret for your shell: eval "$(npx trinity-local env)"
  npx trinity-local down                 end the local cloud of this folder's app
  npx trinity-local doctor               check what is needed: Python, ports, disk, the CDK CLI

  --app <command or cdk.out>         instead of the app of cdk.json
  --directory <folder>               instead of the current folder
  --port <number>                    the port of the emulator; by default 4566 if it is free
  --no-watch                         do not deploy again on change
  --no-logs                          do not follow the logs
  --once                             deploy, print the table, and end: is the app deployable?

AWS_ENDPOINT_URL names a running emulator to use instead of starting one. Only loopback addresses are taken.
TRINITY_LOCAL_ACCESS_KEY_ID and TRINITY_LOCAL_SECRET_ACCESS_KEY are the credentials of that emulator.`;

const COMMANDS: Readonly<Record<string, (options: Options) => Promise<number>>> = { up, down, status, logs, env, doctor };

/** Runs one command. Errors of the local cloud are told as what happened and what to do; a stack trace only with DEBUG. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that went, as `head` does, is no reason to complain.
  process.stdout.on('error', () => undefined);
  try {
    process.exitCode = await dispatch(argv);
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const { values, positionals: [name, ...positionals] } = parse(argv);
  if (values.help === true || name === undefined || name === 'help') {
    say(USAGE);
    return 0;
  }
  const command = COMMANDS[name];
  if (command === undefined) throw new StateError(`There is no command '${name}'.`, 'The commands are up, status, logs, env, down and doctor; --help tells more.');
  return command({
    positionals,
    directory: values.directory ?? process.cwd(),
    app: values.app,
    port: values.port === undefined ? undefined : toPort(values.port),
    watch: values['no-watch'] !== true,
    logs: values['no-logs'] !== true,
    once: values.once === true,
    follow: values.follow === true,
  });
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        'app': { type: 'string', short: 'a' },
        'directory': { type: 'string' },
        'port': { type: 'string', short: 'p' },
        'no-watch': { type: 'boolean' },
        'no-logs': { type: 'boolean' },
        'once': { type: 'boolean' },
        'follow': { type: 'boolean', short: 'f' },
        'help': { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new StateError((error as Error).message, '--help shows the options.');
  }
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new StateError(`'${text}' is no port.`, 'A port is a number from 1 to 65535.');
  return port;
}
