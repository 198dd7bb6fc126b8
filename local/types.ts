/** Anything that synthesizes itself into a folder, as `App` of aws-cdk-lib does. */
export interface SynthesizableApp {
  synth(): { readonly directory: string };
}

export interface LocalCloudProps {
  /** A cloud assembly's folder (`cdk.out`), a command as in cdk.json (`npx tsx app.ts`), or a constructed app. */
  readonly app: string | SynthesizableApp;
  /** The folder that the app's command runs in. @default - the current folder */
  readonly directory?: string;
  /** A running emulator to use, on this machine. @default - AWS_ENDPOINT_URL where it is set, else an emulator of its own */
  readonly endpoint?: string;
  /**
   * The key and secret of a running emulator (`endpoint`). An emulator that is started here always gets random ones.
   *
   * @default - TRINITY_LOCAL_ACCESS_KEY_ID and TRINITY_LOCAL_SECRET_ACCESS_KEY of the environment if they are set, otherwise `test` and `test`
   */
  readonly credentials?: LocalCredentials;
  /** The emulator's port; one that is in use is refused. @default - a free one */
  readonly port?: number;
  /** A port to take if it is free. @default - any */
  readonly preferredPort?: number;
  /** The stacks to deploy, with what they depend on. @default - all */
  readonly stacks?: readonly string[];
  /** More environment for the app's command. @default - none */
  readonly env?: Readonly<Record<string, string>>;
  /** More environment for the emulator, and so for every function. @default - none */
  readonly emulatorEnv?: Readonly<Record<string, string>>;
  /** Told what is being done and how long it took. @default - nobody */
  readonly onProgress?: (progress: Progress) => void;
  /** Given the lines that the app and the CDK CLI print. @default - dropped, but for the last ones in an error */
  readonly onLog?: (line: string) => void;
  /** Gives up and cleans up when it fires. @default - nothing does */
  readonly signal?: AbortSignal;
}

export type Phase = 'install' | 'start' | 'synth' | 'deploy' | 'hands';

export interface Progress {
  readonly phase: Phase;
  readonly state: 'begun' | 'note' | 'done';
  readonly message: string;
  /** How long the phase took; with `done` only. */
  readonly ms?: number;
}

/** Milliseconds of each phase. Install, start and synthesis overlap. */
export type Timings = Readonly<Record<Phase | 'total', number>>;

export interface LocalResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  /** The construct path, where the template tells it. */
  readonly path?: string;
}

/** A resource that is not what the template says: stood in for, or left out. */
export interface Difference {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly path?: string;
  /** Why, and what is different from AWS. */
  readonly why: string;
  readonly differs: string;
}

export interface LocalUrl {
  readonly stack: string;
  /** The construct's path, or its logical id. */
  readonly name: string;
  readonly kind: 'http' | 'rest' | 'websocket' | 'graphql';
  readonly url: string;
}

export interface LocalFunction {
  readonly stack: string;
  /** The last telling part of the construct path: what a person calls the function. */
  readonly name: string;
  readonly functionName: string;
  readonly region: string;
  readonly logGroup: string;
}

export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A record of a function's log. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** What a person calls the function. */
  readonly function: string;
  readonly message: string;
}

/** An app that runs on an emulator of AWS on this machine. */
export interface LocalCloud {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  /** The random key and secret of this run. They allow to run code on this machine as the current user: do not log or publish them. */
  readonly credentials: LocalCredentials;
  /** What an SDK or the AWS CLI needs in its environment to use this cloud. */
  readonly env: Readonly<Record<string, string>>;
  /** The process of the emulator; missing where a running one is used. */
  readonly emulatorPid?: number;
  /** The file that the emulator logs to. */
  readonly emulatorLog: string;
  /** Resolves when the emulator ends, whoever ended it. Waiting for it does not keep the process alive. */
  readonly ended: Promise<void>;

  /** Outputs by stack and key, with URLs of API Gateway as this machine resolves them. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The same as CloudFormation has them. */
  readonly rawOutputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly resources: Readonly<Record<string, readonly LocalResource[]>>;
  readonly urls: readonly LocalUrl[];
  readonly functions: readonly LocalFunction[];
  readonly standIns: readonly Difference[];
  readonly leftOut: readonly Difference[];
  /** What else the app or the deployment has to say. */
  readonly notes: readonly string[];
  readonly timings: Timings;

  /** All that functions logged so far, or one of them. */
  logs(functionName?: string): Promise<LogEvent[]>;
  /** Deploys the app again, or another one in its place. One deployment runs at a time; further ones wait. */
  redeploy(app?: string | SynthesizableApp): Promise<void>;
  /** Loads the CDK CLI ahead of the next deployment, which is then a second shorter. */
  prepare(): void;
  /** Ends the emulator and all that it started, and removes what this run wrote. A running emulator that was given stays. */
  stop(): Promise<void>;
}
