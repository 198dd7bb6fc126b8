import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { aPoll, uuid } from './fakes';
import { DependencyUnavailable } from '../../../lambda/shared/problem';
import { dynamoBallots } from '../../../lambda/voting/adapters/ballots';
import { dynamoTallies } from '../../../lambda/voting/adapters/tallies';
import { type Call, ServiceError, type StubService, stubService } from '../shared/stub-service';

const POLL = uuid(1);
const STORED = { optionId: { S: 'o1' }, acceptedAt: { N: '1767225600123' } };
const BALLOT = { pollId: POLL, lane: 12, voter: 'user-1', optionId: 'o2', acceptedAt: 1_767_225_600_456, revote: false };

let service: StubService;
let answer: (call: Call) => object;
let options: { client: DynamoDBClient; tableName: string };

beforeEach(async () => {
  answer = () => ({});
  service = await stubService((call) => answer(call));
  options = { client: new DynamoDBClient(service.client), tableName: 'votes' };
});
afterEach(() => service.close());

const input = () => service.calls[0].input;
const refusing = (item?: object) => () => { throw new ServiceError('ConditionalCheckFailedException', item === undefined ? {} : { Item: item }); };

describe('a ballot', () => {
  test('is one conditional write of one write unit', async () => {
    await expect(dynamoBallots(options).put(BALLOT)).resolves.toEqual({ written: true });
    expect(service.calls).toHaveLength(1);
    expect(input()).toEqual({
      TableName: 'votes',
      Item: { pk: { S: `ballot#${POLL}#12` }, sk: { S: 'user-1' }, optionId: { S: 'o2' }, acceptedAt: { N: '1767225600456' } },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    expect(JSON.stringify(input().Item).length).toBeLessThan(1024);
  });

  test('that may be changed takes the place of one that was accepted earlier, by one write', async () => {
    answer = () => ({ Attributes: STORED });
    await expect(dynamoBallots(options).put({ ...BALLOT, revote: true })).resolves.toEqual({
      written: true, before: { optionId: 'o1', acceptedAt: 1_767_225_600_123 },
    });
    expect(input()).toMatchObject({
      ConditionExpression: 'attribute_not_exists(pk) OR acceptedAt < :acceptedAt',
      ExpressionAttributeValues: { ':acceptedAt': { N: '1767225600456' } },
    });
  });

  test('that stands in the way is given back', async () => {
    answer = refusing(STORED);
    await expect(dynamoBallots(options).put(BALLOT)).resolves.toEqual({ written: false, standing: { optionId: 'o1', acceptedAt: 1_767_225_600_123 } });
  });

  test.each(['ProvisionedThroughputExceededException', 'ThrottlingException', 'InternalServerError'])('is not taken while the table says %s', async (type) => {
    answer = () => { throw new ServiceError(type); };
    await expect(dynamoBallots(options).put(BALLOT)).rejects.toBeInstanceOf(DependencyUnavailable);
  });

  test('that was refused without a reason is an error', async () => {
    answer = refusing();
    await expect(dynamoBallots(options).put(BALLOT)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });
});

describe('a tally', () => {
  const LANE = { pollId: POLL, lane: 7 };
  const fold = (deltas: Array<[string, number]>) => ({ first: '0001', last: '0005', deltas: new Map(deltas), changes: 5 });

  test('is added to by one conditional write that moves the mark', async () => {
    await expect(dynamoTallies(options).add(LANE, fold([['o1', 3], ['o2', -1]]))).resolves.toBeUndefined();
    expect(service.calls).toMatchObject([{ operation: 'UpdateItem' }]);
    expect(input()).toEqual({
      TableName: 'votes',
      Key: { pk: { S: `tally#${POLL}` }, sk: { S: 'lane#007' } },
      UpdateExpression: 'SET #mark = :last ADD #version :one, #n1 :n1, #n2 :n2',
      ConditionExpression: 'attribute_not_exists(#mark) OR #mark < :first',
      ExpressionAttributeNames: { '#mark': 'mark', '#version': 'version', '#n1': 'n#o1', '#n2': 'n#o2' },
      ExpressionAttributeValues: {
        ':first': { S: '0001' }, ':last': { S: '0005' }, ':one': { N: '1' }, ':n1': { N: '3' }, ':n2': { N: '-1' },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  test('moves the mark also where the changes cancel out', async () => {
    await dynamoTallies(options).add(LANE, fold([]));
    expect(input()).toMatchObject({ UpdateExpression: 'SET #mark = :last ADD #version :one' });
  });

  test('that was moved by others gives its mark', async () => {
    answer = refusing({ mark: { S: '0003' }, version: { N: '1' } });
    await expect(dynamoTallies(options).add(LANE, fold([['o1', 1]]))).resolves.toBe('0003');
  });

  test('that cannot be written says so', async () => {
    answer = () => { throw new ServiceError('ThrottlingException'); };
    await expect(dynamoTallies(options).add(LANE, fold([]))).rejects.toBeInstanceOf(DependencyUnavailable);
  });

  test('is read with all lanes of the poll, by one consistent query', async () => {
    answer = () => ({
      Items: [{ 'mark': { S: '1' }, 'version': { N: '3' }, 'n#o1': { N: '12' } }, { 'mark': { S: '1' }, 'version': { N: '1' }, 'n#o2': { N: '0' } }],
    });
    await expect(dynamoTallies(options).ofPoll(aPoll().pollId)).resolves.toEqual([
      { counts: { o1: 12 }, version: 3 }, { counts: { o2: 0 }, version: 1 },
    ]);
    expect(service.calls).toHaveLength(1);
    expect(input()).toMatchObject({ ExpressionAttributeValues: { ':pk': { S: `tally#${POLL}` } }, ConsistentRead: true });
  });

  test('before the first vote is no lane', async () => {
    await expect(dynamoTallies(options).ofPoll(POLL)).resolves.toEqual([]);
  });
});
