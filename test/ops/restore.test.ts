import { main } from '../../ops/commands/main';
import type { StoredItem } from '../../ops/ports';
import { FakeAws, fakeWorld, NOW, OPERATIONS, OTHER_POLL, POLL, recountOf } from './fakes';

const FROM = 'Restored';
const RESTORE = `restore --stack Votes --from ${FROM} --service voting --record r --yes`;

const item = (pk: string, sk: string, more: StoredItem = {}): StoredItem => ({ pk: { S: pk }, sk: { S: sk }, ...more });
const poll = (pollId = POLL) => item('room#r1', `poll#${pollId}`);
const ballot = (voter: string, pollId = POLL, choice = 'o1') => item(`ballot#${pollId}#3`, voter, { choice: { S: choice } });
const remembered = (until: number) => item('user#ann', 'idempotency#k', { expiresAt: { N: String(until / 1_000) } });
const keys = (items: readonly StoredItem[]) => items.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`).sort();

function setUp(...items: StoredItem[]) {
  const aws = new FakeAws();
  aws.stored.put(FROM, ...items);
  aws.stored.put('Votes');
  aws.stored.put('Rooms');
  aws.stored.put('Rooms');
  const records: object[] = [];
  const run = async (line: string, answer?: boolean, prepare?: (stop: () => void) => void) => {
    const made = fakeWorld(aws, answer);
    prepare?.(() => made.world.interruption.interrupt('SIGTERM'));
    const recordFile = (name: string) => ({
      path: `/records/${name}`,
      append: async (more: readonly object[]) => { records.push(...JSON.parse(JSON.stringify(more))); },
      read: async () => records,
    });
    return { ...made, status: await main(line.split(' '), { ...made.world, recordFile }) };
  };
  return { aws, records, run };
}

test('copies polls, ballots and what else lives, and leaves tallies, markers and expired items behind', async () => {
  const kept = [poll(), ballot('ann'), ballot('bob'), remembered(NOW + 60_000)];
  const { aws, run } = setUp(...kept, item(`tally#${POLL}`, 'lanes#0'), item(`ballot#${POLL}#3`, '~recount'), item('user#bob', 'idempotency#k', { expiresAt: { N: '1' } }));
  const { status, out } = await run(RESTORE);
  expect(status).toBe(0);
  expect(aws.stored.all('Votes')).toEqual(expect.arrayContaining(kept));
  expect(keys(aws.stored.all('Votes'))).toEqual(keys(kept));
  expect(out()).toMatch(/4 items copied into Votes, 0 already there: 1 poll, 2 ballots, 1 other item\.\nLeft behind: 1 item of tallies, 1 marker of recounts, 1 expired item\./);
});

test('recounts and mends every poll that has ballots, once', async () => {
  const { aws, run } = setUp(poll(), poll(OTHER_POLL), poll('without-ballots'), ballot('ann'), ballot('bob'), ballot('ann', OTHER_POLL));
  await run(RESTORE);
  expect(aws.recounted.sort((a, b) => a.pollId.localeCompare(b.pollId))).toEqual([{ roomId: 'r1', pollId: POLL, mend: true }, { roomId: 'r1', pollId: OTHER_POLL, mend: true }]);
});

test('leaves every item alone that the running table has: it is newer than the restored one', async () => {
  const { aws, run } = setUp(poll(), ballot('ann', POLL, 'before'), ballot('bob'));
  aws.stored.put('Votes', ballot('ann', POLL, 'after'));
  const { out } = await run(RESTORE);
  expect(aws.stored.all('Votes').find(({ sk }) => sk?.S === 'ann')?.choice).toEqual({ S: 'after' });
  expect(out()).toContain('2 items copied into Votes, 1 already there');
});

