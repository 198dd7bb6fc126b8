import { App, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AuthService, Encryption, Monitoring, RoomService, ServerlessApi, StagePreset, Trinity, VotingPipeline } from '../../src';
import { alarmTopic, testApp } from '../support/app';
import { findings } from '../support/findings';

/** The flags that this version of aws-cdk-lib recommends. `npm run test:versions` does the same with the newest one, and deploys. */
const RECOMMENDED = jest.requireActual<Record<string, unknown>>('aws-cdk-lib/recommended-feature-flags.json');

function appWith(flags: Record<string, unknown>): App {
  const app = testApp();
  for (const [flag, value] of Object.entries(flags)) app.node.setContext(flag, value);
  StagePreset.staging().on(app);
  return app;
}
const stackOf = (app: App, id: string) => new Stack(app, id, { env: { account: '111122223333', region: 'eu-central-1' } });

/** The whole system and one key in one stack. */
function oneStack(app: App): void {
  const stack = stackOf(app, 'One');
  Monitoring.to(alarmTopic(stack)).on(stack);
  new Trinity(stack, 'Trinity', { encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });
}

/** Each service in a stack of its own, topic and key in a fifth. */
function fiveStacks(app: App): void {
  const shared = stackOf(app, 'Shared');
  Monitoring.to(alarmTopic(shared)).on(app);
  Encryption.withKey(new Key(shared, 'Key', { enableKeyRotation: true })).on(app);
  const api = new ServerlessApi(stackOf(app, 'Api'), 'Api');
  const auth = new AuthService(stackOf(app, 'Auth'), 'Auth', { api });
  const rooms = new RoomService(stackOf(app, 'Rooms'), 'Rooms', { api, auth });
  new VotingPipeline(stackOf(app, 'Voting'), 'Voting', { rooms });
}

describe.each([['all recommended feature flags', RECOMMENDED], ['no feature flag', {}]])('with %s', (_, flags) => {
  test.each([['one stack', oneStack, 1], ['five stacks', fiveStacks, 5]] as const)('%s: synthesizes without a warning, and cdk-nag finds nothing', (__, define, count) => {
    const app = appWith(flags);
    define(app);
    const assembly = app.synth();
    expect(assembly.stacks).toHaveLength(count);
    expect(assembly.stacks.flatMap(({ messages }) => messages).filter(({ level }) => level !== 'info').map(({ entry }) => entry.data)).toEqual([]);
    expect(findings(app)).toEqual([]);
  });
});
