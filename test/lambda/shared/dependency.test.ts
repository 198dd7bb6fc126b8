import { calling, isTransient } from '../../../lambda/shared/dependency';
import { DependencyUnavailable } from '../../../lambda/shared/problem';

const named = (name: string, more: object = {}) => Object.assign(new Error('no'), { name, ...more });

test.each([
  ['a throttle', named('ThrottlingException')],
  ['a table at its limit', named('ProvisionedThroughputExceededException')],
  ['a timeout', named('TimeoutError')],
  ['a broken connection', Object.assign(new Error('no'), { code: 'ECONNRESET' })],
  ['the service failing', named('Whatever', { $metadata: { httpStatusCode: 500 } })],
])('%s may pass', async (_, error) => {
  expect(isTransient(error)).toBe(true);
  const failure = await calling('The table', () => Promise.reject(error)).catch((thrown) => thrown);
  expect(failure).toBeInstanceOf(DependencyUnavailable);
  expect(failure).toMatchObject({ message: 'The table is not available', cause: error, retryAfter: 1 });
});

test.each([[named('ValidationException', { $metadata: { httpStatusCode: 400 } })], [named('AccessDeniedException')], ['text'], [undefined], [null]])(
  '%p is here to stay and passes as it is', async (error) => {
    expect(isTransient(error)).toBe(false);
    await expect(calling('The table', () => Promise.reject(error))).rejects.toBe(error);
  },
);

test('what works is handed on', async () => {
  await expect(calling('The table', async () => 42)).resolves.toBe(42);
});
