import { join } from 'node:path';
import { AwsClient } from './aws/client';
import { describeOutputs } from './aws/stacks';
import { type LocalAssembly, localize } from './deploy/assembly';
import { CdkCli } from './deploy/cdk-cli';
import { deploy } from './deploy/deploy';
import { readStack } from './deploy/deployed';
import { functionsOf, stagesOf, translateUrls, urlsOf } from './deploy/outputs';
import { synthesize } from './deploy/synthesis';
import { StateError } from './errors';
import { LogReader } from './logs/reader';
import type { Emulator } from './ministack/start';
import type { RunFolder } from './run/folders';
import { PhaseTimer } from './run/timer';
import { ACCOUNT, DEFAULT_REGION, sdkEnvironment, withoutAws, withoutAwsAndProxies } from './safety/environment';
import { Hands } from './stand-ins/hands';
import type { LocalCloud, LocalCloudProps, LocalCredentials, LogEvent, SynthesizableApp, Timings } from './types';

export interface CloudParts {
  readonly props: LocalCloudProps;
  readonly endpoint: string;
  readonly credentials: LocalCredentials;
  /** Resolves when it answers. Missing where somebody else's emulator is used. */
  readonly emulator?: Promise<Emulator>;
  /** Warnings about an emulator that was started by another program. */
  readonly warnings: readonly string[];
  readonly folder: RunFolder;
  readonly timer: PhaseTimer;
  readonly signal: AbortSignal;
}

/** The one implementation of a local cloud. */
export class RunningCloud implements LocalCloud {
  readonly endpoint: string;
  readonly region = DEFAULT_REGION;
  readonly account = ACCOUNT;
  readonly credentials: LocalCredentials;
  readonly env: Readonly<Record<string, string>>;
  readonly emulatorLog: string;
  readonly ended: Promise<void>;

  emulatorPid?: number;
  outputs: LocalCloud['outputs'] = {};
  rawOutputs: LocalCloud['outputs'] = {};
  resources: LocalCloud['resources'] = {};
  urls: LocalCloud['urls'] = [];
  functions: LocalCloud['functions'] = [];
  standIns: LocalCloud['standIns'] = [];
  leftOut: LocalCloud['leftOut'] = [];
  notes: LocalCloud['notes'] = [];

  private readonly aws: AwsClient;
  private readonly hands: Hands;
  private waitingCli: CdkCli | undefined;
  private deployments = 0;
  private queue: Promise<unknown> = Promise.resolve();
  private stopping: Promise<void> | undefined;

  constructor(private readonly parts: CloudParts) {
    this.endpoint = parts.endpoint;
    this.credentials = parts.credentials;
    this.env = sdkEnvironment(parts.endpoint, DEFAULT_REGION, parts.credentials, parts.folder.emptyFile);
    this.emulatorLog = parts.folder.log;
    this.ended = this.watchEmulator();
    this.aws = new AwsClient({ endpoint: parts.endpoint, region: DEFAULT_REGION, credentials: parts.credentials, clock: Date.now });
    this.hands = new Hands(this.aws, (line) => parts.timer.note('hands', line));
  }

  get timings(): Timings {
    return this.parts.timer.timings();
  }

  logs(functionName?: string): Promise<LogEvent[]> {
    const wanted = this.functions.filter((fn) => functionName === undefined || fn.name === functionName || fn.functionName === functionName);
    return new LogReader(this.aws, () => wanted, 0).read();
  }

  redeploy(app: string | SynthesizableApp = this.parts.props.app): Promise<void> {
    if (this.stopping !== undefined) throw new StateError('This local cloud was stopped.', 'Start another one.');
    const deployment = this.queue.then(() => this.deploy(app));
    this.queue = deployment.catch(() => undefined);
    return deployment;
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  prepare(): void {
    const { props, folder } = this.parts;
    this.waitingCli ??= new CdkCli({
      directory: props.directory ?? process.cwd(),
      folder: folder.path,
      env: { ...withoutAwsAndProxies(process.env), ...this.env, HOME: folder.home, TMPDIR: folder.temporary },
    });
  }

  private async deploy(app: string | SynthesizableApp): Promise<void> {
    const { props, timer, signal } = this.parts;
    this.prepare();
    const [assembly] = await Promise.all([
      timer.run('synth', 'Synthesizing the app', () => this.synthesize(app), ({ stacks }) => `${count(stacks.length, 'stack')} synthesized`),
      this.parts.emulator,
    ]);
    const cli = this.waitingCli!;
    this.waitingCli = undefined;
    await timer.run(
      'deploy', `Deploying ${assembly.stacks.map(({ displayName }) => displayName).join(', ')}`,
      () => deploy({ aws: this.aws, cli, assembly, stacks: props.stacks, onLine: (line) => props.onLog?.(line), signal }),
      () => `${count(assembly.stacks.length, 'stack')} deployed`,
    );
    await timer.run('hands', 'Standing in for what the emulator does otherwise', () => this.finish(assembly), (summary) => summary);
  }

  private async synthesize(app: string | SynthesizableApp): Promise<LocalAssembly> {
    const { props, folder, signal } = this.parts;
    const number = ++this.deployments;
    const source = await synthesize({
      app,
      directory: props.directory ?? process.cwd(),
      output: join(folder.path, `synthesized-${number}`),
      // Tools keep compiled code in a predictable folder below TMPDIR, such as /tmp/tsx-<uid>, where another user could plant some.
      env: { ...withoutAws(process.env), ...this.env, TMPDIR: folder.temporary, ...props.env },
      onLine: props.onLog,
      signal,
    });
    return localize(source, join(folder.path, `assembly-${number}`));
  }

  private async finish(assembly: LocalAssembly): Promise<string> {
    const deployed = (await Promise.all(assembly.stacks.map((stack) => readStack(this.aws.inRegion(stack.region), stack)))).flat();
    const outputs = await Promise.all(assembly.stacks.map(async ({ name, region }): Promise<[string, Record<string, string>]> => [
      name, await describeOutputs(this.aws.inRegion(region), name),
    ]));
    const stages = stagesOf(deployed);
    const translate = (values: Record<string, string>): Record<string, string> =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, translateUrls(value, this.endpoint, stages)]));
    this.rawOutputs = Object.fromEntries(outputs);
    this.outputs = Object.fromEntries(outputs.map(([name, values]) => [name, translate(values)]));
    this.resources = Object.fromEntries(assembly.stacks.map(({ name }) => [
      name, deployed.filter(({ stack }) => stack === name).flatMap(({ resources }) => resources),
    ]));
    this.urls = deployed.flatMap((stack) => urlsOf(stack, this.endpoint));
    this.functions = deployed.flatMap(functionsOf);
    this.standIns = assembly.standIns;
    this.leftOut = assembly.leftOut;
    this.notes = [...this.parts.warnings, ...assembly.notes];
    return this.hands.layOn(deployed);
  }

  private async watchEmulator(): Promise<void> {
    const emulator = await this.parts.emulator?.catch(() => undefined);
    this.emulatorPid = emulator?.pid;
    // One that never started, or is somebody else's, is not watched.
    return emulator?.ended ?? new Promise(() => undefined);
  }

  private async end(): Promise<void> {
    this.waitingCli?.end();
    await this.hands.takeOff(this.parts.emulator === undefined);
    await (await this.parts.emulator?.catch(() => undefined))?.stop();
    this.aws.close();
    this.parts.folder.remove();
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
