import { redriveOverflow } from '../../ops/redrive/overflow';
import { FakeQueues, NOW, OVERFLOW, OVERFLOW_DLQ, queuedBallot } from './fakes';

const redrive = (queues: FakeQueues, more: { most?: number; wanted?: (id: string) => boolean } = {}) =>
  redriveOverflow(queues, { from: OVERFLOW_DLQ, to: OVERFLOW, most: more.most ?? Infinity, wanted: more.wanted ?? (() => true), startedAt: NOW });

test('ballots move with their bodies unchanged; what the drain cannot read stays and is visible again', async () => {
  const queues = new FakeQueues();
  const bodies = Array.from({ length: 23 }, (_, index) => JSON.stringify(queuedBallot({ voter: `v${index}` })));
  const broken = queues.put(OVERFLOW_DLQ, 'no ballot');
  for (const body of bodies) queues.put(OVERFLOW_DLQ, body);
  expect(await redrive(queues)).toEqual({ moved: 23, malformed: 1, refused: 0, doubled: 0 });
  expect(queues.bodies(OVERFLOW).sort()).toEqual([...bodies].sort());
  expect(queues.visible(OVERFLOW_DLQ)).toEqual([broken]);
});

test('a message is deleted only after the queue took it', async () => {
  const queues = new FakeQueues();
  const [refused, moved] = [queues.put(OVERFLOW_DLQ, queuedBallot()), queues.put(OVERFLOW_DLQ, queuedBallot())];
  queues.refuseToSend.add(refused);
  expect(await redrive(queues)).toMatchObject({ moved: 1, refused: 1 });
  expect(queues.visible(OVERFLOW_DLQ)).toEqual([refused]);
  expect(moved).toBeDefined();
});

test('a message that was sent and not deleted is told, and is in both queues', async () => {
  const queues = new FakeQueues();
  queues.refuseToRemove.add(queues.put(OVERFLOW_DLQ, queuedBallot()));
  expect(await redrive(queues)).toEqual({ moved: 1, malformed: 0, refused: 0, doubled: 1 });
  expect([queues.bodies(OVERFLOW).length, queues.visible(OVERFLOW_DLQ).length]).toEqual([1, 1]);
});

test('at most so many, and only those that are wanted', async () => {
  const queues = new FakeQueues();
  const ids = Array.from({ length: 5 }, () => queues.put(OVERFLOW_DLQ, queuedBallot()));
  expect(await redrive(queues, { wanted: (id) => id === ids[4] })).toMatchObject({ moved: 1 });
  expect(await redrive(queues, { most: 3 })).toMatchObject({ moved: 3 });
  expect(queues.visible(OVERFLOW_DLQ)).toHaveLength(1);
});

test('what died after the beginning is left for the next time', async () => {
  const queues = new FakeQueues();
  queues.put(OVERFLOW_DLQ, queuedBallot(), NOW + 1);
  expect(await redrive(queues)).toMatchObject({ moved: 0, malformed: 0 });
  expect(queues.visible(OVERFLOW_DLQ)).toHaveLength(1);
});
