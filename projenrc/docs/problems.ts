import { IDEMPOTENCY_SECONDS, PROBLEM_MEDIA_TYPE, type ProblemKey, Problems, problemType } from '../../src/api/contract';
import { AUTH_ENDPOINTS } from '../../src/auth/private/endpoints';
import type { BundledEndpoint } from '../../src/private/bundled-endpoint';
import { ROOMS_ENDPOINTS } from '../../src/rooms/private/endpoints';
import { VOTING_ENDPOINTS } from '../../src/voting/private/endpoints';
import { NOTICE, table } from './markdown';

/** What clients may meet, by status. */
export function problems(): string {
  const services = [AUTH_ENDPOINTS, ROOMS_ENDPOINTS, VOTING_ENDPOINTS];
  const rows = services.flatMap((endpoints) => Object.values<BundledEndpoint>(endpoints));
  const keys = (Object.keys(Problems) as ProblemKey[]).sort((a, b) => Problems[a].status - Problems[b].status);
  return [
    NOTICE,
    '',
    '# Problems',
    '',
    `Every error that an endpoint of this library answers is \`${PROBLEM_MEDIA_TYPE}\` (RFC 9457). Tell them apart by \`type\`, which is stable;`,
    '`title` and `detail` are for people and may change. For invalid input `errors` has one entry a field, with its JSON pointer.',
    'A 429 or 503 has `Retry-After`; every request may be repeated, a creation safely with an `Idempotency-Key`, which is',
    `remembered for ${IDEMPOTENCY_SECONDS / 3600} hours.`,
    '',
    '```json',
    JSON.stringify({
      type: problemType('invalid-request'),
      ...Problems['invalid-request'],
      errors: [{ pointer: '/name', detail: 'is missing' }],
    }, ['type', 'title', 'status', 'errors', 'pointer', 'detail'], 2),
    '```',
    '',
    table(['Status', 'Type', 'Title', 'Named by'], keys.map((key) => [
      `${Problems[key].status}`,
      `\`${problemType(key)}\``,
      Problems[key].title,
      rows.filter((row) => row.problems?.includes(key)).map(({ route }) => `\`${route}\``).join('<br>'),
    ])),
    '',
    'Where no endpoint is named: `invalid-json`, `payload-too-large` and `unsupported-media-type` are answered by every endpoint that takes a body,',
    '`invalid-cursor` by every list, `idempotency-key-reused` by every creation, `not-authenticated` by every endpoint that needs a token, the others by all.',
    '',
    'API Gateway answers some requests before any code runs: 401 of its authorizer, 404 of a route that does not exist, 413 of its own limit, 429 of a throttle,',
    '500 and 503 where a function crashed or had no capacity. Those bodies are `{"message": "…"}`; an HTTP API offers no way to change that.',
    '',
  ].join('\n');
}
