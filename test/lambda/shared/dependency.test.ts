import { calling, isTransient } from '../../../lambda/shared/dependency';
import { DependencyUnavailable } from '../../../lambda/shared/problem';

const named = (name: string, more: object = {}) => Object.assign(new Error('no'), { name, ...more });

test.each([
  ['a throttle', named('ThrottlingException')],
  ['a table at its limit', named('ProvisionedThroughputExceededException')],
  ['a timeout', named('TimeoutError')],
  ['a broken connection', Object.assign(new Error('no'), { code: 'ECONNRESET' })],
  ['the service failing', named('Whatever', { $metadata: { httpStatusCode: 500 } })],
  ['the service failing in a way of its own', named('Whatever', { $metadata: { httpStatusCode: 529 } })],
  ['a quota that answers 429', named('Whatever', { $metadata: { httpStatusCode: 429 } })],
  ['what the model of the service calls retryable', named('ReplicatedWriteConflictException', { $retryable: {} })],
  ['a clock that was corrected', named('SignatureDoesNotMatch', { $metadata: { httpStatusCode: 403, clockSkewCorrected: true } })],
  ['a cause that may pass', named('Error', { cause: named('TimeoutError') })],
  ...[
    'Throttling', 'ThrottledException', 'RequestThrottled', 'RequestThrottledException', 'TooManyRequestsException', 'RequestLimitExceeded',
    'SlowDown', 'PriorRequestNotComplete', 'TransactionInProgressException', 'RequestTimeout', 'RequestTimeoutException',
    // How services pass on that KMS throttles.
    'KmsThrottled', 'KMS.ThrottlingException', 'KMSThrottlingException',
  ].map((name): [string, Error] => [name, named(name, { $metadata: { httpStatusCode: 400 } })]),
  ...['EPIPE', 'ETIMEDOUT', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'].map((code): [string, Error] => [code, named('Error', { code })]),
])('%s may pass', async (_, error) => {
  expect(isTransient(error)).toBe(true);
  const failure = await calling('The table', () => Promise.reject(error)).catch((thrown) => thrown);
  expect(failure).toBeInstanceOf(DependencyUnavailable);
  expect(failure).toMatchObject({ message: 'The table is not available', cause: error, retryAfter: 1 });
});

test.each([[named('ValidationException', { $metadata: { httpStatusCode: 400 } })], [named('AccessDeniedException')], [named('KmsAccessDenied')], [named('KmsDisabled')], ['text'], [undefined], [null]])(
  '%p is here to stay and passes as it is', async (error) => {
    expect(isTransient(error)).toBe(false);
    await expect(calling('The table', () => Promise.reject(error))).rejects.toBe(error);
  },
);

test('what works is handed on', async () => {
  await expect(calling('The table', async () => 42)).resolves.toBe(42);
});

test('what an inner call said of its dependency is not said of the outer one', async () => {
  const inner = new DependencyUnavailable('E-mail delivery', { cause: named('TimeoutError') });
  await expect(calling('The user pool', () => Promise.reject(inner))).rejects.toBe(inner);
});
