import { redriveCount } from '../../ops/redrive/count';
import { type NamedPoll, RoomFinder } from '../../ops/redrive/rooms';
import { COUNT_DLQ, deadBallot, FakeAws, givenUpBatch, OTHER_POLL, POLL, recountOf } from './fakes';

const ROOM = 'room-1';
const DAY = 86_400_000;

function world() {
  const aws = new FakeAws();
  aws.knownPolls = [{ roomId: ROOM, pollId: POLL }, { roomId: ROOM, pollId: OTHER_POLL }];
  return aws;
}

async function redrive(aws: FakeAws, more: { named?: NamedPoll[]; allRecent?: boolean; wanted?: (id: string) => boolean; most?: number } = {}) {
  return redriveCount({
    queues: aws.queue, recounts: await aws.recounts(), streams: aws.streams, rooms: new RoomFinder(aws.polls, 'Votes', () => undefined), note: () => undefined,
  }, { url: COUNT_DLQ, recountFunction: 'recount', most: more.most ?? Infinity, wanted: more.wanted ?? (() => true), named: more.named ?? [], allRecent: more.allRecent ?? false });
}

test('every poll concerned is recounted and mended once, then its letters go', async () => {
  const aws = world();
  aws.partitionsOf.set('100', [`ballot#${POLL}#1`, `ballot#${OTHER_POLL}#7`, 'room#x', `tally#${POLL}`]);
  for (const message of [deadBallot(), deadBallot(), givenUpBatch()]) aws.queue.put(COUNT_DLQ, message);
  aws.answerRecount = ({ pollId }) => recountOf(pollId, pollId === POLL ? 'mended' : 'equal');
  expect(await redrive(aws)).toMatchObject({ removed: 3, kept: [] });
  expect(aws.recounted).toEqual([{ roomId: ROOM, pollId: POLL, mend: true }, { roomId: ROOM, pollId: OTHER_POLL, mend: true }]);
  expect(aws.queue.bodies(COUNT_DLQ)).toEqual([]);
  expect(aws.scans).toBe(1);
});

test.each(['busy', 'differs'] as const)('a letter stays where one of its polls is %s', async (state) => {
  const aws = world();
  aws.partitionsOf.set('100', [`ballot#${POLL}#1`, `ballot#${OTHER_POLL}#7`]);
  const [batch] = [aws.queue.put(COUNT_DLQ, givenUpBatch()), aws.queue.put(COUNT_DLQ, deadBallot(POLL))];
  aws.answerRecount = ({ pollId }) => recountOf(pollId, pollId === POLL ? 'equal' : state);
  expect(await redrive(aws)).toMatchObject({ removed: 1, kept: [{ id: batch, cause: 'unproven', why: `not proven: poll ${OTHER_POLL}` }] });
  expect(aws.queue.visible(COUNT_DLQ)).toEqual([batch]);
});

test('a letter stays where its poll still has a ballot that cannot be read: nothing else tells of it', async () => {
  const aws = world();
  const [stays] = [aws.queue.put(COUNT_DLQ, deadBallot(POLL)), aws.queue.put(COUNT_DLQ, deadBallot(OTHER_POLL))];
  aws.answerRecount = ({ pollId }) => {
    const { lanes, ...rest } = recountOf(pollId, 'equal');
    return { ...rest, lanes: lanes.map((lane) => ({ ...lane, ...(pollId === POLL && lane.lane === 1 ? { unreadable: 1 } : {}) })) };
  };
  expect(await redrive(aws)).toMatchObject({ removed: 1, kept: [{ id: stays, cause: 'unreadable' }] });
  expect(aws.queue.visible(COUNT_DLQ)).toEqual([stays]);
});

test('of the messages that are wanted, at most so many, wherever they stand', async () => {
  const aws = world();
  const ids = Array.from({ length: 25 }, () => aws.queue.put(COUNT_DLQ, deadBallot()));
  expect(await redrive(aws, { wanted: (id) => id === ids[20], most: 1 })).toMatchObject({ removed: 1, kept: [] });
  expect(aws.queue.visible(COUNT_DLQ)).toEqual(ids.filter((id) => id !== ids[20]).sort());
});

