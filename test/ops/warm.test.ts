import { main } from '../../ops/commands/main';
import { unitsFor } from '../../ops/warm';
import { VotingCapacity } from '../../src';
import { FakeAws, fakeWorld, OPERATIONS } from './fakes';

const run = async (line: string, aws = new FakeAws(), answer?: boolean) => {
  const made = fakeWorld(aws, answer);
  return { ...made, aws, status: await main(line.split(' '), made.world) };
};
const WARM = 'warm --stack Votes --votes-per-second';

test('warms the voting table for writes and the table of the rooms for reads, a fifth above the peak, and waits for it', async () => {
  const aws = new FakeAws();
  aws.warmsFor = 3;
  const { status, out, err } = await run(`${WARM} 20000 --yes`, aws);
  expect(status).toBe(0);
  expect(aws.warmed).toEqual([{ table: 'Votes', writeUnits: 24_000 }, { table: 'Rooms', readUnits: 24_000 }]);
  expect(err()).toContain('AWS is warming Votes; it goes on if you stop waiting');
  expect(out()).toContain('Votes takes 24,000 write units per second at once.');
});

test('says what is charged and that it cannot be undone before anything is done', async () => {
  const { status, err, asked, aws } = await run(`${WARM} 10000`, new FakeAws(), false);
  expect([status, aws.warmed]).toEqual([1, []]);
  expect(err()).toMatch(/Votes: 4,000 → 12,000 write units per second, 8,000 more\nAWS charges once for the units[^]*cannot be lowered afterwards/);
  expect(asked).toEqual(['Warm TrinityVoting for 10,000 votes per second? It is charged once, and cannot be undone.']);
  expect((await run(`${WARM} 10000`)).err()).toContain('Add --yes');
});

test.each([[1_000, 4_000], [10_000, 12_000], [10_000, 30_000]])('for %d votes per second never lowers a table that takes %d write units', async (votes, has) => {
  const aws = new FakeAws();
  aws.throughputOf.set('Votes', { warmReadUnits: 12_000, warmWriteUnits: has, warming: false });
  const { status, out, asked } = await run(`${WARM} ${votes}`, aws, true);
  expect([status, aws.warmed, asked]).toEqual([0, [], []]);
  expect(out()).toContain('Nothing was changed, nothing is charged');
});

test('raises only what is too low', async () => {
  const aws = new FakeAws();
  aws.throughputOf.set('Votes', { warmReadUnits: 12_000, warmWriteUnits: 50_000, warming: false });
  await run(`${WARM} 20000 --yes`, aws);
  expect(aws.warmed).toEqual([{ table: 'Rooms', readUnits: 24_000 }]);
});

test('run again does nothing more', async () => {
  const aws = new FakeAws();
  await run(`${WARM} 20000 --yes`, aws);
  const { json } = await run(`${WARM} 20000 --yes --json`, aws);
  expect([aws.warmed.length, json().raised]).toEqual([2, []]);
});

test('waits for a warm-up that has begun before it decides', async () => {
  const aws = new FakeAws();
  aws.throughputOf.set('Votes', { warmReadUnits: 12_000, warmWriteUnits: 12_000, warming: true });
  aws.warmsFor = 2;
  expect(await run(`${WARM} 10000 --yes`, aws)).toMatchObject({ status: 0 });
  expect(aws.warmed).toEqual([]);
});

test('stops waiting when it is interrupted: AWS goes on', async () => {
  const aws = new FakeAws();
  aws.warmsFor = Number.POSITIVE_INFINITY;
  const { world } = fakeWorld(aws);
  const stopped = { ...world, sleep: async () => { world.interruption.interrupt('SIGINT'); } };
  expect(await main(`${WARM} 10000 --yes`.split(' '), stopped)).toBe(130);
  expect(aws.warmed).toEqual([{ table: 'Votes', writeUnits: 12_000 }]);
});

test('refuses units that the table\'s own maximum makes useless', async () => {
  const aws = new FakeAws();
  aws.throughputOf.set('Votes', { warmReadUnits: 12_000, warmWriteUnits: 4_000, warming: false, maxWriteUnits: 5_000 });
  const { status, err } = await run(`${WARM} 10000 --yes`, aws);
  expect([status, aws.warmed]).toEqual([1, []]);
  expect(err()).toMatch(/takes at most 5,000 write units per second, and this peak needs 12,000[^]*Raise or remove maximumWriteUnits/);
});

test('says when a table needs a higher quota', async () => {
  expect((await run(`${WARM} 33333`, new FakeAws(), false)).err()).not.toContain('quota');
  expect((await run(`${WARM} 33334`, new FakeAws(), false)).err()).toContain('above the default quota of a table');
});

test('of a stack that does not name the table of its rooms warms the voting table alone, and says so', async () => {
  const aws = new FakeAws();
  const { roomsTable: _, ...older } = OPERATIONS;
  aws.outputsOf = { Votes: { VotingOperations: JSON.stringify(older) } };
  const { err } = await run(`${WARM} 20000 --yes`, aws);
  expect(aws.warmed).toEqual([{ table: 'Votes', writeUnits: 24_000 }]);
  expect(err()).toContain('deployed by an older version');
});

test.each(['', ' --votes-per-second 0', ' --votes-per-second many'])('needs a peak%s', async (more) => {
  expect(await run(`warm --stack Votes${more} --yes`)).toMatchObject({ status: 1 });
});

test('asks for what VotingCapacity says', () => {
  for (const peak of [5_000, 10_000, 100_000]) expect(VotingCapacity.forPeak(peak).warmWriteUnits).toBe(unitsFor(peak));
});

test.each([['an unanswered question', undefined], ['--yes', '--yes']])('on the local cloud says what AWS would be asked for, and changes nothing, with %s', async (_, yes) => {
  const line = ['warm --local --stack Votes --votes-per-second 10000', yes].join(' ').trim();
  const { status, out, asked, aws } = await run(line, new FakeAws());
  expect([status, asked, aws.warmed]).toEqual([0, [], []]);
  expect(out()).toMatch(/^The local cloud has no warm throughput: nothing is changed here\. On AWS this would be raised:\nVotes: 4,000 → 12,000 write units per second/);
  expect(out()).not.toContain('at once');
  expect((await run(`${line} --json`)).json()).toMatchObject({ raised: [], onAws: [{ table: 'Votes', kind: 'write', from: 4_000, to: 12_000 }] });
});

test('refers to the section on capacity by its URL: its file is elsewhere on every machine', async () => {
  expect((await run(`${WARM} 10000 --yes`)).out()).toMatch(/https:\/\/github\.com\/\S+\/src\/voting\/README\.md#capacity/);
});
