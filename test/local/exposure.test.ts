import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SafetyError } from '../../local/errors';
import { isExposed, requireAccepted } from '../../local/ministack/exposure';
import { findEndpoint } from '../../local/ministack/given';
import { givenCredentials } from '../../local/safety/credentials';

let server: Server;
let endpoint: string;
let status: (headers: IncomingHttpHeaders) => number;

beforeEach(async () => {
  server = createServer((request, response) => response.writeHead(status(request.headers)).end('{}')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => {
  server.closeAllConnections();
  server.close(resolve);
}));

test('reports an emulator that answers a page whose secret is made up', async () => {
  const seen: IncomingHttpHeaders[] = [];
  status = (headers) => {
    seen.push(headers);
    return 200;
  };
  expect(await isExposed(endpoint)).toBe(true);
  expect(seen[0]).toMatchObject({ origin: 'https://page.invalid', authorization: expect.stringContaining('Credential=test/') as string });
});

test('does not report an emulator that refuses such a page', async () => {
  status = ({ origin }) => (origin === undefined ? 200 : 403);
  expect(await isExposed(endpoint)).toBe(false);
});

test('refuses credentials that the emulator does not accept, and says which variables to set', async () => {
  status = () => 403;
  const refused = requireAccepted(endpoint, { accessKeyId: 'mine', secretAccessKey: 'wrong' });
  await expect(refused).rejects.toThrow(SafetyError);
  await expect(refused).rejects.toThrow(/does not accept the key 'mine'.*TRINITY_LOCAL_SECRET_ACCESS_KEY/);
  status = () => 200;
  await expect(requireAccepted(endpoint, { accessKeyId: 'test', secretAccessKey: 'test' })).resolves.toBeUndefined();
});

test('says that no credentials are given, and how to take back the endpoint of an earlier run, if the emulator requires some', async () => {
  status = () => 403;
  const refused = requireAccepted(endpoint, givenCredentials({ AWS_ENDPOINT_URL: endpoint }));
  await expect(refused).rejects.toThrow(/requires credentials, and none are given.*`unset AWS_ENDPOINT_URL`.*TRINITY_LOCAL_ACCESS_KEY_ID/);
});

describe('the endpoint of a shell that `trinity-local env` has set up', () => {
  const shell = (url: string) => ({ AWS_ENDPOINT_URL: url, TRINITY_LOCAL_ENDPOINT: url });
  const NOBODY = 'http://127.0.0.1:9';

  test('is used while something answers there', async () => {
    status = () => 200;
    expect(await findEndpoint(shell(endpoint))).toEqual({ endpoint });
  });

  test('is ignored with a note when nothing answers there any more', async () => {
    expect(await findEndpoint(shell(NOBODY))).toEqual({ ignored: expect.stringContaining(`AWS_ENDPOINT_URL (${NOBODY}) is ignored`) as string });
  });

  test('stays what it is when somebody else set it, or a program gives it', async () => {
    expect(await findEndpoint({ AWS_ENDPOINT_URL: NOBODY })).toEqual({ endpoint: NOBODY });
    expect(await findEndpoint({ ...shell('http://127.0.0.1:1'), AWS_ENDPOINT_URL: NOBODY })).toEqual({ endpoint: NOBODY });
    expect(await findEndpoint(shell(NOBODY), NOBODY)).toEqual({ endpoint: NOBODY });
    expect(await findEndpoint({})).toEqual({});
  });
});
