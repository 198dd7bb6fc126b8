import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Monitoring, StagePreset, Trinity } from 'trinity-constructs';

/** Endpoints of one's own beside those of the system: customers, each seen by who entered them. */
export function build(app: App): App {
  const stack = new Stack(app, 'Customers');
  Monitoring.to(new Topic(stack, 'Alarms', { enforceSSL: true })).on(stack);
  const trinity = new Trinity(stack, 'Trinity', { stage: StagePreset.development() });

  const table = new TableV2(stack, 'Customers', {
    partitionKey: { name: 'owner', type: AttributeType.STRING },
    sortKey: { name: 'customerId', type: AttributeType.STRING },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: StagePreset.of(trinity).removalPolicy,
  });
  const customer = {
    type: 'object',
    properties: { customerId: { type: 'string' }, name: { type: 'string' } },
    required: ['customerId', 'name'],
  };

  const page = { type: 'object', properties: { items: { type: 'array', items: customer } }, required: ['items'] };

  const environment = { TABLE_NAME: table.tableName, USER_ID_CLAIM: trinity.auth.userIdClaim };
  const list = trinity.addEndpoint('GET /customers', {
    code: Code.fromAsset(join(__dirname, 'dist', 'list')),
    auth: trinity.auth,
    environment,
    description: {
      summary: 'List my customers',
      responses: [{ status: 200, description: 'The first hundred.', schema: page }],
    },
  });
  table.grant(list, 'dynamodb:Query');

  const create = trinity.addEndpoint('POST /customers', {
    code: Code.fromAsset(join(__dirname, 'dist', 'create')),
    auth: trinity.auth,
    environment,
    description: {
      summary: 'Enter a customer',
      request: { type: 'object', properties: { name: { type: 'string', minLength: 1, maxLength: 100 } }, required: ['name'] },
      responses: [
        { status: 201, description: 'Entered.', schema: customer },
        {
          status: 400,
          description: 'The name is missing or too long.',
          schema: { $ref: '#/components/schemas/Problem' },
          mediaType: 'application/problem+json',
        },
      ],
    },
  });
  table.grant(create, 'dynamodb:PutItem');
  return app;
}

build(new App()).synth();
