import { decode } from '../../ops/letters/decode';
import { veiled } from '../../ops/letters/veil';
import { deadBallot, givenUpBatch, NOW, POLL, queuedBallot } from './fakes';

const of = (message: unknown) => decode(JSON.stringify(message));

test('a batch that Lambda gave up tells why, and where it is in the stream', () => {
  expect(of(givenUpBatch())).toEqual({
    kind: 'batch',
    reason: 'A batch had become too old before it could be counted; the function ended with Unhandled',
    range: { streamArn: 'arn:aws:dynamodb:eu-west-1:1:table/Votes/stream/x', shardId: 'shardId-1', first: '100', last: '200' },
    records: 7,
    arrived: [Date.parse('2026-03-01T10:00:00Z'), Date.parse('2026-03-01T10:00:00Z')],
    attempts: 9,
  });
  const { DDBStreamBatchInfo: { shardId: _, ...info }, ...message } = givenUpBatch();
  expect(of({ ...message, DDBStreamBatchInfo: info })).toMatchObject({ kind: 'malformed' });
});

test('a ballot that could not be read tells its poll, lane and reason', () => {
  expect(of(deadBallot())).toEqual({
    kind: 'ballot',
    reason: 'A ballot could not be read: The record does not say what was chosen',
    sequence: '111',
    lane: { pollId: POLL, lane: 3 },
    voter: 'voter-bob',
    choice: 'o1',
  });
  expect(of({ ...deadBallot(), lane: undefined, sequence: '' })).toMatchObject({ kind: 'ballot' });
});

test('a queued ballot is one if the drain reads it', () => {
  expect(of(queuedBallot())).toEqual({
    kind: 'queued', reason: 'An accepted ballot could not be written', lane: { pollId: POLL, lane: 3 }, voter: 'voter-ann', choice: 'o2', acceptedAt: NOW - 3_600_000,
  });
});

test.each([
  ['{', 'The body is not JSON'],
  ['[]', 'The body is JSON, but no object'],
  ['{"hello":"world"}', 'The body is JSON, but no message of this pipeline'],
  [JSON.stringify(queuedBallot({ choice: undefined, lane: undefined })), 'A queued ballot without lane, choice'],
  [JSON.stringify({ ...queuedBallot(), v: 2 }), 'A queued ballot in a form that this version does not know'],
  [JSON.stringify(queuedBallot({ lane: 1_000 })), 'A queued ballot with a field that has no valid value'],
])('%s is malformed: %s', (body, reason) => {
  expect(decode(body)).toEqual({ kind: 'malformed', reason });
});

test('no reason quotes a body', () => {
  for (const body of ['voter-ann chose o2', '"voter-ann"', JSON.stringify({ pollId: 'voter-ann', v: 1 })]) expect(decode(body).reason).not.toContain('ann');
});

test('a veiled voter has one name in a run, and another one in the next', () => {
  const veil = veiled('one');
  expect(veil.voter('ann')).toBe(veil.voter('ann'));
  expect(veil.voter('ann')).not.toBe(veil.voter('bob'));
  expect(veil.voter('ann')).not.toBe(veiled('two').voter('ann'));
  expect(veil.choice('o1')).toBeUndefined();
});