test('run again with its record, or with another one, changes nothing', async () => {
  const { aws, records, run } = setUp(poll(), ballot('ann'));
  await run(RESTORE);
  const [writes, recounts] = [aws.stored.writes, aws.recounted.length];
  expect((await run(RESTORE)).status).toBe(0);
  expect([aws.stored.writes, aws.recounted.length]).toEqual([writes, recounts]);
  records.length = 0;
  expect((await run(RESTORE)).status).toBe(0);
  expect(aws.stored.writes).toBe(writes);
});

test('stopped at any write, goes on from its record until everything is copied and recounted', async () => {
  const items = [poll(), ...Array.from({ length: 15 }, (_, voter) => ballot(`voter-${voter}`))];
  for (let stopAt = 1; stopAt <= items.length; stopAt += 1) {
    const { aws, run } = setUp(...items);
    let writes = 0;
    expect((await run(RESTORE, undefined, (stop) => { aws.stored.meanwhile = () => { if ((writes += 1) === stopAt) stop(); }; })).status).toBe(143);
    aws.stored.meanwhile = undefined;
    const { status } = await run(RESTORE);
    expect([status, keys(aws.stored.all('Votes')), aws.recounted.map(({ pollId }) => pollId)]).toEqual([0, keys(items), [POLL]]);
    expect(aws.stored.writes).toBe(items.length);
  }
});

test('waits for a table that throttles', async () => {
  const { aws, run } = setUp(poll(), ballot('ann'), ballot('bob'));
  aws.stored.throttles = 40;
  const { status, err } = await run(RESTORE);
  expect([status, aws.stored.all('Votes').length]).toEqual([0, 3]);
  expect(err()).toContain('The table throttles: waiting for it');
});

test('a poll that is busy is tried again, then left to the next run, which recounts only that one', async () => {
  const { aws, run } = setUp(poll(), poll(OTHER_POLL), ballot('ann'), ballot('ann', OTHER_POLL));
  aws.answerRecount = ({ pollId }) => recountOf(pollId, pollId === POLL ? 'busy' : 'mended');
  const { status, out } = await run(RESTORE);
  expect(status).toBe(1);
  expect(out()).toMatch(/✘ poll .*1 lane equal, 1 busy\nRun the same command again/);
  expect(aws.recounted.filter(({ pollId }) => pollId === POLL)).toHaveLength(5);
  aws.recounted = [];
  aws.answerRecount = ({ pollId }) => recountOf(pollId, 'mended');
  expect((await run(RESTORE)).status).toBe(0);
  expect(aws.recounted.map(({ pollId }) => pollId)).toEqual([POLL]);
});

test('says of ballots whose poll is not there that they count for nothing yet', async () => {
  const { run } = setUp(ballot('ann'));
  const { status, out } = await run(RESTORE);
  expect([status, out()]).toEqual([1, expect.stringContaining('has ballots of it and not the poll')]);
});

test('of the rooms copies everything that has not expired into their table, and recounts nothing', async () => {
  const items = [item('user#ann', 'room#r1'), item('invite#CODE', 'invite'), item('user#ann', 'idempotency#k'), item('other#x', 'y')];
  const { aws, run } = setUp(...items, item('user#ann', 'attempts#1', { expiresAt: { N: '1' } }));
  expect((await run(RESTORE.replace('voting', 'rooms'))).status).toBe(0);
  expect([keys(aws.stored.all('Rooms')), aws.stored.all('Votes'), aws.recounted]).toEqual([keys(items), [], []]);
});

test('a dry run says what there is, and writes nothing: no item, no record, no recount', async () => {
  const { aws, records, run } = setUp(poll(), ballot('ann'), item(`tally#${POLL}`, 'lanes#0'));
  const { status, out } = await run(`restore --stack Votes --from ${FROM} --service voting --dry-run`);
  expect(status).toBe(0);
  expect(out()).toMatch(/Restored has 2 items to copy: 1 poll, 1 ballot, 0 other items[^]*Nothing was written/);
  expect([aws.stored.all('Votes'), records, aws.recounted]).toEqual([[], [], []]);
});

