import { DEFAULT_MAX_BODY_BYTES } from '../../../src/api/contract';
import { AUTH_ENDPOINTS } from '../../../src/auth/private/endpoints';
import type { BundledEndpoint } from '../../../src/private/bundled-endpoint';
import { ROOMS_ENDPOINTS } from '../../../src/rooms/private/endpoints';
import { VOTING_ENDPOINTS } from '../../../src/voting/private/endpoints';
import { compiled } from './validator';

/** Of the process, so that a busy machine does not count. The fault that this test was made for took 2,000. */
const MAX_CPU_MS = 400;
/** UTF-16 units: twice the 300 characters of the longest text field. */
const MAX_NORMALIZED = 600;

type Schema = { readonly properties?: Record<string, Schema>; readonly items?: Schema; readonly type?: string };

const ENDPOINTS: BundledEndpoint[] = Object.values({ ...AUTH_ENDPOINTS, ...ROOMS_ENDPOINTS, ...VOTING_ENDPOINTS });
const REQUESTS = ENDPOINTS.flatMap(({ route, request }): Array<[string, Schema]> => (request === undefined ? [] : [[route, request as Schema]]));

/** As many repetitions as a body may have bytes for. */
function fill(unit: string): string {
  return unit.repeat(Math.floor((DEFAULT_MAX_BODY_BYTES - 200) / Buffer.byteLength(unit)));
}

/** Normalizing takes time that grows with the square of the combining marks that follow one another out of their canonical order. */
const MARKS = `a${'\u0301'.repeat(16_000)}${'\u0327'.repeat(16_000)}`;
const TEXTS: Record<string, string> = {
  'marks out of order': MARKS,
  'alternating marks': `a${fill('\u0327\u0301')}`,
  'joiners': fill('a\u200d'),
  'spaces': `a${fill(' ')}\u200b`,
  'selectors': fill('\ufe0f'),
  'flags': fill('🏴'),
  'dots': `a@${fill('a.')}`,
  'digits': fill('1'),
};
const LISTS: Record<string, unknown[]> = {
  'a text of marks': [MARKS],
  'many texts': Array.from({ length: 9_000 }, (_, index) => String(index)),
  'many texts of marks': Array.from({ length: 300 }, (_, index) => `${index}${'\u0301'.repeat(50)}${'\u0327'.repeat(50)}`),
  'many lists': Array.from({ length: 8_000 }, (_, index) => [index]),
  'many objects': Array.from({ length: 6_000 }, (_, index) => ({ a: index })),
};
const UNKNOWN_FIELDS = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 1]));

/** Bodies up to the limit: each field of the schema in turn has one of the values. */
function hostileBodies({ properties = {} }: Schema): Array<[string, unknown]> {
  const values = Object.entries({ ...TEXTS, ...LISTS });
  const bodies = Object.keys(properties).flatMap((field) => values.map(([what, value]): [string, unknown] => [`${field}: ${what}`, { [field]: value }]));
  return [...bodies, ['unknown fields', UNKNOWN_FIELDS], ['a list', LISTS['many texts']]];
}

test('every endpoint that takes a body is among those that are tried', () => {
  expect(REQUESTS.map(([route]) => route)).toEqual(ENDPOINTS.filter(({ request }) => request !== undefined).map(({ route }) => route));
  expect(REQUESTS.length).toBeGreaterThanOrEqual(11);
});

describe.each(REQUESTS)('%s', (_, schema) => {
  test('refuses hostile bodies of the greatest size without normalizing long texts, in a small part of a second', () => {
    const validate = compiled(schema);
    const normalize = jest.spyOn(String.prototype, 'normalize');
    try {
      const slow = hostileBodies(schema).flatMap(([what, body]) => {
        expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(DEFAULT_MAX_BODY_BYTES);
        normalize.mockClear();
        const started = process.cpuUsage();
        expect(validate(body)).toBe(false);
        const { user, system } = process.cpuUsage(started);
        const normalized = Math.max(0, ...normalize.mock.contexts.map((text) => String(text).length));
        return (user + system) / 1_000 > MAX_CPU_MS || normalized > MAX_NORMALIZED ? [{ what, ms: (user + system) / 1_000, normalized }] : [];
      });
      expect(slow).toEqual([]);
    } finally {
      normalize.mockRestore();
    }
  });
});

test.each([
  ['a text without maxLength', { 'type': 'string', 'x-text': true }, '\'x-text\' without \'maxLength\''],
  ['a list without maxItems', { 'type': 'array', 'x-distinct-texts': true, 'items': { type: 'string', maxLength: 1 } }, '\'x-distinct-texts\' without \'maxItems\''],
  ['a list of texts without maxLength', { 'type': 'array', 'maxItems': 2, 'x-distinct-texts': true, 'items': { type: 'string' } }, '\'x-distinct-texts\' without \'maxLength\''],
])('%s fails the build', (_, schema, message) => {
  expect(() => compiled(schema)).toThrow(message);
});
