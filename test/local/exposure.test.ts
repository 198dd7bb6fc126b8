import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SafetyError } from '../../local/errors';
import { isExposed, requireAccepted } from '../../local/ministack/exposure';

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
  const refused = requireAccepted(endpoint, { accessKeyId: 'test', secretAccessKey: 'test' });
  await expect(refused).rejects.toThrow(SafetyError);
  await expect(refused).rejects.toThrow(/does not accept the key 'test'.*TRINITY_LOCAL_SECRET_ACCESS_KEY/);
  status = () => 200;
  await expect(requireAccepted(endpoint, { accessKeyId: 'test', secretAccessKey: 'test' })).resolves.toBeUndefined();
});
