import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from '../../local/commands/env';
import { logs } from '../../local/commands/logs';
import type { Options } from '../../local/commands/options';
import { status } from '../../local/commands/status';
import { type DeployedState, StateFile } from '../../local/run/state';

const AT = Date.parse('2026-03-01T12:00:00Z');
const credentials = { accessKeyId: 'LOCALKEY', secretAccessKey: "se'cret" };

let cache: string;
let server: Server;
let endpoint: string;
let printed: string[];
const before = process.env.XDG_CACHE_HOME;

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), 'commands-'));
  process.env.XDG_CACHE_HOME = cache;
  server = createServer((request, response) => {
    const target = String(request.headers['x-amz-target']);
    const answer = target.endsWith('DescribeLogGroups') ? { logGroups: [{ logGroupName: '/g', storedBytes: 1 }] }
      : target.endsWith('FilterLogEvents') ? { events: [{ timestamp: AT, message: 'first' }, { timestamp: AT + 2_000, message: 'third' }] }
        : request.url === '/_ministack/ses/messages' ? { messages: { 1: [{ To: ['ann@people.example'], BodyText: 'It is 123456', Timestamp: AT / 1_000 + 1 }] } }
          : { version: '1', edition: 'x' };
    response.end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => { printed.push(line); });
  const file = new StateFile(cache);
  file.claim(new Date(2026, 0, 2, 15, 4, 5), () => undefined);
  const write = { stack: 'App', name: 'App/Write', functionName: 'write', logGroup: '/g', region: 'us-east-1' };
  const nothing = { urls: [], outputs: {}, rawOutputs: {}, standIns: [], leftOut: [] };
  file.publish({ endpoint, credentials, functions: [write], ...nothing } as unknown as DeployedState);
});
afterEach(async () => {
  jest.restoreAllMocks();
  new StateFile(cache).release();
  if (before === undefined) delete process.env.XDG_CACHE_HOME; else process.env.XDG_CACHE_HOME = before;
  rmSync(cache, { recursive: true, force: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const options = (...positionals: string[]): Options => ({ positionals, directory: cache, watch: false, logs: true, once: false, follow: false });

test('env sets up a shell for every AWS CLI and SDK, and for the commands of this package', async () => {
  expect(await env(options())).toBe(0);
  const shell = execFileSync('sh', ['-c', `${printed.join('\n')}\nenv`], { env: { PATH: process.env.PATH, AWS_PROFILE: 'prod' }, encoding: 'utf8' });
  const names = [...shell.matchAll(/^((?:AWS|TRINITY)_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  expect(Object.fromEntries(names)).toEqual({
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'LOCALKEY',
    AWS_SECRET_ACCESS_KEY: "se'cret",
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    TRINITY_LOCAL_ENDPOINT: endpoint,
    TRINITY_LOCAL_ACCESS_KEY_ID: 'LOCALKEY',
    TRINITY_LOCAL_SECRET_ACCESS_KEY: "se'cret",
  });
});

test('logs shows mails between what functions logged, in the order of time', async () => {
  expect(await logs(options())).toBe(0);
  expect(printed.map((line) => /first|123456|third/.exec(line)?.[0])).toEqual(['first', '123456', 'third']);
});

test('logs mail shows only the mails, and the name of a function only what it logged', async () => {
  await logs(options('mail'));
  expect(printed).toEqual([expect.stringMatching(/ mail +to ann@people\.example It is 123456$/)]);
  printed.length = 0;
  await logs(options('write'));
  expect(printed).toHaveLength(2);
  await expect(logs(options('nobody'))).rejects.toThrow(/There are App\/Write; 'mail' shows the mails/);
});

test('status says the time in 24 hours, as the log does', async () => {
  await status(options());
  expect(printed[0]).toContain('Runs since 15:04:05 at');
});
