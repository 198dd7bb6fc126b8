import { httpOptions } from '../../../lambda/shared/runtime';
import { ApiEnv } from '../../../src/api/contract';

afterEach(() => { delete process.env[ApiEnv.MAX_BODY_BYTES]; });

test('bodies are read up to 64 KiB where nothing else is said', () => {
  expect(httpOptions().maxBodyBytes).toBe(65_536);
});

test('the construct says otherwise by a variable', () => {
  process.env[ApiEnv.MAX_BODY_BYTES] = '1024';
  expect(httpOptions().maxBodyBytes).toBe(1024);
});
