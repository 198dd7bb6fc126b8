import { SafetyError } from '../../local/errors';
import { chooseEndpoint, requireLoopback } from '../../local/safety/endpoint';
import { plain, sdkEnvironment, withoutAws, withoutAwsAndProxies } from '../../local/safety/environment';

test.each([
  ['http://localhost:4566', 'http://localhost:4566'],
  ['http://127.0.0.1:4566/', 'http://127.0.0.1:4566'],
  ['http://127.1:4566', 'http://127.0.0.1:4566'],
  ['http://[::1]:4566', 'http://[::1]:4566'],
  ['https://localhost', 'https://localhost'],
])('%s is on this machine', (endpoint, expected) => {
  expect(requireLoopback(endpoint)).toBe(expected);
});

test.each([
  'https://dynamodb.us-east-1.amazonaws.com',
  'http://localhost.example.com:4566',
  'http://localhost@attacker.example:4566',
  'http://127.0.0.1.nip.io:4566',
  'http://10.0.0.1:4566',
  'http://0.0.0.0:4566',
  'http://169.254.169.254',
  'ftp://localhost',
  'localhost:4566',
  'nonsense',
])('%s is refused', (endpoint) => {
  expect(() => requireLoopback(endpoint)).toThrow(SafetyError);
});

test('without an endpoint none is used, whatever the profile: its credentials go nowhere', () => {
  expect(chooseEndpoint({ AWS_PROFILE: 'prod' })).toBeUndefined();
  expect(chooseEndpoint({ AWS_ENDPOINT_URL: '' })).toBeUndefined();
});

test('the endpoint of the environment is used, and one that is given comes first', () => {
  expect(chooseEndpoint({ AWS_ENDPOINT_URL: 'http://localhost:1' })).toBe('http://localhost:1');
  expect(chooseEndpoint({ AWS_ENDPOINT_URL: 'http://localhost:1' }, 'http://localhost:2')).toBe('http://localhost:2');
});

test('a refusal names the variable and says what to do', () => {
  expect(() => chooseEndpoint({ AWS_ENDPOINT_URL: 'https://s3.amazonaws.com' })).toThrow(/^AWS_ENDPOINT_URL is .* unset it/);
  expect(() => chooseEndpoint({ AWS_ENDPOINT_URL: 'http://localhost:1', AWS_ENDPOINT_URL_S3: 'https://s3.amazonaws.com' })).toThrow(/^AWS_ENDPOINT_URL_S3 is/);
  expect(() => chooseEndpoint({ AWS_ENDPOINT_URL: 'http://localhost:1', AWS_PROFILE: 'prod' })).toThrow(/unset AWS_PROFILE/);
});

const USER = {
  PATH: '/bin',
  HOME: '/home/ada',
  AWS_PROFILE: 'prod',
  AWS_ACCESS_KEY_ID: 'AKIA',
  aws_session_token: 'secret',
  CDK_DEFAULT_ACCOUNT: '123456789012',
  CDK_DOCKER: 'podman',
  HTTPS_PROXY: 'http://proxy',
  GREETING: 'hello',
};

test('the app\'s command keeps the user\'s environment but for AWS', () => {
  expect(withoutAws(USER)).toEqual({ PATH: '/bin', HOME: '/home/ada', CDK_DOCKER: 'podman', HTTPS_PROXY: 'http://proxy', GREETING: 'hello' });
});

test('what talks to the local cloud alone gets no proxy', () => {
  expect(withoutAwsAndProxies(USER)).not.toHaveProperty('HTTPS_PROXY');
});

test('functions get next to nothing of the user\'s environment', () => {
  expect(plain(USER)).toEqual({ PATH: '/bin' });
});

test('an SDK is led to the local cloud, and away from profiles and from the metadata service', () => {
  const environment = sdkEnvironment('http://127.0.0.1:1', 'us-east-1', { accessKeyId: 'LOCALKEY', secretAccessKey: 'secret' }, '/run/empty');
  expect(environment).toMatchObject({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_CONFIG_FILE: '/run/empty',
    AWS_SHARED_CREDENTIALS_FILE: '/run/empty',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: 'LOCALKEY',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
});
