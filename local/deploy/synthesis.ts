import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { StateError, SynthesisError } from '../errors';
import { run } from '../run/command';
import { ACCOUNT, DEFAULT_REGION } from '../safety/environment';
import type { SynthesizableApp } from '../types';

export interface SynthesisProps {
  readonly app: string | SynthesizableApp;
  readonly directory: string;
  /** Where a command writes the assembly. */
  readonly output: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface CdkJson {
  readonly app?: string;
  readonly build?: string;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly watch?: { readonly exclude?: string | readonly string[] };
}

/** Beyond this the system refuses an environment variable, and the CDK reads the context from a file. */
const CONTEXT_LIMIT = 32 * 1024;

/** The folder of the app's cloud assembly. */
export async function synthesize(props: SynthesisProps): Promise<string> {
  const { app } = props;
  if (typeof app !== 'string') return resolve(app.synth().directory);

  const folder = resolve(props.directory, app);
  if (existsSync(join(folder, 'manifest.json'))) return folder;
  if (existsSync(folder) && statSync(folder).isDirectory()) {
    throw new SynthesisError(`${folder} is no cloud assembly: it has no manifest.json.`, 'Give the folder that `cdk synth` writes, or the app\'s command.');
  }
  await runApp(app, props);
  return props.output;
}

async function runApp(app: string, { directory, output, env, onLine, signal }: SynthesisProps): Promise<void> {
  const cdkJson = readCdkJson(directory) ?? {};
  const environment = {
    ...env,
    ...contextEnvironment(contextOf(directory, cdkJson), output),
    CDK_OUTDIR: output,
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: DEFAULT_REGION,
    // Programs of the app come first, as npx would find them.
    PATH: [...programFolders(directory), env.PATH ?? ''].join(delimiter),
  };
  for (const command of [cdkJson.build, withoutNpx(app, directory)]) {
    if (command === undefined) continue;
    const result = await run({ command, directory, env: environment, onLine, signal });
    if (result.code === 0) continue;
    const said = sayingOf(result.lines).join('\n');
    throw new SynthesisError(`The app could not be synthesized: \`${command}\` ended with ${result.code}.\n${said}`, adviceOn(said));
  }
  if (!existsSync(join(output, 'manifest.json'))) {
    throw new SynthesisError(`\`${app}\` ended well but wrote no cloud assembly.`, 'Is it the command of a CDK app, and does it call app.synth() if it has to?');
  }
}

/** What to do about a synthesis that failed, by what the app said. */
export function adviceOn(said: string): string {
  return /Cannot find asset/.test(said)
    ? 'Build first, so that the folder is there: `build` in cdk.json names the command that does, and it runs before each synthesis.'
    : 'Fix the app; `cdk synth` shows the same.';
}

const SHOWN_LINES = 25;
const SHOWN_WIDTH = 300;
/** The calls that led to an error, and where Node says that it was: an app's own message stands between them. */
const CALL = /^\s+at (?!:).*(:\d+:\d+\)?|<anonymous>\)?|\(index \d+\)|\(native\))$|^\s+\.\.\. \d+ lines matching|^Node\.js v\d|^\s*\^+\s*$|^\s*triggerUncaughtException\(|^(node:internal|file:|\/|[A-Z]:\\).*:\d+$/;

/** What an app that failed has to say: the error before the calls that led to it. */
export function sayingOf(lines: readonly string[]): string[] {
  const said = lines.filter((line) => line.trim() !== '' && !CALL.test(line)).map((line) => line.slice(0, SHOWN_WIDTH));
  return said.slice(-SHOWN_LINES);
}

export function readCdkJson(directory: string): CdkJson | undefined {
  const file = join(directory, 'cdk.json');
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as CdkJson;
  } catch (error) {
    throw new StateError(`${file} is not JSON: ${(error as Error).message}.`, 'Mend it and run this again.');
  }
}

/** What the CDK CLI would hand the app: the contexts of both files, and its own defaults. */
function contextOf(directory: string, cdkJson: CdkJson): Record<string, unknown> {
  const cached = join(directory, 'cdk.context.json');
  return {
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:enable-asset-metadata': true,
    'aws:cdk:disable-version-reporting': true,
    'aws:cdk:bundling-stacks': ['**'],
    ...cdkJson.context,
    ...(existsSync(cached) ? JSON.parse(readFileSync(cached, 'utf8')) as Record<string, unknown> : {}),
  };
}

function contextEnvironment(context: Record<string, unknown>, output: string): Record<string, string> {
  const text = JSON.stringify(context);
  if (text.length <= CONTEXT_LIMIT) return { CDK_CONTEXT_JSON: text };
  const file = `${output}.context.json`;
  writeFileSync(file, text);
  return { CDK_CONTEXT_JSON: '{}', CONTEXT_OVERFLOW_LOCATION_ENV: file };
}

/** npx takes half a second to find what is in the app's own node_modules. */
function withoutNpx(command: string, directory: string): string {
  const [, program, rest] = /^npx\s+([\w.-]+)(.*)$/s.exec(command.trim()) ?? [];
  return program !== undefined && programFolders(directory).some((folder) => existsSync(join(folder, program))) ? `${program}${rest}` : command;
}

/** The folders of installed programs that npx would look into, from the app's own up to the root of a monorepo. */
function programFolders(directory: string): string[] {
  const folders: string[] = [];
  for (let at = resolve(directory); ; at = dirname(at)) {
    folders.push(join(at, 'node_modules', '.bin'));
    if (dirname(at) === at) return folders.filter((folder) => existsSync(folder));
  }
}
