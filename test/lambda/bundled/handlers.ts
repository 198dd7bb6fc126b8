import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { StagePreset, Trinity } from '../../../src';
import { AUTH_ENDPOINTS } from '../../../src/auth/private/endpoints';
import type { BundledEndpoint } from '../../../src/private/bundled-endpoint';
import { ROOMS_ENDPOINTS } from '../../../src/rooms/private/endpoints';
import { VOTING_ENDPOINTS } from '../../../src/voting/private/endpoints';
import { monitoredStack } from '../../support/app';

const ASSETS = join(__dirname, '..', '..', '..', 'assets');

/** What an invocation came to, and how long it took. */
export interface Invocation { readonly result: any; readonly ms: number }

/** Runs the handler as a function that may take that long. */
export type Handler = (event: object, timeoutMs: number) => Promise<Invocation>;

export interface LoadedEndpoint extends BundledEndpoint {
  readonly handler: string;
  readonly run: Handler;
}

export interface LoadedHandlers {
  readonly endpoints: LoadedEndpoint[];
  readonly aggregate: Handler;
  readonly drain: Handler;
  readonly recount: Handler;
  /** Rejections that nobody has handled. */
  readonly rejections: string[];
  stop(): Promise<void>;
}

/** A process with the bundles: they share it, as invocations share an instance. */
class Host {
  readonly rejections: string[] = [];
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (message: any) => void>();
  private calls = 0;

  constructor(environment: Record<string, string>) {
    this.child = fork(join(__dirname, 'runtime.cjs'), { env: { ...process.env, ...environment }, execArgv: [] });
    this.child.on('message', (message: any) => {
      if (message.rejection !== undefined) this.rejections.push(message.rejection);
      else this.waiting.get(message.id)?.(message);
    });
  }

  /** Loads the bundle with its environment; those of the same name in another one have the same value. */
  async load(handler: string, environment: Record<string, string>): Promise<Handler> {
    const file = join(ASSETS, handler, 'index.js');
    await this.send({ file, environment });
    return (event, timeoutMs) => this.send({ file, event, timeoutMs });
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }

  private send(message: object): Promise<Invocation> {
    this.calls += 1;
    const id = this.calls;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error, ms }) => {
        this.waiting.delete(id);
        if (error === undefined) resolve({ result, ms });
        else reject(new Error(error));
      });
      this.child.send({ id, ...message });
    });
  }
}

/** The bundles of the whole system, each loaded with the environment that its construct sets; all services are at one URL. */
export async function loadHandlers(url: string): Promise<LoadedHandlers> {
  const stack = monitoredStack();
  const trinity = new Trinity(stack, 'Trinity', { stage: StagePreset.development() });
  const host = new Host({
    AWS_ENDPOINT_URL: url, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', POWERTOOLS_LOG_LEVEL: 'SILENT', NODE_NO_WARNINGS: '1',
  });
  const bundle = (handler: string, construct: IConstruct) => host.load(handler, environmentOf(construct, url));
  const areas: Array<[IConstruct, Record<string, BundledEndpoint>]> = [
    [trinity.auth, AUTH_ENDPOINTS], [trinity.rooms, ROOMS_ENDPOINTS], [trinity.voting, VOTING_ENDPOINTS],
  ];
  const rows = areas.flatMap(([service, definitions]) => Object.values(definitions).map((row) => ({ service, row })));
  return {
    endpoints: await Promise.all(rows.map(async ({ service, row }) => ({ ...row, run: await bundle(row.handler, service.node.findChild(row.id)) }))),
    aggregate: await bundle('voting/aggregate', trinity.voting.aggregator),
    drain: await bundle('voting/drain', trinity.voting.drain!),
    recount: await bundle('voting/recount', trinity.voting.node.findChild('Recount')),
    rejections: host.rejections,
    stop: () => host.stop(),
  };
}

/** The variables as the template has them; what only a deployment knows is the name of its variable, or a URL of the services. */
function environmentOf(construct: IConstruct, url: string): Record<string, string> {
  const fn = construct.node.findAll().find((child): child is CfnFunction => child instanceof CfnFunction)!;
  const { variables = {} } = Stack.of(fn).resolve(fn.environment) ?? {};
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => {
    if (typeof value === 'string') return [name, value];
    return [name, name.endsWith('_URL') ? `${url}/000000000000/queue` : name];
  }));
}
