import { type ServerlessApiProps, ServerlessApi, StagePreset } from '../../src';
import { monitoredStack, testApp } from '../support/app';
import { warnings } from '../support/warnings';

const warned = (region: string | undefined, props: ServerlessApiProps = {}) => {
  const stack = monitoredStack(testApp(), 'Test', region === undefined ? {} : { env: { account: '111122223333', region } });
  new ServerlessApi(stack, 'Api', props);
  return warnings(stack);
};

test.each([
  'af-south-1', 'eu-south-1', 'ap-southeast-3', 'me-central-1', 'ap-south-2', 'ap-southeast-4', 'eu-south-2', 'eu-central-2', 'il-central-1', 'ca-west-1',
  'ap-southeast-5', 'ap-southeast-7', 'mx-central-1',
])('warns in %s, where the first quota of an account is 2,500 requests per second and production lets 5,000 through', (region) => {
  expect(warned(region)).toEqual([expect.stringMatching(/lets 5000 requests per second through.* 2500 in this region/)]);
  expect(warned(region, { throttle: { rateLimit: 2_500, burstLimit: 1_250 } })).toEqual([]);
  expect(warned(region, { stage: StagePreset.staging() })).toEqual([]);
});

test.each(['eu-central-1', 'us-east-1', undefined])('warns above 10,000 requests per second in other regions and where none is said: %s', (region) => {
  expect(warned(region)).toEqual([]);
  expect(warned(region, { throttle: { rateLimit: 10_001, burstLimit: 5_000 } })).toEqual([expect.stringMatching(/lets 10001 requests per second through.* 10000 in this region/)]);
});
