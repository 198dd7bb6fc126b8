import { main } from '../../ops/commands/main';
import { Interrupted, Interruption } from '../../ops/interruption';
import { COUNT_DLQ, deadBallot, FakeAws, fakeWorld, OVERFLOW, OVERFLOW_DLQ, POLL, queuedBallot } from './fakes';

const REDRIVE = 'dlq redrive --stack Votes --queue overflow --yes';
const DROP = 'dlq drop --stack Votes --queue overflow --reason x --record f --yes';
const LIST = 'dlq list --stack Votes --queue overflow';

function setUp(unreadable: number, readable = 0) {
  const aws = new FakeAws();
  for (let each = 0; each < unreadable; each += 1) aws.queue.put(OVERFLOW_DLQ, 'broken');
  for (let each = 0; each < readable; each += 1) aws.queue.put(OVERFLOW_DLQ, queuedBallot({ voter: `voter-${each}` }));
  const made = fakeWorld(aws);
  return { aws, ...made, run: (line: string) => main(line.split(' '), made.world) };
}

describe('a command that is interrupted', () => {
  test.each([
    [REDRIVE, 'SIGINT', 130], [REDRIVE, 'SIGTERM', 143], [DROP, 'SIGINT', 130], [LIST, 'SIGTERM', 143], [LIST, 'SIGHUP', 129],
  ] as const)('%s gives back what it holds, and ends by %s with %d', async (line, signal, status) => {
    const { aws, world, run, err } = setUp(25);
    aws.queue.meanwhile = () => world.interruption.interrupt(signal);
    expect(await run(line)).toBe(status);
    expect(aws.queue.visible(OVERFLOW_DLQ)).toHaveLength(line === DROP ? 15 : 25);
    expect(err()).toContain('Messages that were held are given back');
  });

  test('finishes the batch that it has begun, so that no ballot is in neither queue', async () => {
    const { aws, world, run } = setUp(0, 25);
    aws.queue.meanwhile = () => world.interruption.interrupt('SIGINT');
    expect(await run(REDRIVE)).toBe(130);
    expect([aws.queue.bodies(OVERFLOW).length, aws.queue.visible(OVERFLOW_DLQ).length]).toEqual([10, 15]);
  });

  test('writes down everything that it deleted', async () => {
    const { aws, world, run, records } = setUp(25);
    aws.queue.meanwhile = () => world.interruption.interrupt('SIGINT');
    await run(DROP);
    expect(records).toHaveLength(25 - aws.queue.visible(OVERFLOW_DLQ).length);
  });

  test('does not wait for a recount that takes minutes, and keeps the messages of its poll', async () => {
    const { aws, world, run } = setUp(0);
    const id = aws.queue.put(COUNT_DLQ, deadBallot());
    aws.knownPolls = [{ roomId: 'r', pollId: POLL }];
    aws.answerRecount = () => {
      world.interruption.interrupt('SIGTERM');
      return new Promise(() => undefined);
    };
    expect(await run('dlq redrive --stack Votes --queue count --yes')).toBe(143);
    expect(aws.queue.visible(COUNT_DLQ)).toEqual([id]);
  });

  test('leaves a recount of one poll alone likewise', async () => {
    const { aws, world, run } = setUp(0);
    aws.answerRecount = () => {
      world.interruption.interrupt('SIGINT');
      return new Promise(() => undefined);
    };
    expect(await run(`recount --stack Votes --poll r/${POLL}`)).toBe(130);
  });

  test('begins nothing when it is interrupted at its question', async () => {
    const aws = new FakeAws();
    aws.queue.put(OVERFLOW_DLQ, queuedBallot());
    const { world } = fakeWorld(aws);
    const asked = { ...world, ask: async () => { world.interruption.interrupt('SIGINT'); return true; } };
    expect(await main(REDRIVE.replace(' --yes', '').split(' '), asked)).toBe(130);
    expect([aws.queue.bodies(OVERFLOW), aws.queue.visible(OVERFLOW_DLQ)]).toEqual([[], [expect.any(String)]]);
  });
});

describe('messages that others hold', () => {
  /** Messages that a killed run has hidden. */
  const hide = async (aws: FakeAws, url: string, amount: number) => {
    for (let each = 0; each < amount; each += 1) aws.queue.put(url, 'broken');
    for (let left = amount; left > 0; left -= 10) await aws.queue.receive(url, 10, 120);
  };

  test.each([
    [REDRIVE, OVERFLOW_DLQ], [DROP, OVERFLOW_DLQ], ['dlq redrive --stack Votes --queue count --yes', COUNT_DLQ],
  ])('%s ends with 1 and says how many there are', async (line, url) => {
    const { aws, run, err } = setUp(0);
    await hide(aws, url, 19);
    expect(await run(line)).toBe(1);
    expect(err()).toContain('19 messages could not be seen: held by another run');
    expect(await run(`${line} --json`)).toBe(1);
  });

  test('are counted in the JSON', async () => {
    const { aws, run, json } = setUp(0);
    await hide(aws, OVERFLOW_DLQ, 3);
    await run(`${REDRIVE} --json`);
    expect(json()).toMatchObject({ moved: 0, hidden: 3 });
  });

  test('do not matter to a run of named messages, or of at most so many', async () => {
    const { aws, run } = setUp(0);
    await hide(aws, OVERFLOW_DLQ, 3);
    const named = aws.queue.put(OVERFLOW_DLQ, queuedBallot());
    expect(await run(`${REDRIVE} --id ${named}`)).toBe(0);
    aws.queue.put(OVERFLOW_DLQ, queuedBallot());
    expect(await run(`${REDRIVE} --max 1`)).toBe(0);
    expect(aws.queue.bodies(OVERFLOW)).toHaveLength(2);
  });

  test('that the queue counts late, after this run has deleted them, are not taken for held by others', async () => {
    const { aws, run } = setUp(0, 3);
    const depth = aws.queue.depth.bind(aws.queue);
    let asked = 0;
    aws.queue.depth = async (url) => ({ ...await depth(url), held: (asked += 1) > 1 ? 3 : 0 });
    expect(await run(REDRIVE)).toBe(0);
  });
});

describe('an interruption', () => {
  test('keeps the first signal, and says of the second that it is one', () => {
    const interruption = new Interruption();
    expect([interruption.interrupt('SIGINT'), interruption.interrupt('SIGTERM')]).toEqual([true, false]);
    expect(() => interruption.check()).toThrow(Interrupted);
    expect(interruption.interrupted?.exitStatus).toBe(130);
  });

  test('does not hide the end of a step that came first', async () => {
    const interruption = new Interruption();
    expect(await interruption.race(Promise.resolve(7))).toBe(7);
    await expect(interruption.race(Promise.reject(new Error('Broken')))).rejects.toThrow('Broken');
  });
});