test('asks first', async () => {
  const { aws, run } = setUp(poll());
  const { asked } = await run(RESTORE.replace(' --yes', ''), false);
  expect(asked).toEqual(['Copy the items of Restored into Votes (TrinityVoting), and recount its polls? Items that Votes has stay as they are.']);
  expect(aws.stored.all('Votes')).toEqual([]);
});

test.each([
  ['--service voting --record r', 'The restored table is not named'],
  ['--from Restored --record r', 'It is not said whose table that is'],
  ['--from Restored --service x --record r', "There is no service 'x'"],
  ['--from Restored --service voting', 'No record is named'],
  ['--from Votes --service voting --record r', 'Votes is a running table'],
  ['--from Rooms --service voting --record r', 'Rooms is a running table'],
  ['--from Votes --service rooms --record r', 'Votes is a running table'],
  ['--from Nothing --service voting --record r', 'There is no table Nothing'],
  ['--from Restored --service voting --record r --segments 65', '--segments is 65'],
])('%s is refused, and says what to do', async (options, message) => {
  const { status, err } = await setUp(poll()).run(`restore --stack Votes ${options} --yes`);
  expect([status, err()]).toEqual([1, expect.stringContaining(message)]);
  expect(err()).toContain('What to do:');
});

test('a table with other keys, a record of another restore and a stack without the table of the rooms are refused', async () => {
  const { aws, run, records } = setUp(poll());
  aws.stored.keys = async () => ['id'];
  expect((await run(RESTORE)).err()).toContain('The keys of Restored are id');
  const other = setUp(poll());
  other.records.push({ event: 'restore', service: 'rooms', from: FROM, to: 'Rooms', segments: 4 });
  expect((await other.run(RESTORE)).err()).toContain('is of something else');
  const { roomsTable: _, ...older } = OPERATIONS;
  aws.outputsOf = { Votes: { VotingOperations: JSON.stringify(older) } };
  expect((await run(RESTORE.replace('voting', 'rooms'))).err()).toContain('does not name the table of the rooms');
  expect(records).toEqual([]);
});

test('an earlier run with other segments is gone on with in those', async () => {
  const { aws, run } = setUp(poll(), ...Array.from({ length: 9 }, (_, voter) => ballot(`voter-${voter}`)));
  await run(`${RESTORE} --segments 2`);
  expect((await run(`${RESTORE} --segments 7`)).status).toBe(0);
  expect(aws.stored.all('Votes')).toHaveLength(10);
});

describe('a restored table of the other service', () => {
  const shared = Array.from({ length: 9 }, (_, key) => item('user#ann', `idempotency#${key}`));
  const ofRooms = [item('user#ann', 'room#r1'), item('user#ann', 'attempts#1'), item('invite#CODE', 'invite')];
  const ofVoting = [poll(), ballot('ann'), item(`tally#${POLL}`, 'lanes#0')];

  test.each([
    ...ofRooms.map((other) => [other, 'voting', 'rooms'] as const),
    ...ofVoting.map((other) => [other, 'rooms', 'voting'] as const),
  ])('is refused before anything is written, by an item such as %j', async (other, service, owner) => {
    const refusal = [expect.stringContaining(`Restored has items of the ${owner} service`), expect.stringContaining(`Give --service ${owner}, or the restored table of the ${service} service.`)];
    for (const mode of ['--record r --yes', '--dry-run']) {
      const { aws, records, run } = setUp(...shared, other);
      const { status, err } = await run(`restore --stack Votes --from ${FROM} --service ${service} ${mode}`);
      expect([status, err(), err()]).toEqual([1, ...refusal]);
      expect([aws.stored.writes, records]).toEqual([0, []]);
    }
  });

  test('is refused at the page that has such an item, when other items came first', async () => {
    const { aws, run } = setUp(...ofVoting, ...shared, item('invite#CODE', 'invite'));
    expect((await run(RESTORE)).err()).toContain('Restored has items of the rooms service');
    expect(keys(aws.stored.all('Votes'))).not.toContain('invite#CODE invite');
  });
});
