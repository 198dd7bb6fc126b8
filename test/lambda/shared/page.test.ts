import fc from 'fast-check';
import { DEFAULT_PAGE_SIZE, encodeCursor, MAX_PAGE_SIZE, readPage } from '../../../lambda/shared/page';
import { Problem } from '../../../lambda/shared/problem';

const LIST = 'things of somebody';

test('a page has a usual size and a largest one', () => {
  expect(readPage({}, LIST)).toEqual({ limit: DEFAULT_PAGE_SIZE });
  expect(readPage({ limit: '1' }, LIST)).toEqual({ limit: 1 });
  expect(readPage({ limit: String(MAX_PAGE_SIZE) }, LIST)).toEqual({ limit: MAX_PAGE_SIZE });
});

test.each(['0', '-1', '101', '1.5', '', ' 5', '1e1', '0x10', '5,6', 'abc', '9'.repeat(400)])('the limit %p is refused', (limit) => {
  expect(() => readPage({ limit }, LIST)).toThrow(expect.objectContaining({
    key: 'invalid-request', details: { errors: [{ parameter: 'limit', detail: 'must be a whole number from 1 to 100' }] },
  }));
});

test('a cursor gives back the key that it was made of', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((key) => key.length <= 256), (key) => {
    expect(readPage({ cursor: encodeCursor(LIST, key) }, LIST).after).toBe(key);
  }));
});

test('a cursor has one spelling: everything else is refused, nothing crashes', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (cursor) => {
    try {
      expect(encodeCursor(LIST, readPage({ cursor }, LIST).after!)).toBe(cursor);
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
      expect(error).toMatchObject({ key: 'invalid-cursor' });
    }
  }));
});

test.each(['', '=', 'YQ==', 'YR', encodeCursor(LIST, 'x'.repeat(257))])('the cursor %p is refused', (cursor) => {
  expect(() => readPage({ cursor }, LIST)).toThrow(expect.objectContaining({
    key: 'invalid-cursor', details: { errors: [{ parameter: 'cursor', detail: 'was not given by this list' }] },
  }));
});

test('a cursor of another list is refused', () => {
  const cursor = encodeCursor('things of somebody else', 'key');
  expect(() => readPage({ cursor }, LIST)).toThrow(expect.objectContaining({ key: 'invalid-cursor' }));
});
