import { type CfnElement, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { JwtAuthorizer, RoomService, ServerlessApi, VotingPipeline, type VotingPipelineOptions } from '../../src';
import { monitoredStack } from '../support/app';
import { properties } from '../support/template';

/** The stack of the running test; `begin` makes a new one. */
export let stack: Stack;
export let api: ServerlessApi;
export let rooms: RoomService;
export const begin = (scope = monitoredStack()) => {
  stack = scope;
  api = new ServerlessApi(stack, 'Api');
  const auth = new JwtAuthorizer(stack, 'Auth', { api, issuer: 'https://login.example.com', audience: ['web'] });
  rooms = new RoomService(stack, 'Rooms', { api, auth });
};
export const make = (options: VotingPipelineOptions = {}) => new VotingPipeline(stack, 'Voting', { rooms, ...options });
export const template = () => Template.fromStack(stack);
export const table = () => properties(template(), 'AWS::DynamoDB::GlobalTable').find(({ StreamSpecification }) => StreamSpecification !== undefined)!;
export const alarms = () => properties(template(), 'AWS::CloudWatch::Alarm');
export const alarm = (name: string) => alarms().find(({ AlarmDescription }) => AlarmDescription.includes(`#${name}`))!;
export const environments = () => properties(template(), 'AWS::Lambda::Function').map(({ Environment }) => Environment.Variables)
  .filter((variables) => variables.POWERTOOLS_SERVICE_NAME === 'voting');
/** A construct of the pipeline. */
export const part = (id: string) => stack.node.findChild('Voting').node.findChild(id);
/** The properties of what a construct of the pipeline is made of. */
export const of = (construct: IConstruct) => template().toJSON().Resources[stack.getLogicalId(construct.node.defaultChild as CfnElement)].Properties;
export const removalOf = (construct?: IConstruct) => (construct!.node.defaultChild as CfnQueue).cfnOptions.deletionPolicy;
export const endpointsOf = (voting: VotingPipeline) => ({
  'POST /rooms/{roomId}/polls': voting.createPollEndpoint,
  'GET /rooms/{roomId}/polls': voting.listPollsEndpoint,
  'GET /rooms/{roomId}/polls/{pollId}': voting.readPollEndpoint,
  'POST /rooms/{roomId}/polls/{pollId}/votes': voting.castVoteEndpoint,
  'GET /rooms/{roomId}/polls/{pollId}/results': voting.resultsEndpoint,
  'GET /rooms/{roomId}/polls/{pollId}/ballots': voting.listBallotsEndpoint,
  'POST /rooms/{roomId}/polls/{pollId}/close': voting.closePollEndpoint,
});
