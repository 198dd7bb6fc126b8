import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deployment } from './support/deployment';
import { presign } from './support/page';

/**
 * The attacks of machine.test.ts by a real page in a real browser, which decides itself what needs a preflight and what the page may read.
 * Runs only if CHROMIUM names a Chromium or its headless shell: `CHROMIUM=chromium-headless-shell npm run test:browser`.
 */
const CHROMIUM = process.env.CHROMIUM ?? '';
const FUNCTION = JSON.stringify({ FunctionName: 'evil', Runtime: 'nodejs22.x', Role: 'arn:aws:iam::000000000000:role/r', Handler: 'index.handler', Code: { ZipFile: '' } });

let server: Server;
let profile: string;
let page: string;

beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  profile = mkdtempSync(join(tmpdir(), 'chromium-'));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(profile, { recursive: true, force: true });
});

/** The document of an address, after its scripts ran. */
async function dom(address: string): Promise<string> {
  const { stdout } = await promisify(execFile)(CHROMIUM, [
    '--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`, '--host-resolver-rules=MAP page.example 127.0.0.1',
    // Without Chromium's own Local Network Access check, which other browsers do not have.
    '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests', '--virtual-time-budget=20000', '--dump-dom', address,
  ], { maxBuffer: 1024 * 1024, timeout: 60_000 });
  return stdout;
}

/** `fetch`'s arguments by the names of the results. */
type Requests = Readonly<Record<string, readonly [string, RequestInit?]>>;

/** What a page under that name learns from each of its requests. */
async function browse(host: string, port: number, requests: Requests): Promise<Record<string, string>> {
  page = `<pre id=out></pre><script>
    const requests = ${JSON.stringify(requests)};
    (async () => {
      const results = {};
      for (const [name, [url, init]] of Object.entries(requests)) {
        try {
          const response = await fetch(url, init);
          results[name] = response.type === 'opaque' ? 'opaque' : response.status + ' ' + (await response.text()).slice(0, 60);
        } catch (error) { results[name] = 'unreadable'; }
      }
      out.textContent = JSON.stringify(results);
    })();
  </script>`;
  const text = /<pre id="out">([^<]*)<\/pre>/.exec(await dom(`http://${host}:${port}/`))?.[1] ?? '';
  return JSON.parse(text.replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>')) as Record<string, string>;
}

(CHROMIUM === '' ? describe.skip : describe)('a page in Chromium', () => {
  const { endpoint, url, credentials } = CHROMIUM === '' ? { endpoint: 'http://x', url: '', credentials: { accessKeyId: '', secretAccessKey: '' } } : deployment();
  const { host } = new URL(endpoint);
  const port = (): number => (server.address() as AddressInfo).port;
  const guessed = { accessKeyId: 'test', secretAccessKey: 'test' };
  const create = (where: string, keys = guessed): string => `http://${where}${presign('/2015-03-31/functions', { service: 'lambda', method: 'POST', host: where, body: FUNCTION, credentials: keys })}`;
  const list = (where: string, keys = guessed): string => `http://${where}${presign('/2015-03-31/functions/', { service: 'lambda', host: where, credentials: keys })}`;
  const simple = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: FUNCTION };

  test('of another origin reads nothing of the control plane and creates no function', async () => {
    const results = await browse('page.example', port(), {
      create: [create(host), simple],
      list: [list(host)],
      listWithTheSecret: [list(host, credentials)],
      mails: [`http://${host}/_ministack/ses/messages`],
      health: [`http://${host}/_ministack/health`],
      signUp: [`http://${host}/`, { method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.SignUp' }, body: '{}' }],
    });
    expect(results).toEqual({ create: 'unreadable', list: 'unreadable', listWithTheSecret: 'unreadable', mails: 'unreadable', health: 'unreadable', signUp: 'unreadable' });
    const functions = await (await fetch(list(host, credentials))).text();
    expect(functions).not.toContain('"evil"');
  });

  test('that rebinds its name to the emulator reads a refusal, from API stages too', async () => {
    const rebound = `page.example:${new URL(endpoint).port}`;
    for (const address of [list(rebound), `http://${rebound}/_ministack/health`, url.replace(host, rebound)]) {
      expect(await dom(address)).toContain(`does not accept the Host '${rebound}'`);
    }
  });

  test('of this machine calls Cognito, and reads no control plane without the secret', async () => {
    const results = await browse('localhost', port(), {
      signUp: [`http://${host}/`, { method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.SignUp' }, body: '{}' }],
      list: [list(host)],
      listWithTheSecret: [list(host, credentials)],
    });
    expect(results.signUp).toMatch(/^400 /);
    expect(results.list).toMatch(/^(403 |unreadable)/);
    expect(results.listWithTheSecret).toMatch(/^200 \{"Functions"/);
  });
});
