import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logs } from '../../local/commands/logs';
import { StateFile } from '../../local/run/state';

const NOON = Date.parse('2026-01-02T12:00:00Z');
const FUNCTIONS = [{ stack: 'App', name: 'Auth/Register', functionName: 'App-Register', logGroup: '/aws/lambda/register', region: 'us-east-1' }];
const ANSWERS: Record<string, object> = {
  DescribeLogGroups: { logGroups: [{ logGroupName: '/aws/lambda/register', storedBytes: 1 }] },
  FilterLogEvents: { events: [{ timestamp: NOON, message: 'Registering' }, { timestamp: NOON + 2_000, message: 'Registered' }] },
};

const cacheHome = process.env.XDG_CACHE_HOME;

let server: Server;
let directory: string;
let printed: jest.SpyInstance;

beforeEach(async () => {
  server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target'] ?? '').split('.').at(-1)!;
    const mails = { messages: { 1: [{ To: ['ann@people.example'], Subject: 'Code', BodyText: 'It is 123456', Timestamp: (NOON + 1_000) / 1_000 }] } };
    response.end(JSON.stringify(request.url === '/_ministack/ses/messages' ? mails : ANSWERS[operation]));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  directory = mkdtempSync(join(tmpdir(), 'logs-'));
  // Where the state file is kept.
  process.env.XDG_CACHE_HOME = directory;
  const state = new StateFile(directory);
  state.claim(new Date(), () => undefined);
  state.publish({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'LOCALKEY', secretAccessKey: 'secret' },
    urls: [],
    outputs: {},
    rawOutputs: {},
    functions: FUNCTIONS,
    standIns: [],
    leftOut: [],
  });
  printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterEach(async () => {
  printed.mockRestore();
  new StateFile(directory).release();
  if (cacheHome === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cacheHome;
  rmSync(directory, { recursive: true, force: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const run = async (...positionals: string[]) => {
  await logs({ directory, positionals, watch: false, logs: false, once: false, follow: false });
  return printed.mock.calls.map(([line]) => String(line).replace(/^\S+ /, '').replace(/ +/g, ' '));
};
const MAIL = 'mail to ann@people.example Code: It is 123456';

test('shows what functions logged and the mails, in the order of time', async () => {
  expect(await run()).toEqual(['Auth/Register Registering', MAIL, 'Auth/Register Registered']);
});

test('`logs mail` shows only the mails', async () => {
  expect(await run('mail')).toEqual([MAIL]);
});

test('`logs <function>` shows only that function', async () => {
  expect(await run('register')).toEqual(['Auth/Register Registering', 'Auth/Register Registered']);
});

test('a name that no function has is refused, with the names that there are', async () => {
  await expect(run('nobody')).rejects.toMatchObject({ what: 'No function is called \'nobody\'.', mend: expect.stringContaining('Auth/Register') as string });
});
