import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AwsClient } from '../../local/aws/client';
import { copyOfGuestBook, eventually, isAlive, TrinityLocal } from './support/trinity-local';
import { type LocalCloud, readMails, startLocalCloud } from 'trinity-constructs/local';

const DIRECTORY = join(__dirname, '..', 'local', 'fixtures', 'guest-book');
const json = { 'content-type': 'application/json' };

describe('the API', () => {
  let cloud: LocalCloud;
  let url: string;
  beforeAll(async () => {
    cloud = await startLocalCloud({ app: 'npx tsx app.ts', directory: DIRECTORY, env: { GREETING: 'welcome' } });
    url = cloud.outputs.GuestBook.ApiUrl;
  });
  afterAll(() => cloud?.stop());

  const write = (path: string, id: string, text: string): Promise<Response> =>
    fetch(`${url}${path}`, { method: 'POST', headers: json, body: JSON.stringify({ id, text }) });
  const total = async (): Promise<number> => ((await (await fetch(`${url}/entries/total`)).json()) as { total?: number }).total ?? 0;
  const deadLetters = async (): Promise<Array<{ Body: string }>> => {
    const aws = new AwsClient({ ...cloud, clock: Date.now });
    const { messages } = await aws.rest<{ messages: Record<string, Record<string, Record<string, Array<{ Body: string }>>>> }>('ministack', 'GET', '/_ministack/sqs/messages');
    aws.close();
    return messages[cloud.account][cloud.region][cloud.outputs.GuestBook.DeadQueueUrl] ?? [];
  };

  test('what was deployed answers, with the environment of the app\'s command', async () => {
    const response = await write('/entries', 'first', 'hello');
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ id: 'first', greeting: 'welcome' });
  });

  test('a function with no grant to write is denied, and told the action', async () => {
    const response = await write('/intruder', 'second', 'hello');
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(/AccessDenied.*dynamodb:PutItem/);
  });

  test('the authorizer asks for a token', async () => {
    expect((await fetch(`${url}/members/first`)).status).toBe(401);
  });

  test('a preflight is answered as the app configured CORS', async () => {
    const preflight = { 'origin': 'https://guests.example', 'access-control-request-method': 'POST' };
    const response = await fetch(`${url}/entries`, { method: 'OPTIONS', headers: preflight });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, 'https://guests.example']);
  });

  test('the stream\'s consumer counts, and a poisonous record among others costs none of them', async () => {
    const before = await eventually(async () => (await total()) || undefined, 'the first entry is counted');
    await Promise.all(['a', 'b', 'poison', 'c', 'd'].map((text, at) => write('/entries', `entry-${at}`, text)));
    await eventually(async () => (await total()) === before + 4 || undefined, 'the four good entries are counted');
    const [{ Body }] = await eventually(async () => (await deadLetters()).length > 0 ? deadLetters() : undefined, 'the poison is reported');
    expect(JSON.parse(Body)).toMatchObject({ requestContext: { condition: 'RetryAttemptsExhausted' }, DDBStreamBatchInfo: { batchSize: 1 } });
  });

  test('what is stood in for and left out is named', () => {
    expect(cloud.standIns.map(({ type }) => type).sort()).toEqual(['AWS::ApiGatewayV2::Api', 'AWS::Lambda::EventSourceMapping']);
    expect(cloud.leftOut.map(({ path }) => path).sort()).toEqual(['GuestBook/Anything', 'GuestBook/ErrorRate']);
  });

  test('the logs of the functions can be read', async () => {
    const events = await cloud.logs('Write');
    expect(events.map(({ message }) => message).join('\n')).toContain('Entry written');
  });

  test('a stopped one leaves nothing behind, and does not start again', async () => {
    const { emulatorPid, emulatorLog } = cloud;
    await cloud.stop();
    expect([isAlive(emulatorPid!), existsSync(dirname(emulatorLog))]).toEqual([false, false]);
    expect(() => cloud.redeploy()).toThrow('was stopped');
  });
});

