import fc from 'fast-check';
import { normaliseEmail } from '../../../lambda/auth/email';

test.each([
  ['ADA@Example.COM', 'ada@example.com'],
  ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
  ['ada@bu\u0308cher.example', 'ada@xn--bcher-kva.example'],
  ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ['zoe\u0308@example.com', 'zoë@example.com'],
  ['ada@ｅｘａｍｐｌｅ.com', 'ada@example.com'],
  // Not for us to guess: what a provider does with tags and dots is its own.
  ['a.da+tag@example.com', 'a.da+tag@example.com'],
  // What is no host name stays as it is, for the user pool to refuse.
  ['ada@ü/.example', 'ada@ü/.example'],
  ['ada@%65xample.com', 'ada@%65xample.com'],
])('%s is %s', (typed, normal) => {
  expect(normaliseEmail(typed)).toBe(normal);
});

test('the normal form of a normal form is itself', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (local, domain) => {
    const once = normaliseEmail(`${local}@${domain}`);
    expect(normaliseEmail(once)).toBe(once);
  }));
});
