import { Stack } from 'aws-cdk-lib';
import { AuthService, type AuthServiceProps, RoomService, type RoomServiceProps, ServerlessApi, Trinity, VotingPipeline, type VotingPipelineProps } from '../src';
import { monitoredStack, testApp } from './support/app';

/** Apps also run without a type checker: what TypeScript would refuse must not end as an error of JavaScript. */
const untyped = <Props>(props: object) => props as Props;

let stack: Stack;
beforeEach(() => { stack = monitoredStack(testApp()); });

test.each<[string, string, () => unknown]>([
  ['VotingPipeline without rooms', 'rooms is missing', () => new VotingPipeline(stack, 'V', untyped<VotingPipelineProps>({}))],
  ['RoomService without anything', 'api and auth are missing', () => new RoomService(stack, 'R', untyped<RoomServiceProps>({}))],
  ['AuthService without an API', 'api is missing', () => new AuthService(stack, 'A', untyped<AuthServiceProps>({}))],
  ['a stage by its name', 'stage is "prod"', () => new Trinity(stack, 'T', untyped({ stage: 'prod' }))],
  ['the stage of an API by its name', 'stage is "prod"', () => new ServerlessApi(stack, 'P', untyped({ stage: 'prod' }))],
  ['an encryption key by its alias', 'encryptionKey is "alias/mine"', () => new Trinity(stack, 'T', untyped({ encryptionKey: 'alias/mine' }))],
  ['monitoring by a text', 'monitoring is "none"', () => new Trinity(stack, 'T', untyped({ monitoring: 'none' }))],
  ['ingestion by its name', 'ingestion is "overflow"', () => new VotingPipeline(stack, 'V', untyped<VotingPipelineProps>({ rooms: {}, ingestion: 'overflow' }))],
])('%s', (_, what, make) => {
  expect(make).toThrow(new RegExp(`^${what}\\n  at: .+\\n  mend: give `));
});