describe('the command', () => {
  const app = copyOfGuestBook();
  const cache = mkdtempSync(join(tmpdir(), 'cache-'));
  const started: TrinityLocal[] = [];
  const up = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): TrinityLocal => {
    const command = new TrinityLocal(['up', ...args], app.directory, env);
    started.push(command);
    return command;
  };
  const emulatorOf = async (command: TrinityLocal): Promise<number> => Number((await command.says(/\(process (\d+)\)/))[1]);
  afterEach(async () => { await Promise.all(started.splice(0).map((command) => command.end())); });
  afterAll(() => {
    app.remove();
    rmSync(cache, { recursive: true, force: true });
  });

  test('up deploys, shows where things are, follows the logs and what fails to start, deploys a change; a second up is refused; down ends it', async () => {
    const command = up();
    const emulator = await emulatorOf(command);
    await command.says(/Ready/);
    const url = (await command.says(/GuestBook\.ApiUrl\s+(\S+)/))[1];
    expect(command.output).toMatch(/Left out[\s\S]*GuestBook\/ErrorRate/);
    expect(command.output.split('\n')[0]).toBe(`trinity-local ${basename(app.directory)}`);

    await fetch(`${url}/entries`, { method: 'POST', headers: json, body: JSON.stringify({ id: 'x', text: 'hello' }) });
    await command.says(/Write +INFO +Entry written +id=x/);

    const second = await TrinityLocal.run(['up'], app.directory);
    expect(second.code).toBe(1);
    expect(second.output).toMatch(new RegExp(`runs already.*process ${command.process.pid}[\\s\\S]*trinity-local down`));
    expect((await TrinityLocal.run(['status'], app.directory)).output).toContain(url);
    expect((await TrinityLocal.run(['logs', 'write'], app.directory)).output).toContain('Entry written');
    const { output: script } = await TrinityLocal.run(['env'], app.directory);
    const endpoint = /AWS_ENDPOINT_URL='(\S+)'/.exec(script)![1];
    const [, accessKeyId, secretAccessKey] = /AWS_ACCESS_KEY_ID='(\w+)'[\s\S]*AWS_SECRET_ACCESS_KEY='([\w-]+)'/.exec(script)!;
    expect(script).toMatch(/^unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN$/m);
    expect(command.output).not.toContain(secretAccessKey);
    expect(await readMails({ endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } })).toEqual([]);

    const handler = join(app.directory, 'handlers', 'write.ts');
    const before = command.output.length;
    writeFileSync(handler, readFileSync(handler, 'utf8').replace('Entry written', 'Entry stored'));
    await command.says(/Changed handlers\/write\.ts[\s\S]*Deployed again/, before);
    await fetch(`${url}/entries`, { method: 'POST', headers: json, body: JSON.stringify({ id: 'y', text: 'hello' }) });
    await command.says(/Entry stored +id=y/, before);

    const beforeFailure = command.output.length;
    writeFileSync(handler, `throw new Error('cannot start');\n${readFileSync(handler, 'utf8')}`);
    await command.says(/Deployed again/, beforeFailure);
    await fetch(`${url}/entries`, { method: 'POST', headers: json, body: JSON.stringify({ id: 'z', text: 'hello' }) });
    await command.says(/Write +ERROR Uncaught Exception: .*cannot start/, beforeFailure);

    expect(await TrinityLocal.run(['down'], app.directory)).toEqual({ code: 0, output: expect.stringContaining('has ended') as string });
    expect(await command.exit()).toBe(0);
    expect(isAlive(emulator)).toBe(false);
  });

  test('a killed emulator is told, and the next up works; a killed up takes its emulator along and is no obstacle', async () => {
    const first = up();
    const emulator = await emulatorOf(first);
    await first.says(/Ready/);
    process.kill(emulator, 'SIGKILL');
    expect(await first.exit()).toBe(1);
    expect(first.output).toMatch(/The emulator has ended[\s\S]*What to do/);

    const second = up();
    const orphan = await emulatorOf(second);
    await second.says(/Ready/);
    second.process.kill('SIGKILL');
    await eventually(() => !isAlive(orphan) || undefined, 'the emulator ends with its parent');
    const status = await TrinityLocal.run(['status'], app.directory);
    expect([status.code, status.output]).toEqual([1, expect.stringContaining('what it left was cleaned up')]);
  });

  test('Ctrl-C while it starts leaves nothing', async () => {
    const command = up();
    const emulator = await emulatorOf(command);
    command.process.kill('SIGINT');
    expect(await command.exit()).toBe(130);
    expect(command.output).toContain('Nothing is left running');
    expect(isAlive(emulator)).toBe(false);
  });

  test('a port in use, an endpoint elsewhere and a profile are refused before anything is done', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const inUse = await TrinityLocal.run(['up', '--port', String(port)], app.directory);
    server.close();
    expect([inUse.code, inUse.output]).toEqual([1, expect.stringMatching(/Port \d+ is in use[\s\S]*What to do/)]);

    const elsewhere = await TrinityLocal.run(['up'], app.directory, { AWS_ENDPOINT_URL: 'https://sqs.eu-west-1.amazonaws.com' });
    expect([elsewhere.code, elsewhere.output]).toEqual([1, expect.stringContaining('never talks to a real account')]);

    const profile = await TrinityLocal.run(['up'], app.directory, { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_PROFILE: 'prod' });
    expect([profile.code, profile.output]).toEqual([1, expect.stringContaining('unset AWS_PROFILE')]);
  });

  test('without Python, and without the network on first use, it says what to do', async () => {
    const bin = mkdtempSync(join(tmpdir(), 'bin-'));
    for (const program of ['sh', 'ps']) if (existsSync(`/bin/${program}`)) symlinkSync(`/bin/${program}`, join(bin, program));
    symlinkSync(process.execPath, join(bin, 'node'));
    const noPython = await TrinityLocal.run(['up'], app.directory, { PATH: bin, XDG_CACHE_HOME: cache });
    rmSync(bin, { recursive: true, force: true });
    expect([noPython.code, noPython.output]).toEqual([1, expect.stringMatching(/needs Python 3\.10 or later[\s\S]*What to do: Install one/)]);

    const offline = { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_FIND_LINKS: '', PIP_NO_CACHE_DIR: '1', XDG_CACHE_HOME: cache };
    const noNetwork = await TrinityLocal.run(['up'], app.directory, offline);
    expect([noNetwork.code, noNetwork.output]).toEqual([1, expect.stringMatching(/index was not reached[\s\S]*What to do: Check the connection/)]);
  });
});
