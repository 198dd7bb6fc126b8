import { constants } from 'node:os';
import { basename, resolve } from 'node:path';
import { AwsClient } from '../aws/client';
import { readCdkJson } from '../deploy/synthesis';
import { CancelledError, EmulatorError, StateError } from '../errors';
import { followLogs } from '../logs/follow';
import { followMails } from '../logs/mail';
import { LogReader } from '../logs/reader';
import { type DeployedState, StateFile } from '../run/state';
import { startLocalCloud } from '../start';
import { report } from '../terminal/failure';
import { logLine, mailLine } from '../terminal/log-line';
import { say } from '../terminal/printable';
import { ProgressLines } from '../terminal/progress';
import { duration, Style } from '../terminal/style';
import type { LocalCloud } from '../types';
import { watch } from '../watch';
import type { Options } from './options';
import { describeCloud } from './report';
import { tellStale } from './stale';

/** The port that emulators of AWS are looked for at. */
const USUAL_PORT = 4566;

export async function up(options: Options): Promise<number> {
  const directory = resolve(options.directory);
  const app = options.app ?? readCdkJson(directory)?.app;
  if (app === undefined) {
    throw new StateError(`${directory} is no CDK app: it has no cdk.json with an 'app'.`, 'Go to the app\'s folder, or name it with --directory or --app.');
  }
  const state = new StateFile(directory);
  state.claim(new Date(), tellStale);
  const interruption = interruptions();
  try {
    return await new Session(options, directory, app, state, interruption).run();
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    say('\nStopped. Nothing is left running.');
    return 128 + (constants.signals[interruption.signalName() ?? 'SIGINT'] ?? 2);
  } finally {
    state.release();
    interruption.forget();
  }
}

/** One `up`, from its claim to its end. */
class Session {
  private readonly style = Style.of(process.stdout);
  private readonly progress = new ProgressLines(process.stdout, this.style, () => performance.now());
  private readonly verbose = (process.env.DEBUG ?? '') !== '';

  constructor(
    private readonly options: Options, private readonly directory: string, private readonly app: string,
    private readonly state: StateFile, private readonly interruption: Interruption,
  ) {}

  async run(): Promise<number> {
    const { options, style } = this;
    say(`${style.bold('trinity-local')} ${style.dim(basename(this.directory))}`);
    const cloud = await startLocalCloud({
      app: this.app,
      directory: this.directory,
      stacks: options.positionals.length === 0 ? undefined : options.positionals,
      port: options.port,
      preferredPort: USUAL_PORT,
      signal: this.interruption.signal,
      onProgress: (progress) => this.progress.show(progress),
      onLog: (line) => this.verbose && say(style.dim(`  │ ${line}`)),
    }).finally(() => this.progress.clear());
    try {
      this.publish(cloud);
      this.print(cloud);
      return options.once ? 0 : await this.stay(cloud);
    } finally {
      await cloud.stop();
    }
  }

  /** Follows the logs and the files until it is interrupted or the emulator ends. */
  private async stay(cloud: LocalCloud): Promise<number> {
    const { interruption, options, style } = this;
    const watcher = options.watch ? watch(this.directory, this.redeployOn(cloud), excludedByCdkJson(this.directory)) : undefined;
    const aws = new AwsClient({ endpoint: cloud.endpoint, region: cloud.region, credentials: cloud.credentials, clock: Date.now });
    const reader = new LogReader(aws, () => cloud.functions, Date.now());
    const ending = new AbortController();
    const following = options.logs ? Promise.all([
      followLogs(reader, (event) => this.printLog(logLine(event.timestamp, event.function, event.message, style)), ending.signal),
      followMails(cloud, (mail) => this.printLog(mailLine(mail.timestamp, mail, style)), ending.signal),
    ]) : Promise.resolve();
    // Keeps the process alive where nothing else does.
    const alive = setInterval(() => undefined, 60_000);
    say(style.dim(`\n${[options.logs ? 'Following the logs' : [], options.watch ? 'watching for changes' : []].flat().join(', ') || 'Running'}; Ctrl-C ends it.`));
    cloud.prepare();
    const emulatorEnded = await Promise.race([cloud.ended.then(() => true), interruption.happened.then(() => false)]);
    clearInterval(alive);
    watcher?.close();
    ending.abort();
    await following;
    aws.close();
    if (emulatorEnded && !interruption.signal.aborted) {
      throw new EmulatorError('The emulator has ended, and with it everything that was deployed on it.', 'Start it again with `npx trinity-local up`.');
    }
    say('\nStopping.');
    return 0;
  }

