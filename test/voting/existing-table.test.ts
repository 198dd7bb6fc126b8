import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Billing, type ITableV2, ProjectionType, StreamViewType, TableEncryptionV2, TableV2, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { JwtAuthorizer, RoomService, ServerlessApi, VotingPipeline } from '../../src';
import { monitoredStack, stackWithRegion, testApp } from '../support/app';
import { findings } from '../support/findings';
import { grantsOf } from '../support/grants';
import { refusal } from '../support/refusal';
import { begin, make, of, part, rooms, stack, template } from './pipeline';

const STRING = AttributeType.STRING;
const FITTING: TablePropsV2 = {
  partitionKey: { name: 'pk', type: STRING },
  sortKey: { name: 'sk', type: STRING },
  timeToLiveAttribute: 'expiresAt',
  billing: Billing.onDemand(),
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
  localSecondaryIndexes: [{ indexName: 'lanePin', sortKey: { name: 'lanePin', type: STRING }, projectionType: ProjectionType.KEYS_ONLY }],
};
const ARN = 'arn:aws:dynamodb:eu-central-1:111122223333:table/Restored';
const STREAM = `${ARN}/stream/2026-01-01T00:00:00.000`;

describe('a pipeline on a table of the same app', () => {
  test('makes none of its own, reads its stream and names it to operators', () => {
    begin();
    const table = new TableV2(stack, 'Restored', FITTING);
    const voting = make({ table });
    expect(voting.table).toBe(table);
    template().resourceCountIs('AWS::DynamoDB::GlobalTable', 2);
    expect(of(part('Aggregation').node.findChild('Ballots')).EventSourceArn).toEqual(stack.resolve(table.tableStreamArn));
    expect(grantsOf(part('Aggregation'))).toContain('dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams on Restored.StreamArn');
    expect(grantsOf(part('Overflow'))).toContain('dynamodb:PutItem on Restored, keys ballot#*');
    expect(JSON.stringify(template().findOutputs('*'))).toContain(stack.getLogicalId(table.node.defaultChild as never));
    expect(findings(stack)).toEqual([]);
  });

  test('may use the key that the table is encrypted with', () => {
    begin(stackWithRegion());
    const key = new Key(stack, 'Key');
    make({ table: new TableV2(stack, 'Restored', { ...FITTING, encryption: TableEncryptionV2.customerManagedKey(key) }) });
    for (const id of ['Aggregation', 'Overflow', 'Recount']) expect(grantsOf(part(id)).join()).toMatch(/kms:Decrypt.* on Key/);
  });

  test.each<[string, Partial<TablePropsV2>, string, RegExp]>([
    ['other keys', { sortKey: { name: 'id', type: STRING } }, 'table: its keys are pk and id', /sort key is sk/],
    ['no sort key', { sortKey: undefined, localSecondaryIndexes: undefined }, 'table: its keys are pk', /sort key is sk/],
    ['a key that is a number', { sortKey: { name: 'sk', type: AttributeType.NUMBER } }, 'table: its keys are pk and sk, and not both are strings', /both strings/],
    ['no time to live', { timeToLiveAttribute: undefined }, 'table: its time to live is not set', /expiresAt/],
    ['no stream', { dynamoStream: undefined }, 'table: it has no stream, and without one no vote is counted', /NEW_AND_OLD_IMAGES/],
    ['a stream without old images', { dynamoStream: StreamViewType.NEW_IMAGE }, 'table: its stream has NEW_IMAGE', /NEW_AND_OLD_IMAGES/],
    ['no index that keeps the order', { localSecondaryIndexes: undefined }, 'table: it has no local secondary index lanePin, without which votes of one write shard lose their order', /cannot be added later/],
  ])('with %s is refused', (_, props, what, mend) => {
    begin();
    const table = new TableV2(stack, 'Restored', { ...FITTING, ...props });
    expect(refusal(() => make({ table }))).toEqual({ what, at: 'Test/Voting', mend: expect.stringMatching(mend) });
  });

  test('with a maximum of write units is refused: the table has its own', () => {
    begin();
    const table = new TableV2(stack, 'Restored', FITTING);
    expect(refusal(() => make({ table, maximumWriteUnits: 5 }))).toMatchObject({ what: 'table: maximumWriteUnits is given together with a table' });
  });
});

describe('a pipeline on an imported table', () => {
  const imported = (scope: Stack, more: object = {}): ITableV2 => TableV2.fromTableAttributes(scope, 'Restored', { tableArn: ARN, ...more });

  test('reads the stream that was named, and may use the key', () => {
    begin(stackWithRegion());
    const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/1');
    make({ table: imported(stack, { tableStreamArn: STREAM, encryptionKey }) });
    expect(of(part('Aggregation').node.findChild('Ballots')).EventSourceArn).toBe(STREAM);
    const grants = grantsOf(part('Aggregation')).join();
    expect(grants).toContain(`on ${STREAM}`);
    expect(grants).toMatch(/kms:Decrypt.* on arn:aws:kms:eu-central-1:111122223333:key\/1/);
    expect(grantsOf(part('Recount')).join()).toContain(`on ${ARN}, keys tally#*`);
  });

  test('without its stream is refused', () => {
    begin(stackWithRegion());
    expect(refusal(() => make({ table: imported(stack) }))).toMatchObject({ mend: expect.stringContaining('import one with its tableStreamArn') });
  });

  test('of another region or account is refused', () => {
    begin(stackWithRegion());
    const elsewhere = (arn: string, id: string) => TableV2.fromTableAttributes(stack, id, { tableArn: arn, tableStreamArn: STREAM });
    expect(refusal(() => make({ table: elsewhere(ARN.replace('eu-central-1', 'us-east-1'), 'A') }))).toMatchObject({ what: 'table (Test/A) is in the region us-east-1, and this in eu-central-1' });
    expect(refusal(() => new VotingPipeline(stack, 'Other', { rooms, table: elsewhere(ARN.replace('111122223333', '444455556666'), 'B') })))
      .toMatchObject({ what: 'table (Test/B) is in the account 444455556666, and this in 111122223333' });
  });
});

describe('rooms', () => {
  /** An API in a stack, and the rooms of it on a table. */
  const on = (scope: Stack, table: ITableV2) => {
    const own = new ServerlessApi(scope, 'Api');
    const auth = new JwtAuthorizer(scope, 'Auth', { api: own, issuer: 'https://login.example.com', audience: ['web'] });
    return new RoomService(scope, 'Rooms', { api: own, auth, table });
  };

  test('on a table of another stack make none of their own, and grant what their functions need', () => {
    const app = testApp();
    const table = new TableV2(new Stack(app, 'Data'), 'Restored', { ...FITTING, dynamoStream: undefined, localSecondaryIndexes: undefined });
    const scope = monitoredStack(app);
    const service = on(scope, table);
    expect(service.table).toBe(table);
    Template.fromStack(scope).resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
    expect(grantsOf(service.createEndpoint)).toEqual([expect.stringMatching(/^dynamodb:PutItem on .*Restored.*, keys user#\* invite#\*$/)]);
  });

  test('on a table with other keys are refused', () => {
    const scope = monitoredStack();
    const table = new TableV2(scope, 'Restored', { partitionKey: { name: 'id', type: STRING } });
    expect(refusal(() => on(scope, table))).toMatchObject({ what: 'table: its keys are id', at: 'Test/Rooms' });
  });
});
