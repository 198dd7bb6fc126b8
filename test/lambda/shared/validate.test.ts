import { fieldErrors } from '../../../lambda/shared/validate';

test.each([
  ['minLength', 1, 'is too short: at least 1 character'],
  ['minLength', 12, 'is too short: at least 12 characters'],
  ['maxLength', 100, 'is too long: at most 100 characters'],
  ['minItems', 2, 'has too few items: at least 2'],
  ['maxItems', 20, 'has too many items: at most 20'],
  ['minProperties', 1, 'has too few fields: at least 1'],
  ['maxProperties', 3, 'has too many fields: at most 3'],
  ['minimum', 1, 'must be at least 1'],
  ['maximum', 5, 'must be at most 5'],
])('%s %d is named as a person would say it', (keyword, limit, detail) => {
  expect(fieldErrors([{ instancePath: '/name', keyword, message: `must NOT have fewer than ${limit} characters`, params: { limit } }])).toEqual([{ pointer: '/name', detail }]);
});

test('every other violation keeps the words of the validator', () => {
  expect(fieldErrors([{ instancePath: '', keyword: 'type', message: 'must be object', params: { type: 'object' } }])).toEqual([{ pointer: '', detail: 'must be object' }]);
});
