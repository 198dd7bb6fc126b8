import { rewriteTemplate } from '../../local/stand-ins/rewrite';
import supported from '../../local/stand-ins/supported-types.json';
import { STAND_INS } from '../../local/stand-ins/table';
import type { Template } from '../../local/stand-ins/template';

const alarm = (path: string, properties: object): Record<string, unknown> => ({
  Type: 'AWS::CloudWatch::Alarm', Properties: properties, Metadata: { 'aws:cdk:path': `${path}/Resource` },
});

function rewrite(template: object): ReturnType<typeof rewriteTemplate> {
  return rewriteTemplate('Stack', template as Template);
}

test('what the emulator can deploy is left as it is', () => {
  const template = { Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'notes' } } }, Outputs: { Name: { Value: { Ref: 'Table' } } } };
  expect(rewrite(template)).toEqual({ template, standIns: [], leftOut: [], kept: [] });
});

test('a metric-math alarm is left out, and named by its construct path with the reason', () => {
  const { template, leftOut } = rewrite({
    Resources: { Rate: alarm('Stack/Rate', { Metrics: [] }), Errors: alarm('Stack/Errors', { MetricName: 'Errors' }) },
  });
  expect(Object.keys(template.Resources!)).toEqual(['Errors']);
  expect(leftOut).toEqual([expect.objectContaining({ stack: 'Stack', logicalId: 'Rate', path: 'Stack/Rate', why: 'MiniStack has no metric math.' })]);
});

test('a type that nobody knows is left out, and named', () => {
  const { template, leftOut } = rewrite({ Resources: { Quantum: { Type: 'AWS::Braket::QuantumTask' }, Mine: { Type: 'Custom::Mine' } } });
  expect(Object.keys(template.Resources!)).toEqual(['Mine']);
  expect(leftOut.map(({ logicalId, type }) => [logicalId, type])).toEqual([['Quantum', 'AWS::Braket::QuantumTask']]);
});

test('what refers to a left out resource gets a well-formed name that leads nowhere', () => {
  const { template } = rewrite({
    Resources: {
      Trail: { Type: 'AWS::CloudTrail::Trail' },
      Policy: { Type: 'AWS::IAM::Policy', Properties: { Resource: [{ 'Fn::GetAtt': ['Trail', 'Arn'] }, { Ref: 'Trail' }, { Ref: 'Other' }] } },
      Param: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::Sub': 'trail ${Trail.Arn} in ${AWS::Region}' } } },
      Deep: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::Sub': ['${A} ${Trail}', { A: { Ref: 'Trail' } }] } } },
    },
    Outputs: { Trail: { Value: { 'Fn::GetAtt': 'Trail.Arn' } } },
  });
  const arn = 'arn:aws:left-out:us-east-1:000000000000:Trail';
  expect(template.Resources!.Policy.Properties).toEqual({ Resource: [arn, 'left-out-trail', { Ref: 'Other' }] });
  expect(template.Resources!.Param.Properties).toEqual({ Value: { 'Fn::Sub': ['trail ${LocalTrailArn} in ${AWS::Region}', { LocalTrailArn: arn }] } });
  expect(template.Resources!.Deep.Properties).toEqual({ Value: { 'Fn::Sub': ['${A} ${LocalTrail}', { A: 'left-out-trail', LocalTrail: 'left-out-trail' }] } });
  expect(template.Outputs!.Trail.Value).toBe(arn);
});

test('nothing depends on a left out resource any more', () => {
  const { template } = rewrite({
    Resources: {
      Trail: { Type: 'AWS::CloudTrail::Trail' },
      One: { Type: 'AWS::SQS::Queue', DependsOn: 'Trail' },
      Two: { Type: 'AWS::SQS::Queue', DependsOn: ['Trail', 'One'] },
    },
  });
  expect(template.Resources!.One).not.toHaveProperty('DependsOn');
  expect(template.Resources!.Two.DependsOn).toEqual(['One']);
});

test('what makes no sense without a left out resource goes with it', () => {
  const { template, leftOut } = rewrite({
    Resources: {
      Nat: { Type: 'AWS::EC2::NatGateway' },
      ToNat: { Type: 'AWS::EC2::Route', Properties: { NatGatewayId: { Ref: 'Nat' } } },
      ToInternet: { Type: 'AWS::EC2::Route', Properties: { GatewayId: { Ref: 'Internet' } } },
    },
  });
  expect(Object.keys(template.Resources!)).toEqual(['ToInternet']);
  expect(leftOut.map(({ logicalId }) => logicalId)).toEqual(['Nat', 'ToNat']);
});

