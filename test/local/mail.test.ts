import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { followMails, type Mail, readMails } from '../../local/logs/mail';

let server: Server;
let endpoint: string;
let messages: Record<string, object[]>;
let sent: IncomingHttpHeaders;

const credentials = { accessKeyId: 'LOCALKEY', secretAccessKey: 'secret' };

beforeEach(async () => {
  messages = {};
  server = createServer((request, response) => {
    sent = request.headers;
    response.end(request.url === '/_ministack/ses/messages' ? JSON.stringify({ messages }) : '{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise((resolve) => {
  server.closeAllConnections();
  server.close(resolve);
}));

test('a mail is its text, or what its HTML says', async () => {
  messages = {
    111111111111: [{ To: ['ann@people.example'], Subject: 'Code', BodyText: 'It is 123456', BodyHtml: null }],
    222222222222: [{ To: ['bob@people.example'], BodyText: '', BodyHtml: '<p>It is\n <b>654321</b></p>' }],
  };
  expect(await readMails({ endpoint, region: 'us-east-1', credentials })).toEqual([
    { to: ['ann@people.example'], subject: 'Code', text: 'It is 123456' },
    { to: ['bob@people.example'], subject: '', text: 'It is 654321' },
  ]);
  expect(sent.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=LOCALKEY\//);
});

test('each mail is handed on once, until it is told to stop', async () => {
  messages = { 1: [{ To: ['a'], BodyText: 'first' }] };
  const seen: Mail[] = [];
  const ending = new AbortController();
  const following = followMails({ endpoint, region: 'us-east-1', credentials }, (mail) => {
    seen.push(mail);
    messages = { 1: [...messages[1], { To: ['b'], BodyText: 'second' }].slice(0, 2) };
    if (seen.length === 2) ending.abort();
  }, ending.signal);
  await following;
  expect(seen.map(({ text }) => text)).toEqual(['first', 'second']);
});
