import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { gatheredReads, type Read, type Reads } from '../../../lambda/shared/adapters/reads';
import { type Call, ServiceError, type StubService, stubService } from './stub-service';

const read = (table: string, id: string, more: Partial<Read> = {}): Read => ({ TableName: table, Key: { pk: { S: id } }, ...more });
const item = (table: string, id: string) => ({ pk: { S: id }, of: { S: table } });

let service: StubService;
let answer: (call: Call) => object;
let reads: Reads;

/** Every item is there, and every table answers. */
function all({ operation, input }: Call): object {
  if (operation === 'GetItem') return { Item: item(input.TableName as string, (input.Key as { pk: { S: string } }).pk.S) };
  const asked = Object.entries(input.RequestItems as Record<string, { Keys: Array<{ pk: { S: string } }> }>);
  return { Responses: Object.fromEntries(asked.map(([table, { Keys: [{ pk }] }]) => [table, [item(table, pk.S)]])) };
}

beforeEach(async () => {
  answer = all;
  service = await stubService((call) => answer(call));
  reads = gatheredReads(new DynamoDBClient(service.client));
});
afterEach(() => service.close());

test('reads of several tables in one moment are one call', async () => {
  const found = await Promise.all([reads(read('rooms', 'a', { ConsistentRead: true, ProjectionExpression: 'of' })), reads(read('votes', 'b'))]);
  expect(found).toEqual([item('rooms', 'a'), item('votes', 'b')]);
  expect(service.calls).toEqual([{
    operation: 'BatchGetItem',
    input: { RequestItems: { rooms: { Keys: [{ pk: { S: 'a' } }], ConsistentRead: true, ProjectionExpression: 'of' }, votes: { Keys: [{ pk: { S: 'b' } }] } } },
  }]);
});

test('a read that is alone, and a second one of the same table, are calls of their own', async () => {
  await reads(read('rooms', 'a'));
  await reads(read('rooms', 'b'));
  expect(service.calls.map(({ operation }) => operation)).toEqual(['GetItem', 'GetItem']);
  const found = await Promise.all([reads(read('rooms', 'a')), reads(read('rooms', 'b')), reads(read('votes', 'c'))]);
  expect(found.map((each) => each?.pk.S)).toEqual(['a', 'b', 'c']);
  expect(service.calls.slice(2).map(({ operation }) => operation).sort()).toEqual(['BatchGetItem', 'GetItem']);
});

test('an item that is not there is undefined', async () => {
  answer = (call) => (call.operation === 'BatchGetItem' ? { Responses: { rooms: [], votes: [item('votes', 'b')] } } : {});
  expect(await Promise.all([reads(read('rooms', 'a')), reads(read('votes', 'b'))])).toEqual([undefined, item('votes', 'b')]);
});

test('what a table leaves unanswered is asked alone', async () => {
  answer = (call) => (call.operation === 'GetItem' ? all(call) : { Responses: { rooms: [item('rooms', 'a')] }, UnprocessedKeys: { votes: { Keys: [{ pk: { S: 'b' } }] } } });
  const found = await Promise.all([reads(read('rooms', 'a')), reads(read('votes', 'b'))]);
  expect(found.map((each) => each?.pk.S)).toEqual(['a', 'b']);
  expect(service.calls.map(({ operation }) => operation)).toEqual(['BatchGetItem', 'GetItem']);
});

test('where the call fails, so does every read of it', async () => {
  answer = () => { throw new ServiceError('ValidationException'); };
  const [one, other] = await Promise.allSettled([reads(read('rooms', 'a')), reads(read('votes', 'b'))]);
  expect([one.status, other.status]).toEqual(['rejected', 'rejected']);
});