  private redeployOn(cloud: LocalCloud): (files: string[]) => void {
    const waiting = new Set<string>();
    let running = false;
    const next = async (): Promise<void> => {
      running = true;
      while (waiting.size > 0 && !this.interruption.signal.aborted) {
        const files = [...waiting];
        waiting.clear();
        await this.redeploy(cloud, files);
      }
      running = false;
    };
    return (files) => {
      for (const file of files) waiting.add(file);
      if (!running) void next();
    };
  }

  private async redeploy(cloud: LocalCloud, files: readonly string[]): Promise<void> {
    const { style } = this;
    say(`\n${style.bold('Changed')} ${files.slice(0, 3).join(', ')}${files.length > 3 ? ` and ${files.length - 3} more` : ''}`);
    const from = performance.now();
    const before = describeCloud(stateOf(cloud), style);
    try {
      await cloud.redeploy();
      this.progress.clear();
      this.publish(cloud);
      const after = describeCloud(stateOf(cloud), style);
      if (after.join('\n') !== before.join('\n')) say(['', ...after, ''].join('\n'));
      say(`${style.green('✔')} Deployed again ${style.dim(duration(performance.now() - from))}`);
    } catch (error) {
      this.progress.clear();
      if (this.interruption.signal.aborted) return;
      // What was deployed before still runs.
      report(error);
    }
    cloud.prepare();
  }

  private publish(cloud: LocalCloud): void {
    this.state.publish(stateOf(cloud));
  }

  private print(cloud: LocalCloud): void {
    const { style } = this;
    const { total } = cloud.timings;
    say(['', ...describeCloud(stateOf(cloud), style)].join('\n'));
    if (cloud.notes.length > 0) say(['', style.bold('Notes'), ...[...new Set(cloud.notes)].map((note) => `  ${note}`)].join('\n'));
    say(`\n${style.green('✔')} ${style.bold('Ready')} ${style.dim(`after ${duration(total)}`)}`);
  }

  private printLog(line: string | undefined): void {
    if (line !== undefined) say(line);
  }
}

function stateOf(cloud: LocalCloud): DeployedState {
  const { endpoint, credentials, emulatorPid, urls, outputs, rawOutputs, functions, standIns, leftOut } = cloud;
  return { endpoint, credentials, emulatorPid, urls, outputs, rawOutputs, functions, standIns, leftOut };
}

function excludedByCdkJson(directory: string): string[] {
  return [readCdkJson(directory)?.watch?.exclude ?? []].flat();
}

interface Interruption {
  readonly signal: AbortSignal;
  readonly happened: Promise<void>;
  signalName(): NodeJS.Signals | undefined;
  forget(): void;
}

/** The first Ctrl-C ends everything in order, a second one at once: the emulator then ends by itself. */
function interruptions(): Interruption {
  const aborted = new AbortController();
  let name: NodeJS.Signals | undefined;
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const interrupt = (received: NodeJS.Signals): void => {
    if (name !== undefined) process.exit(130);
    name = received;
    aborted.abort();
  };
  for (const each of signals) process.on(each, interrupt);
  return {
    signal: aborted.signal,
    happened: new Promise((done) => aborted.signal.addEventListener('abort', () => done(), { once: true })),
    signalName: () => name,
    forget: () => signals.forEach((each) => process.off(each, interrupt)),
  };
}
