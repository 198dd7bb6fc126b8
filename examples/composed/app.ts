import { Annotations, App, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AuthService, Monitoring, RoomService, ServerlessApi, StagePreset, VotingPipeline } from 'trinity-constructs';

/** The services piece by piece, each in a stack of its own: what a platform team deploys, one stage after the other. */
export function build(app: App): App {
  const stageName: string = app.node.tryGetContext('stage') ?? 'development';
  const stack = (name: string, props: StackProps = {}) => new Stack(app, `${name}-${stageName}`, props);

  // What holds for everything below: the stage, and where alarms go.
  stageOf(stageName).on(app);
  const operations = stack('Operations', { description: 'Where alarms go' });
  const key = new Key(operations, 'AlarmKey', { enableKeyRotation: true });
  const pages = new Topic(operations, 'Pages', { masterKey: key, enforceSSL: true });
  const tickets = new Topic(operations, 'Tickets', { masterKey: key, enforceSSL: true });
  Monitoring.to(pages, { tickets }).on(app);

  // Dependencies point one way, so that each stack deploys without the later ones: API, accounts, rooms, voting.
  const api = new ServerlessApi(stack('Api'), 'Api', {
    title: 'Votes',
    description: 'Rooms in which people vote.',
    corsOrigins: stageName === 'production' ? ['https://votes.example.com'] : ['http://localhost:3000'],
  });
  const auth = new AuthService(stack('Accounts'), 'Auth', { api, passwordMinLength: 14 });
  // In another stack than the API, only reserved instances limit a public route. A new account has none to reserve, and nobody
  // but the team knows the development API. The other stages reserve them.
  if (stageName === 'development') Annotations.of(auth).acknowledgeWarning('trinity-constructs:unlimitedPublicRoutes', 'Nobody but the team knows its URL.');
  const rooms = new RoomService(stack('Rooms'), 'Rooms', { api, auth });
  new VotingPipeline(stack('Voting'), 'Voting', { rooms, lanes: 32, warmInstances: stageName === 'production' ? 5 : undefined });

  Tags.of(app).add('stage', stageName);
  return app;
}

function stageOf(name: string): StagePreset {
  switch (name) {
    case 'production': return StagePreset.production();
    case 'staging': return StagePreset.staging();
    case 'development': return StagePreset.development();
    default: throw new Error(`There is no stage '${name}': give -c stage=development, staging or production`);
  }
}

build(new App()).synth();