test('an alias forgets a gradual deployment whose group is left out', () => {
  const { template } = rewrite({
    Resources: {
      Group: { Type: 'AWS::CodeDeploy::DeploymentGroup' },
      Alias: { Type: 'AWS::Lambda::Alias', UpdatePolicy: { CodeDeployLambdaAliasUpdate: { DeploymentGroupName: { Ref: 'Group' } } } },
      Other: { Type: 'AWS::Lambda::Alias', UpdatePolicy: { UseOnlineResharding: true } },
    },
  });
  expect(template.Resources!.Alias).not.toHaveProperty('UpdatePolicy');
  expect(template.Resources!.Other).toHaveProperty('UpdatePolicy');
});

test('the mapping of a table\'s stream is deployed disabled, and stood in for; others are left alone', () => {
  const mapping = (source: unknown, more: object = {}): object => ({ Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: source, ...more } });
  const { template, standIns } = rewrite({
    Resources: {
      Table: { Type: 'AWS::DynamoDB::GlobalTable' },
      Queue: { Type: 'AWS::SQS::Queue' },
      Own: mapping({ 'Fn::GetAtt': ['Table', 'StreamArn'] }),
      Imported: mapping({ 'Fn::ImportValue': 'Data:ExportsOutputFnGetAttTableStreamArn12' }, { StartingPosition: 'LATEST' }),
      OfQueue: mapping({ 'Fn::GetAtt': ['Queue', 'Arn'] }),
    },
  });
  const enabled = Object.fromEntries(Object.entries(template.Resources!).map(([id, { Properties }]) => [id, Properties?.Enabled]));
  expect(enabled).toEqual({ Table: undefined, Queue: undefined, Own: false, Imported: false, OfQueue: undefined });
  expect(standIns.map(({ logicalId }) => logicalId)).toEqual(['Own', 'Imported']);
});

test('a Kinesis stream\'s mapping is kept, and what it does not do is told', () => {
  const { template, kept } = rewrite({
    Resources: {
      Stream: { Type: 'AWS::Kinesis::Stream' },
      Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] }, StartingPosition: 'LATEST' } },
    },
  });
  expect(template.Resources!.Mapping.Properties).not.toHaveProperty('Enabled');
  expect(kept.map(({ logicalId, differs }) => [logicalId, differs])).toEqual([['Mapping', expect.stringContaining('ignores retries')]]);
});

test('a user pool\'s issuer is written from its id', () => {
  const { template, standIns } = rewrite({
    Resources: { Pool: { Type: 'AWS::Cognito::UserPool' }, Fn: { Type: 'AWS::Lambda::Function', Properties: { Issuer: { 'Fn::GetAtt': ['Pool', 'ProviderURL'] } } } },
  });
  expect(template.Resources!.Fn.Properties).toEqual({ Issuer: { 'Fn::Sub': 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}' } });
  expect(standIns.map(({ logicalId }) => logicalId)).toEqual(['Pool']);
});

test('an API with CORS is stood in for, one without is not', () => {
  const { standIns } = rewrite({
    Resources: { Open: { Type: 'AWS::ApiGatewayV2::Api', Properties: { CorsConfiguration: {} } }, Closed: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} } },
  });
  expect(standIns.map(({ logicalId }) => logicalId)).toEqual(['Open']);
});

test('the check of the bootstrap stack is taken out, other parameters and rules are not', () => {
  const { template } = rewrite({
    Parameters: { BootstrapVersion: {}, Size: {} }, Rules: { CheckBootstrapVersion: {} }, Resources: {},
  });
  expect(template).toEqual({ Parameters: { Size: {} }, Resources: {} });
});

describe('the table', () => {
  test('has a reason and a consequence for each row, each a sentence', () => {
    for (const { type, why, differs } of STAND_INS) {
      expect([type, why]).toEqual([type, expect.stringMatching(/^[A-Z].*\.$/)]);
      expect([type, differs]).toEqual([type, expect.stringMatching(/^[A-Z].*\.$/)]);
    }
  });

  test('has one row a type, unless the rows say which resources they are about', () => {
    const types = STAND_INS.filter(({ when }) => when === undefined).map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
  });

  test('leaves whole types out only where the emulator does not know them', () => {
    const known = new Set(supported);
    expect(STAND_INS.filter(({ action, when, type }) => action === 'leftOut' && when === undefined && known.has(type))).toEqual([]);
  });
});
