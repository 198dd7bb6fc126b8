import { demandsTls, withoutDemandOfTls } from './plain-http';
import { isDynamoStream } from './streams';
import type { Template, TemplateResource } from './template';

/** One thing that the emulator does otherwise than AWS, and what is done about it. */
export interface StandIn {
  readonly type: string;
  /** `standIn`: something else does its work. `leftOut`: it is not deployed. `kept`: it is deployed, and does less. */
  readonly action: 'standIn' | 'leftOut' | 'kept';
  /** Which resources of the type. @default - all */
  readonly when?: (resource: TemplateResource, template: Template) => boolean;
  /** How the resource is deployed instead. @default - as it is */
  readonly change?: (resource: TemplateResource) => TemplateResource;
  /** Types that make no sense without it: one that refers to it is left out too. */
  readonly takesAlong?: readonly string[];
  readonly why: string;
  readonly differs: string;
}

const NO_SUCH_TYPE = 'MiniStack\'s CloudFormation does not know this type.';

function leftOut(type: string, differs: string, more: Partial<StandIn> = {}): StandIn {
  return { type, action: 'leftOut', why: NO_SUCH_TYPE, differs, ...more };
}

/** The one table of what is stood in for and what is left out. A type that neither it nor the emulator knows is left out. */
export const STAND_INS: readonly StandIn[] = [
  {
    type: 'AWS::Lambda::EventSourceMapping',
    action: 'standIn',
    when: isDynamoStream,
    change: (resource) => ({ ...resource, Properties: { ...resource.Properties, Enabled: false } }),
    why: 'MiniStack ignores retries, bisection, partial failures and the batching window of a table\'s stream.',
    differs: 'This process reads the stream and invokes the function as AWS documents it, from one shard and without tumbling windows.',
  },
  {
    type: 'AWS::Lambda::EventSourceMapping',
    action: 'kept',
    when: (resource, template) => !isDynamoStream(resource, template) && resource.Properties?.StartingPosition !== undefined,
    why: 'MiniStack reads the stream itself.',
    differs: 'It ignores retries, bisection, partial failures and the batching window.',
  },
  {
    type: 'AWS::ApiGatewayV2::Api',
    action: 'standIn',
    when: (resource) => resource.Properties?.CorsConfiguration !== undefined,
    why: 'MiniStack answers every preflight with 403 until the CORS configuration is set by the API.',
    differs: 'The same configuration is set again after the deployment.',
  },
  {
    type: 'AWS::ApiGatewayV2::Stage',
    action: 'kept',
    why: 'MiniStack answers for a function that crashes in its own way.',
    differs: 'A crash or a timeout is answered with 502 and the error itself; API Gateway answers 500 or 503 and tells nobody.',
  },
  {
    type: 'AWS::Cognito::UserPool',
    action: 'standIn',
    when: (resource, template) => JSON.stringify(template).includes('ProviderURL') && resource.Type === 'AWS::Cognito::UserPool',
    why: 'MiniStack fails a deployment that reads a user pool\'s ProviderURL.',
    differs: 'The issuer is written from the region and the id of the pool.',
  },
  ...['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy', 'AWS::S3::BucketPolicy'].map((type): StandIn => ({
    type,
    action: 'kept',
    when: demandsTls,
    change: withoutDemandOfTls,
    why: 'MiniStack is reached without TLS here, and a policy that demands TLS would deny everybody, functions too.',
    differs: 'The statements that demand TLS are left out; the others hold.',
  })),
  {
    type: 'AWS::CloudWatch::Alarm',
    action: 'leftOut',
    when: (resource) => resource.Properties?.Metrics !== undefined,
    why: 'MiniStack has no metric math.',
    differs: 'The alarm does not exist here. Alarms on one metric do, and MiniStack evaluates them only when something calls PutMetricData.',
  },
  leftOut('AWS::CloudWatch::CompositeAlarm', 'Nothing rings for the combination; the alarms in it are there.'),
  leftOut('AWS::CloudWatch::AnomalyDetector', 'No band is learnt.'),
  leftOut('AWS::ApplicationAutoScaling::ScalableTarget', 'Capacity stays as the template starts it.', { takesAlong: ['AWS::ApplicationAutoScaling::ScalingPolicy'] }),
  leftOut('AWS::ApplicationAutoScaling::ScalingPolicy', 'Capacity stays as the template starts it.'),
  leftOut('AWS::ApplicationSignals::ServiceLevelObjective', 'No objective is measured.'),
  leftOut('AWS::AppSync::Api', 'There is no AppSync Events API: nothing is published live.', {
    takesAlong: ['AWS::AppSync::ApiKey', 'AWS::AppSync::ChannelNamespace'],
  }),
  leftOut('AWS::AppSync::ChannelNamespace', 'There is no AppSync Events API: nothing is published live.'),
  leftOut('AWS::Athena::NamedQuery', 'The saved query is not there; its text is in the template.'),
  leftOut('AWS::Budgets::Budget', 'No budget is watched, and nothing costs anything.'),
  leftOut('AWS::CloudTrail::Trail', 'No trail is recorded.'),
  leftOut('AWS::CodeDeploy::Application', 'A new version takes all traffic at once.'),
  leftOut('AWS::CodeDeploy::DeploymentConfig', 'A new version takes all traffic at once.'),
  leftOut('AWS::CodeDeploy::DeploymentGroup', 'A new version takes all traffic at once.'),
  leftOut('AWS::EC2::EIP', 'There are no public addresses.'),
  leftOut('AWS::EC2::NatGateway', 'Functions reach this machine\'s network directly.', { takesAlong: ['AWS::EC2::Route'] }),
  leftOut('AWS::EC2::SecurityGroupEgress', 'Traffic is not filtered.'),
  leftOut('AWS::EC2::SecurityGroupIngress', 'Traffic is not filtered.'),
  leftOut('AWS::ElastiCache::ServerlessCache', 'There is no cache behind the endpoint: readers have to take a miss for an answer.'),
  leftOut('AWS::Events::ApiDestination', 'Nothing is sent to it.'),
  leftOut('AWS::Events::Archive', 'Events are not kept for a replay.'),
  leftOut('AWS::Events::Connection', 'Nothing is sent through it.', { takesAlong: ['AWS::Events::ApiDestination'] }),
  leftOut('AWS::Logs::QueryDefinition', 'The saved query is not there; its text is in the template.'),
  leftOut('AWS::XRay::Group', 'Traces are not grouped.'),
  leftOut('AWS::XRay::SamplingRule', 'Traces are not sampled.'),
  {
    type: 'Custom::S3AutoDeleteObjects',
    action: 'leftOut',
    why: 'Its function counts on the SDK of the Lambda runtime.',
    differs: 'Nothing: the objects go with the emulator.',
  },
  {
    type: 'Custom::LogRetention',
    action: 'leftOut',
    why: 'Its function counts on the SDK of the Lambda runtime.',
    differs: 'Logs are kept until the local cloud stops.',
  },
  {
    type: 'Custom::CDKBucketDeployment',
    action: 'leftOut',
    why: 'Its function counts on the AWS CLI of its layer.',
    differs: 'The bucket stays empty: its files are in the folder that they come from.',
  },
];