const UNKNOWN_POLL = '0195a1b2-0000-7000-8000-000000000009';

test('a recount that fails, and a poll that nobody knows, leave their letters and hinder no other', async () => {
  const aws = world();
  aws.knownPolls = [{ roomId: ROOM, pollId: POLL }, { roomId: ROOM, pollId: OTHER_POLL }];
  const stays = [aws.queue.put(COUNT_DLQ, deadBallot(POLL)), aws.queue.put(COUNT_DLQ, deadBallot(UNKNOWN_POLL))].sort();
  aws.queue.put(COUNT_DLQ, deadBallot(OTHER_POLL));
  aws.answerRecount = ({ pollId }) => {
    if (pollId === POLL) throw new Error('Timed out');
    return recountOf(pollId, 'equal');
  };
  const { polls, removed } = await redrive(aws);
  expect(polls.map(({ pollId, failure }) => [pollId, failure !== undefined])).toEqual([[POLL, true], [UNKNOWN_POLL, true], [OTHER_POLL, false]]);
  expect(removed).toBe(1);
  expect(aws.queue.visible(COUNT_DLQ)).toEqual(stays);
});

test('what cannot be read or names no poll stays, named polls or not', async () => {
  const aws = world();
  aws.partitionsOf.set('100', ['room#x']);
  for (const message of ['broken', deadBallot(null), givenUpBatch()]) aws.queue.put(COUNT_DLQ, message);
  const { kept, removed } = await redrive(aws, { named: [{ roomId: ROOM, pollId: POLL }] });
  expect([removed, kept.map(({ cause }) => cause)]).toEqual([0, ['none', 'none', 'none']]);
  expect(aws.recounted).toEqual([]);
});

describe('a batch that the stream has forgotten', () => {
  test('stays where nobody says which polls it concerns', async () => {
    const aws = world();
    aws.queue.put(COUNT_DLQ, givenUpBatch());
    expect(await redrive(aws)).toMatchObject({ removed: 0, kept: [{ cause: 'forgotten' }] });
  });

  test('goes once the named polls are proven, for which nothing is looked up', async () => {
    const aws = world();
    aws.queue.put(COUNT_DLQ, givenUpBatch());
    expect(await redrive(aws, { named: [{ roomId: 'named', pollId: POLL }] })).toMatchObject({ removed: 1, kept: [] });
    expect(aws.recounted).toEqual([{ roomId: 'named', pollId: POLL, mend: true }]);
    expect(aws.scans).toBe(0);
  });

  test('concerns with --all-recent every poll that can have taken a ballot then', async () => {
    const aws = world();
    const then = Date.parse('2026-03-01T10:00:00Z');
    aws.knownPolls = [
      { roomId: ROOM, pollId: 'open', createdAt: then - 90 * DAY },
      { roomId: ROOM, pollId: 'ended-lately', createdAt: then - 90 * DAY, endsAt: then - DAY },
      { roomId: ROOM, pollId: 'ended-long-ago', createdAt: then - 90 * DAY, endsAt: then - 15 * DAY },
      { roomId: ROOM, pollId: 'later', createdAt: then + 1 },
      { roomId: ROOM, pollId: 'of-unknown-age' },
    ];
    aws.queue.put(COUNT_DLQ, givenUpBatch());
    expect(await redrive(aws, { allRecent: true })).toMatchObject({ removed: 1 });
    expect(aws.recounted.map(({ pollId }) => pollId)).toEqual(['open', 'ended-lately', 'of-unknown-age']);
  });
});

test('letters that were not chosen are left as they were', async () => {
  const aws = world();
  const ids = [aws.queue.put(COUNT_DLQ, deadBallot(POLL)), aws.queue.put(COUNT_DLQ, deadBallot(OTHER_POLL))];
  await redrive(aws, { wanted: (id) => id === ids[1] });
  expect(aws.recounted.map(({ pollId }) => pollId)).toEqual([OTHER_POLL]);
  expect(aws.queue.visible(COUNT_DLQ)).toEqual([ids[0]]);
});
