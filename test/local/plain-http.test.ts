import { rewriteTemplate } from '../../local/stand-ins/rewrite';

const denial = { Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const allowance = { Effect: 'Allow', Action: 'sqs:SendMessage', Condition: { ArnEquals: { 'aws:SourceArn': 'arn' } } };

test('a queue\'s policy keeps all but its demand of TLS, which is told', () => {
  const { template, kept } = rewriteTemplate('S', {
    Resources: {
      Demanding: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: ['q'], PolicyDocument: { Version: '2012-10-17', Statement: [denial, allowance] } } },
      Other: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: ['q'], PolicyDocument: { Statement: allowance } } },
    },
  });
  expect(template.Resources?.Demanding.Properties).toEqual({ Queues: ['q'], PolicyDocument: { Version: '2012-10-17', Statement: [allowance] } });
  expect(template.Resources?.Other.Properties?.PolicyDocument).toEqual({ Statement: allowance });
  expect(kept.map(({ logicalId }) => logicalId)).toEqual(['Demanding']);
});
