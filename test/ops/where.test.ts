import { chooseWhere } from '../../ops/where';

const options = { local: true, directory: '/app' };
const cloud = { endpoint: 'http://127.0.0.1:4570', credentials: { accessKeyId: 'LOCALKEY', secretAccessKey: 'secret' } };

test('without --local the caller\'s own settings hold', () => {
  expect(chooseWhere({ local: false, directory: '/app', profile: 'ops', region: 'eu-west-1' }, {})).toEqual({ profile: 'ops', region: 'eu-west-1' });
});

test('with --local the local cloud of the app is taken, with its credentials and no others', () => {
  expect(chooseWhere(options, { AWS_PROFILE: 'prod' }, (directory) => (directory === '/app' ? { cloud } : undefined))).toEqual({
    endpoint: cloud.endpoint, region: 'us-east-1', credentials: cloud.credentials,
  });
});

test('else the emulator at AWS_ENDPOINT_URL, if it is on this machine', () => {
  const none = () => undefined;
  expect(chooseWhere(options, { AWS_ENDPOINT_URL: 'http://localhost:4566' }, none)).toMatchObject({ endpoint: 'http://localhost:4566' });
  const named = { AWS_ENDPOINT_URL: 'http://localhost:4566', TRINITY_LOCAL_ACCESS_KEY_ID: 'mine', TRINITY_LOCAL_SECRET_ACCESS_KEY: 'known' };
  expect(chooseWhere(options, named, none)).toMatchObject({ credentials: { accessKeyId: 'mine', secretAccessKey: 'known' } });
  expect(() => chooseWhere(options, { AWS_ENDPOINT_URL: 'https://aws.example' }, none)).toThrow('not on this machine');
  expect(() => chooseWhere(options, {}, none)).toThrow('Start it with `npx trinity-local up`');
});

test('--local and --profile contradict each other', () => {
  expect(() => chooseWhere({ ...options, profile: 'prod' }, {})).toThrow('Leave --profile out');
});
