import { reading } from '../../ops/letters/reading';
import { COUNT_DLQ, FakeQueues } from './fakes';

const props = { url: COUNT_DLQ, holdSeconds: 30 };
const filled = (amount: number) => {
  const queues = new FakeQueues();
  const ids = Array.from({ length: amount }, () => queues.put(COUNT_DLQ, 'x')).sort();
  return { queues, ids };
};

test('everything is read once, hidden from others meanwhile and given back in the end', async () => {
  const { queues, ids } = filled(25);
  const read = await reading(queues, props, async (letters) => {
    const found = await letters.upTo(100);
    expect(queues.visible(COUNT_DLQ)).toEqual([]);
    return found.map(({ id }) => id).sort();
  });
  expect(read).toEqual(ids);
  expect(queues.visible(COUNT_DLQ)).toEqual(ids);
});

test('what is held is given back although the reader failed', async () => {
  const { queues, ids } = filled(3);
  await expect(reading(queues, props, async (letters) => {
    await letters.next();
    throw new Error('Broken');
  })).rejects.toThrow('Broken');
  expect(queues.visible(COUNT_DLQ)).toEqual(ids);
});

test('no more is taken than was asked for', async () => {
  const { queues } = filled(25);
  expect(await reading(queues, props, async (letters) => (await letters.upTo(12)).length)).toBe(12);
});

test('messages whose hold ran out come again, and end the reading instead of going round', async () => {
  const { queues, ids } = filled(3);
  await reading(queues, props, async (letters) => {
    const first = await letters.next();
    queues.elapse();
    expect(await letters.next()).toBeUndefined();
    // The newest receipt counts: the message can still be deleted.
    expect((await letters.remove(letters.letters)).size).toBe(first?.length);
  });
  expect(ids).toHaveLength(3);
  expect(queues.bodies(COUNT_DLQ)).toEqual([]);
});
