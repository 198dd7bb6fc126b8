import { AwsClient } from '../aws/client';
import { StateError } from '../errors';
import { followLogs } from '../logs/follow';
import { followMails, readTimedMails, type TimedMail } from '../logs/mail';
import { LogReader } from '../logs/reader';
import { StateFile } from '../run/state';
import { DEFAULT_REGION } from '../safety/environment';
import { logLine, mailLine } from '../terminal/log-line';
import { say } from '../terminal/printable';
import { Style } from '../terminal/style';
import type { LocalFunction, LogEvent } from '../types';
import type { Options } from './options';
import { tellStale } from './stale';

/** What stands for the mails instead of a function's name. */
const MAIL = 'mail';

/** What the functions of the running local cloud logged, and the mails that it did not send; with `--follow` what comes from now on, too. */
export async function logs({ directory, positionals: [wanted], follow }: Options): Promise<number> {
  const state = new StateFile(directory).read(tellStale);
  if (state?.cloud === undefined) throw new StateError('The local cloud of this app does not run.', 'Start it with `npx trinity-local up`.');

  const functions = select(state.cloud.functions, wanted);
  const withMails = wanted === undefined || wanted.toLowerCase() === MAIL;
  const { endpoint, credentials } = state.cloud;
  const cloud = { endpoint, credentials, region: DEFAULT_REGION };
  const aws = new AwsClient({ ...cloud, clock: Date.now });
  const reader = new LogReader(aws, () => functions, 0);
  const style = Style.of(process.stdout);
  const print = ({ timestamp, function: name, message }: LogEvent): void => {
    const line = logLine(timestamp, name, message, style);
    if (line !== undefined) say(line);
  };
  const printMail = (mail: TimedMail): void => say(mailLine(mail.timestamp, mail, style));
  const mails = withMails ? await readTimedMails(cloud) : [];
  const lines = [
    ...(await reader.read()).map((event) => ({ timestamp: event.timestamp, show: () => print(event) })),
    ...mails.map((mail) => ({ timestamp: mail.timestamp, show: () => printMail(mail) })),
  ];
  for (const { show } of lines.sort((a, b) => a.timestamp - b.timestamp)) show();
  if (follow) {
    const interrupted = new AbortController();
    process.once('SIGINT', () => interrupted.abort());
    await Promise.all([
      followLogs(reader, print, interrupted.signal),
      withMails ? followMails(cloud, printMail, interrupted.signal, mails.length) : undefined,
    ]);
  }
  aws.close();
  return 0;
}

function select(functions: readonly LocalFunction[], wanted: string | undefined): readonly LocalFunction[] {
  if (wanted === undefined) return functions;
  const found = functions.filter(({ name, functionName }) => `${name}\n${functionName}`.toLowerCase().includes(wanted.toLowerCase()));
  if (found.length > 0 || wanted.toLowerCase() === MAIL) return found;
  throw new StateError(`No function is called '${wanted}'.`, `There are ${functions.map(({ name }) => name).join(', ')}; '${MAIL}' shows the mails that were not sent.`);
}
