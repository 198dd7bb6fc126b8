import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dynamoTables } from '../../ops/adapters/tables';

/** DynamoDB as far as one table's description goes. */
let table: object;
let requests: Array<{ operation: string; body: any }>;
let server: Server;
let tables: ReturnType<typeof dynamoTables>;

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => { text += chunk.toString('utf8'); });
    request.on('end', () => {
      requests.push({ operation: String(request.headers['x-amz-target']).split('.')[1], body: JSON.parse(text) });
      response.setHeader('content-type', 'application/x-amz-json-1.0').end(JSON.stringify({ Table: table }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  tables = dynamoTables({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
});
beforeEach(() => { requests = []; });
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const ON_DEMAND = { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } };

test.each([
  ['an on-demand table', { ...ON_DEMAND, WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 30_000, Status: 'ACTIVE' } }, { warmReadUnits: 12_000, warmWriteUnits: 30_000, warming: false }],
  ['one that is being warmed', { ...ON_DEMAND, WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000, Status: 'UPDATING' } }, { warmReadUnits: 12_000, warmWriteUnits: 4_000, warming: true }],
  ['one of an emulator that knows no warm throughput', ON_DEMAND, { warmReadUnits: 12_000, warmWriteUnits: 4_000, warming: false }],
  ['one without a maximum', { ...ON_DEMAND, OnDemandThroughput: { MaxReadRequestUnits: -1, MaxWriteRequestUnits: -1 } }, { warmReadUnits: 12_000, warmWriteUnits: 4_000, warming: false }],
  ['one with a maximum', { ...ON_DEMAND, OnDemandThroughput: { MaxReadRequestUnits: -1, MaxWriteRequestUnits: 500 } }, { warmReadUnits: 12_000, warmWriteUnits: 4_000, warming: false, maxWriteUnits: 500 }],
  ['a provisioned table', { WarmThroughput: { ReadUnitsPerSecond: 10, WriteUnitsPerSecond: 5, Status: 'ACTIVE' } }, { warmReadUnits: 10, warmWriteUnits: 5, warming: false }],
])('reads what %s takes', async (_, described, expected) => {
  table = described;
  expect(await tables.throughput('Votes')).toEqual(expected);
  expect(requests).toEqual([{ operation: 'DescribeTable', body: { TableName: 'Votes' } }]);
});

test('asks for nothing that is not to be raised', async () => {
  table = ON_DEMAND;
  await tables.warm('Votes', { writeUnits: 12_000 });
  await tables.warm('Rooms', { readUnits: 24_000 });
  expect(requests).toEqual([
    { operation: 'UpdateTable', body: { TableName: 'Votes', WarmThroughput: { WriteUnitsPerSecond: 12_000 } } },
    { operation: 'UpdateTable', body: { TableName: 'Rooms', WarmThroughput: { ReadUnitsPerSecond: 24_000 } } },
  ]);
});
