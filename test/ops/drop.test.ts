import { drop } from '../../ops/drop';
import { deadBallot, FakeQueues, NOW, COUNT_DLQ } from './fakes';

const note = { who: 'arn:ann', account: '1', stack: 'Votes', pipeline: 'Voting', queue: 'count', reason: 'Test data' };

function world(amount: number) {
  const queues = new FakeQueues();
  const ids = Array.from({ length: amount }, () => queues.put(COUNT_DLQ, deadBallot()));
  const records: any[] = [];
  const record = { path: '/r', append: async (more: readonly object[]) => { records.push(...more); }, read: async () => records };
  const run = (more: { most?: number; wanted?: (id: string) => boolean } = {}) =>
    drop({ queues, record, now: () => NOW }, { url: COUNT_DLQ, most: more.most ?? Infinity, wanted: more.wanted ?? (() => true), note });
  return { queues, ids, records, record, run };
}

test('every message is written down whole, with who, when and why', async () => {
  const { queues, records, run } = world(12);
  expect(await run()).toEqual({ dropped: 12, kept: 0 });
  expect(queues.bodies(COUNT_DLQ)).toEqual([]);
  expect(records).toHaveLength(12);
  expect(records[0]).toEqual({
    event: 'dropped',
    at: '2026-03-01T12:00:00.000Z',
    ...note,
    id: 'm1',
    sentAt: '2026-03-01T11:59:00.000Z',
    receives: 1,
    content: expect.objectContaining({ kind: 'ballot', voter: 'voter-bob' }),
    body: JSON.stringify(deadBallot()),
  });
});

test('nothing is deleted that could not be written down', async () => {
  const { queues, ids, record, run } = world(3);
  record.append = async () => { throw new Error('Disk full'); };
  await expect(run()).rejects.toThrow('Disk full');
  expect(queues.visible(COUNT_DLQ)).toEqual(ids);
});

test('what could not be deleted is said in the record, too', async () => {
  const { queues, ids, records, run } = world(2);
  queues.refuseToRemove.add(ids[0]);
  expect(await run()).toEqual({ dropped: 1, kept: 1 });
  expect(records.map(({ event, id }) => [event, id])).toEqual([['dropped', ids[0]], ['dropped', ids[1]], ['kept', ids[0]]]);
});

test('at most so many, and only those that are wanted', async () => {
  const { queues, ids, records, run } = world(5);
  expect(await run({ wanted: (id) => id === ids[2] })).toMatchObject({ dropped: 1 });
  expect(records.map(({ id }) => id)).toEqual([ids[2]]);
  expect(await run({ most: 3 })).toMatchObject({ dropped: 3 });
  expect(queues.visible(COUNT_DLQ)).toHaveLength(1);
});
