import { matchesFilters } from '../../../local/stand-ins/stream/filter';

const RECORD = {
  eventName: 'INSERT',
  dynamodb: { Keys: { pk: { S: 'poll#7' } }, NewImage: { pk: { S: 'poll#7' }, kind: { S: 'Ballot' }, weight: { N: '3' } }, SizeBytes: 120 },
};

test.each<[string, object, boolean]>([
  ['an exact value', { eventName: ['INSERT', 'MODIFY'] }, true],
  ['another value', { eventName: ['REMOVE'] }, false],
  ['fields below', { dynamodb: { NewImage: { kind: { S: ['Ballot'] } } } }, true],
  ['every field has to match', { eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['Tally'] } } } }, false],
  ['a prefix', { dynamodb: { Keys: { pk: { S: [{ prefix: 'poll#' }] } } } }, true],
  ['another prefix', { dynamodb: { Keys: { pk: { S: [{ prefix: 'room#' }] } } } }, false],
  ['a suffix, whatever its case', { dynamodb: { NewImage: { kind: { S: [{ suffix: { 'equals-ignore-case': 'LOT' } }] } } } }, true],
  ['a value, whatever its case', { eventName: [{ 'equals-ignore-case': 'insert' }] }, true],
  ['anything but', { eventName: [{ 'anything-but': ['REMOVE'] }] }, true],
  ['anything but this', { eventName: [{ 'anything-but': ['INSERT'] }] }, false],
  ['anything but a prefix', { dynamodb: { Keys: { pk: { S: [{ 'anything-but': { prefix: 'poll#' } }] } } } }, false],
  ['a field that exists', { dynamodb: { NewImage: { weight: [{ exists: true }] } } }, true],
  ['a field that does not', { dynamodb: { OldImage: [{ exists: false }] } }, true],
  ['a number in a range', { dynamodb: { SizeBytes: [{ numeric: ['>', 100, '<=', 120] }] } }, true],
  ['a number out of it', { dynamodb: { SizeBytes: [{ numeric: ['<', 100] }] } }, false],
  ['one of several patterns', { $or: [{ eventName: ['REMOVE'] }, { dynamodb: { SizeBytes: [120] } }] }, true],
])('%s', (_, pattern, expected) => {
  expect(matchesFilters(RECORD, [JSON.stringify(pattern)])).toBe(expected);
});

test('a record has to match one of the filters, and any where there are none', () => {
  expect(matchesFilters(RECORD, ['{"eventName":["REMOVE"]}', '{"eventName":["INSERT"]}'])).toBe(true);
  expect(matchesFilters(RECORD, [])).toBe(true);
});

test('an operator that is not known is named', () => {
  expect(() => matchesFilters(RECORD, ['{"eventName":[{"cidr":"10.0.0.0/8"}]}'])).toThrow("'cidr'");
});
