import { main } from '../../ops/commands/main';
import { OPTION_NAMES } from '../../ops/commands/options';
import { Interrupted, STOP_SIGNALS } from '../../ops/interruption';
import { COUNT_DLQ, deadBallot, FakeAws, fakeWorld, givenUpBatch, NOW, OPERATIONS, OVERFLOW, OVERFLOW_DLQ, POLL, queuedBallot, recountOf } from './fakes';

const run = async (line: string, aws = new FakeAws(), answer?: boolean) => {
  const made = fakeWorld(aws, answer);
  return { ...made, aws, status: await main(line.split(' '), made.world) };
};

describe('the command line', () => {
  test.each([
    ['', 'No command is given'],
    ['dlq', "no command 'dlq'. "],
    ['dlq list', 'The stack is not named'],
    ['dlq redrive --stack Votes', 'The queue is not named'],
    ['dlq redrive --stack Votes --queue dead', "There is no queue 'dead'"],
    ['dlq drop --stack Votes --queue count --poll x', "Unknown option '--poll'"],
    ['dlq list --stack Votes --max 0', "--max is '0'"],
    ['dlq redrive --stack Votes --queue overflow --all-recent --yes', 'does not'],
    ['recount --stack Votes --yes', 'A recount is of one poll'],
    ['status --stack Other', "There is no stack 'Other' in your default region"],
  ])('%p is refused, and says what to do', async (line, message) => {
    const { status, err } = line === '' ? await run('--stack Votes') : await run(line);
    expect(status).toBe(1);
    expect(err().replace('\n  What to do:', '')).toContain(message.trimEnd());
    expect(err()).toContain('What to do:');
  });

  test('--help prints the usage', async () => {
    const { status, out } = await run('dlq --help');
    expect([status, out()]).toEqual([0, expect.stringContaining('npx trinity-ops dlq list')]);
  });

  test('--help names every option, and every exit status of a command that a signal stopped', async () => {
    const { out } = await run('--help');
    for (const name of OPTION_NAMES) expect(out()).toMatch(new RegExp(`^  --${name}\\b`, 'm'));
    for (const signal of STOP_SIGNALS) expect(out().split('Exit status:')[1]).toContain(String(new Interrupted(signal).exitStatus));
  });

  test('an error of AWS is told with what to do about it', async () => {
    const aws = new FakeAws();
    aws.stacks = async () => { throw Object.assign(new Error('not authorized to perform: cloudformation:DescribeStacks'), { name: 'AccessDenied' }); };
    expect((await run('status --stack Votes', aws)).err()).toMatch(/AccessDenied: not authorized[^]*have it granted/);
  });
});

describe('a pipeline in a nested stack', () => {
  const nested = (...stacks: string[]) => {
    const aws = new FakeAws();
    aws.outputsOf = { Votes: { ApiUrl: 'https://x' }, ...Object.fromEntries(stacks.map((stack) => [`arn:${stack}`, { VotingOperations1A2B3C4D: JSON.stringify({ ...OPERATIONS, table: stack }) }])) };
    aws.nestedOf = { Votes: stacks.map((logicalId) => ({ stack: `arn:${logicalId}`, logicalId })) };
    return aws;
  };

  test('is found by the name of the stack above it', async () => {
    expect(await run('status --stack Votes', nested('Inner'))).toMatchObject({ status: 0 });
  });

  test('is told from another nested one of the same name by the stack\'s logical id', async () => {
    const { status, err } = await run('status --stack Votes', nested('East', 'West'));
    expect([status, err()]).toEqual([1, expect.stringContaining('Choose one with --pipeline: East/Voting, West/Voting.')]);
    expect((await run('status --stack Votes --pipeline west/voting', nested('East', 'West'))).status).toBe(0);
  });

  test('is looked for only when the stack itself does not have the pipeline that is meant', async () => {
    const aws = new FakeAws();
    const asked: string[] = [];
    const stacks = await aws.stacks();
    aws.stacks = async () => ({ ...stacks, nested: async (stack: string) => { asked.push(stack); return []; } });
    await run('status --stack Votes', aws);
    expect(asked).toEqual([]);
    expect((await run('status --stack Votes --pipeline Other', aws)).err()).toContain("no pipeline 'Other'.");
    expect(asked).toEqual(['Votes']);
  });
});

describe('dlq list', () => {
  const filled = () => {
    const aws = new FakeAws();
    for (const message of [deadBallot(), deadBallot(), givenUpBatch(), 'voter-ann: o2']) aws.queue.put(COUNT_DLQ, message, NOW - 7_200_000);
    aws.queue.put(OVERFLOW_DLQ, queuedBallot());
    return aws;
  };

  test('tells that there is nothing', async () => {
    const { status, out } = await run('dlq list --stack Votes');
    expect(status).toBe(0);
    expect(out().match(/no dead letters/g)).toHaveLength(2);
  });

  test('shows reasons, counts and ages, and leaves every message where it was', async () => {
    const { status, out, aws } = await run('dlq list --stack Votes', filled());
    expect(status).toBe(0);
    expect(out()).toMatch(/2 messages {2}A ballot could not be read: The record does not say what was chosen {2}2 h old/);
    expect(out()).toContain('shard shardId-1');
    expect(out()).toMatch(/1 message {2}An accepted ballot could not be written {2}1 min old/);
    expect(aws.queue.visible(COUNT_DLQ)).toHaveLength(4);
  });

  test.each(['', ' --json'])('never shows who voted what%s', async (json) => {
    const { out } = await run(`dlq list --stack Votes${json}`, filled());
    expect(out()).toContain(POLL);
    for (const secret of ['voter-ann', 'voter-bob', 'o1', 'o2']) expect(out()).not.toContain(secret);
  });

  test('shows it with --reveal, after a yes', async () => {
    expect((await run('dlq list --stack Votes --reveal', filled())).err()).toContain('Ballots are secret');
    expect((await run('dlq list --stack Votes --reveal', filled(), false)).out()).toBe('');
    const { out, asked } = await run('dlq list --stack Votes --reveal', filled(), true);
    expect(asked).toEqual(['Ballots are secret. Show who voted what?']);
    expect(out()).toMatch(/voter-ann {2}chose o2/);
  });

  describe('with a message that somebody else wrote', () => {
    const HOSTILE = '\u001b]0;x\u0007\u009b2J\u202e\r';
    const planted = (): FakeAws => {
      const aws = new FakeAws();
      const { DDBStreamBatchInfo: info, ...batch } = givenUpBatch();
      const messages = [
        { ...deadBallot(), reason: `${HOSTILE}\n  1 message  forged`, sequence: HOSTILE }, deadBallot(HOSTILE),
        { ...batch, DDBStreamBatchInfo: { ...info, shardId: HOSTILE } },
        { ...batch, DDBStreamBatchInfo: info, requestContext: { condition: HOSTILE } },
        { ...batch, DDBStreamBatchInfo: info, responseContext: { functionError: HOSTILE } },
      ];
      for (const message of messages) aws.queue.put(COUNT_DLQ, message);
      aws.queue.put(OVERFLOW_DLQ, queuedBallot({ voter: HOSTILE, choice: HOSTILE }));
      return aws;
    };

    test.each(['dlq list --stack Votes', 'dlq list --stack Votes --reveal --yes', 'dlq list --stack Votes --json', 'dlq list --stack Votes --reveal --yes --json'])(
      '%s prints nothing that a terminal obeys, and no line of its own', async (line) => {
        const { status, out } = await run(line, planted());
        expect(status).toBe(0);
        expect(out().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(out()).not.toMatch(/^ *1 message {2}forged/m);
      },
    );

    test('shows its poll, shard and sequence number only if they can be one', async () => {
      const { out } = await run('dlq list --stack Votes --queue count', planted());
      expect(out()).toContain('sequence unknown');
      expect(out()).toContain('poll and lane unknown');
      expect(out()).toContain('A given-up batch that does not say where it is in the stream');
    });

    test.each([8_640_000_000_000_001, Number.MAX_SAFE_INTEGER])('lists the other messages too if its time is %d, which is no moment', async (acceptedAt) => {
      const aws = filled();
      aws.queue.put(OVERFLOW_DLQ, queuedBallot({ acceptedAt }));
      for (const line of ['dlq list --stack Votes', 'dlq list --stack Votes --json']) {
        const { status, out } = await run(line, aws);
        expect([line, status, out()]).toEqual([line, 0, expect.stringContaining('An accepted ballot could not be written')]);
      }
    });
  });

  test('answers as JSON', async () => {
    const { json } = await run('dlq list --stack Votes --queue overflow --json', filled());
    expect(json()).toMatchObject({
      stack: 'Votes',
      pipeline: 'TrinityVoting',
      queues: [{ queue: 'overflow', url: OVERFLOW_DLQ, waiting: 1, read: 1, groups: [{ count: 1, messages: [{ kind: 'queued', lane: { pollId: POLL, lane: 3 }, acceptedAt: '2026-03-01T11:00:00.000Z' }] }] }],
    });
  });

  test('knows a pipeline without an overflow queue', async () => {
    const aws = new FakeAws();
    const { overflowQueue: _, overflowDeadLetters: __, ...direct } = OPERATIONS;
    aws.outputsOf = { Votes: { VotingOperations: JSON.stringify(direct) } };
    expect((await run('dlq list --stack Votes --json', aws)).json().queues).toHaveLength(1);
    expect((await run('dlq list --stack Votes --queue overflow', aws)).err()).toContain('no overflow queue');
  });
});

test.each([['', 'CloudWatch measured nothing'], [' --local', 'the local cloud does not measure it']])('how far counting is behind is said not to be known%s', async (where, why) => {
  expect((await run(`status --stack Votes${where}`)).out()).toContain(`an unknown time: ${why}`);
  expect(JSON.parse((await run(`status --stack Votes${where} --json`)).out())).toMatchObject({ streamAgeMs: null });
});

describe('what changes something', () => {
  test.each([
    'dlq redrive --stack Votes --queue overflow', 'dlq redrive --stack Votes --queue count', 'dlq drop --stack Votes --queue overflow --reason x --record f',
    `recount --stack Votes --room r --poll ${POLL} --mend`,
  ])('%s needs a yes', async (line) => {
    const filled = () => {
      const aws = new FakeAws();
      aws.queue.put(OVERFLOW_DLQ, queuedBallot());
      aws.queue.put(COUNT_DLQ, deadBallot());
      return aws;
    };
    for (const answer of [undefined, false]) {
      const { status, aws, err } = await run(line, filled(), answer);
      expect(status).toBe(1);
      expect(err()).toContain(answer === undefined ? 'Add --yes' : 'Nothing was done');
      expect([aws.recounted, aws.queue.visible(OVERFLOW_DLQ).length, aws.queue.visible(COUNT_DLQ).length]).toEqual([[], 1, 1]);
    }
  });

  test('overflow is redriven, and what is left makes the status 1', async () => {
    const aws = new FakeAws();
    aws.queue.put(OVERFLOW_DLQ, queuedBallot());
    expect(await run('dlq redrive --stack Votes --queue overflow', aws, true)).toMatchObject({ status: 0, asked: [expect.stringContaining('Move about 1 message back')] });
    expect(aws.queue.bodies(OVERFLOW)).toHaveLength(1);
    aws.queue.put(OVERFLOW_DLQ, 'broken');
    const { status, out } = await run('dlq redrive --stack Votes --queue overflow --yes', aws);
    expect(status).toBe(1);
    expect(out()).toContain('the drain cannot read them: 1 message');
  });

  test('counting is redriven by a recount', async () => {
    const aws = new FakeAws();
    aws.queue.put(COUNT_DLQ, deadBallot());
    aws.queue.put(COUNT_DLQ, givenUpBatch());
    aws.answerRecount = ({ pollId }) => recountOf(pollId, 'mended');
    aws.knownPolls = [{ roomId: 'r', pollId: POLL }];
    const { status, out, err } = await run('dlq redrive --stack Votes --queue count --yes', aws);
    expect(status).toBe(1);
    expect(err()).toContain('reads all of it');
    expect(out()).toMatch(/1 lane equal, 1 mended\n1 message made good and deleted\.\nLeft in the queue: 1 message\.[^]*--all-recent/);
    expect((await run(`dlq redrive --stack Votes --queue count --poll r/${POLL} --yes`, aws)).status).toBe(0);
  });

  test.each(['dlq redrive --queue overflow', 'dlq redrive --queue count', 'dlq drop --queue overflow --reason x --record f'])('%s says which named messages are not there', async (line) => {
    const { status, err } = await run(`${line} --stack Votes --id nobody --yes`);
    expect(status).toBe(1);
    expect(err()).toContain('Of the messages that --id names, 1 was not found');
    const aws = new FakeAws();
    const [first] = [aws.queue.put(OVERFLOW_DLQ, queuedBallot()), aws.queue.put(COUNT_DLQ, deadBallot())];
    aws.knownPolls = [{ roomId: 'r', pollId: POLL }];
    const found = line.includes('overflow') ? first : aws.queue.visible(COUNT_DLQ)[0];
    const again = await run(`${line} --stack Votes --id nobody --id ${found} --yes`, aws);
    expect([again.status, again.err().includes('1 was not found')]).toEqual([0, true]);
  });

  test.each(['dlq redrive --queue overflow', 'dlq redrive --queue count', 'dlq drop --queue count --reason x --record f'])('%s of an empty queue asks nothing and has nothing to do', async (line) => {
    for (const answer of [undefined, false]) {
      const { status, asked, out, records } = await run(`${line} --stack Votes`, new FakeAws(), answer);
      expect([status, asked, out(), records]).toEqual([0, [], 'No message is there. Nothing to do.', []]);
    }
    expect((await run(`${line} --stack Votes --yes`)).out()).toBe('No message is there. Nothing to do.');
    expect((await run(`${line} --stack Votes --json`)).json()).toMatchObject({ hidden: 0 });
  });

  test.each(['dlq redrive --queue overflow', 'dlq redrive --queue count', 'dlq drop --queue count --reason x --record f'])('%s of a queue whose messages are all hidden asks, and ends with 1', async (line) => {
    const aws = new FakeAws();
    for (const url of [OVERFLOW_DLQ, COUNT_DLQ]) {
      aws.queue.put(url, queuedBallot());
      await aws.queue.receive(url, 1, 60);
    }
    const { status, asked } = await run(`${line} --stack Votes`, aws, true);
    expect([status, asked.length]).toEqual([1, 1]);
  });

  test('a drop needs a reason and a record, and says who did it', async () => {
    const aws = new FakeAws();
    aws.queue.put(COUNT_DLQ, deadBallot());
    expect((await run('dlq drop --stack Votes --queue count --record f --yes', aws)).err()).toContain('No reason is given');
    expect((await run('dlq drop --stack Votes --queue count --reason x --yes', aws)).err()).toContain('No record is named');
    const { status, records, out, asked } = await run('dlq drop --stack Votes --queue count --reason Tested --record f', aws, true);
    expect(status).toBe(0);
    expect(asked).toEqual(['Drop about 1 message of TrinityVoting (--queue count, account 123456789012) for good?']);
    expect(records).toEqual([expect.objectContaining({ event: 'dropped', who: aws.who.arn, reason: 'Tested', stack: 'Votes', queue: 'count' })]);
    expect(out()).toContain('/records/f');
    expect((await run('dlq drop --stack Votes --queue count --reason x --record f --yes', aws)).out()).toContain('No message is there');
  });
});

describe('recount', () => {
  test('of two rooms is refused, and of what cannot be read it is said', async () => {
    const aws = new FakeAws();
    expect((await run(`recount --stack Votes --room r --poll other/${POLL}`, aws)).err()).toContain('--room says r, and --poll says other');
    expect(aws.recounted).toEqual([]);
    aws.answerRecount = ({ pollId }) => ({ pollId, lanes: [{ lane: 0, ballots: 2, unreadable: 1, state: 'equal' }], equal: true });
    expect((await run(`recount --stack Votes --room r --poll ${POLL}`, aws)).out()).toContain('1 item cannot be read as a ballot');
  });


  test.each([['equal', 0], ['mended', 0], ['differs', 1], ['waiting', 1], ['busy', 1]] as const)('of a poll that is %s ends with %d', async (state, status) => {
    const aws = new FakeAws();
    aws.answerRecount = ({ pollId }) => recountOf(pollId, state);
    const result = await run(`recount --stack Votes --room r --poll ${POLL} --mend --yes`, aws);
    expect(result.status).toBe(status);
    expect(result.out()).toContain(state === 'equal' ? '2 lanes equal' : `1 lane equal, 1 ${state}`);
    expect(aws.recounted).toEqual([{ roomId: 'r', pollId: POLL, mend: true }]);
  });

  test('without --mend asks for nothing and changes nothing; shows how many ballots a lane said and should say, and no choice', async () => {
    const aws = new FakeAws();
    aws.answerRecount = ({ pollId }) => recountOf(pollId, 'differs');
    const { out } = await run(`recount --stack Votes --poll r/${POLL}`, aws);
    expect(aws.recounted).toEqual([{ roomId: 'r', pollId: POLL, mend: false }]);
    expect(out()).toMatch(/1 +3 +differs +2 ballots +3 ballots *\n/);
    expect(out()).not.toMatch(/\bo\d/);
    expect(out()).toContain('--mend');
    // Also of a function of the version before, which answers with counts unasked.
    expect(JSON.stringify((await run(`recount --stack Votes --poll r/${POLL} --json`, aws)).json())).not.toMatch(/"o\d"/);
  });

  test('with --reveal asks first, and shows counts by option', async () => {
    const aws = new FakeAws();
    aws.answerRecount = ({ pollId }) => recountOf(pollId, 'differs');
    expect((await run(`recount --stack Votes --poll r/${POLL} --reveal`, aws)).err()).toContain('Ballots are secret');
    expect(aws.recounted).toEqual([]);
    const { out } = await run(`recount --stack Votes --poll r/${POLL} --reveal --yes`, aws);
    expect(aws.recounted).toEqual([{ roomId: 'r', pollId: POLL, mend: false, reveal: true }]);
    expect(out()).toMatch(/1 +3 +differs +2 ballots: o1 2 +3 ballots: o1 2, o2 1/);
  });

  test('shows only the lanes whose tally differs, and no table if all are equal', async () => {
    const aws = new FakeAws();
    const equal = Array.from({ length: 24 }, (_, lane) => ({ lane, ballots: 4, state: 'equal' as const }));
    aws.answerRecount = ({ pollId }) => ({ pollId, lanes: equal, equal: true });
    const all = await run(`recount --stack Votes --poll r/${POLL}`, aws);
    expect(all.out().split('\n')).toEqual([`Poll ${POLL} 24 lanes, 96 ballots`, '✔ The tallies equal the ballots: 24 lanes equal.']);
    aws.answerRecount = ({ pollId }) => ({ pollId, lanes: [...equal, { lane: 24, ballots: 1, state: 'busy' }], equal: false });
    const rows = (await run(`recount --stack Votes --poll r/${POLL}`, aws)).out().split('\n').filter((line) => /^ +\d/.test(line));
    expect(rows).toEqual([expect.stringMatching(/^ +24 +1 +busy$/)]);
  });

  test('looks for the room where none is given', async () => {
    const aws = new FakeAws();
    expect((await run(`recount --stack Votes --poll ${POLL}`, aws)).err()).toContain(`no poll ${POLL}`);
    aws.knownPolls = [{ roomId: 'found', pollId: POLL }];
    expect((await run(`recount --stack Votes --poll ${POLL} --json`, aws)).json()).toEqual(recountOf(POLL, 'equal'));
    expect(aws.recounted).toEqual([{ roomId: 'found', pollId: POLL, mend: false }]);
  });
});

describe('status', () => {
  test('names tables, queues and functions with --json, as the runbook says', async () => {
    expect((await run('status --stack Votes --json')).json().operations).toEqual(OPERATIONS);
  });

  test('is 0 and says so where all is well', async () => {
    const { status, out } = await run('status --stack Votes');
    expect(status).toBe(0);
    expect(out()).toMatch(/overflow dead letters +0 messages[^]*none rings/);
  });

  test('is 1 where a dead letter lies or an alarm rings', async () => {
    const aws = new FakeAws();
    aws.metricsOf = { oldest: 7_200, stream: 90_000 };
    aws.queue.put(COUNT_DLQ, deadBallot());
    const dead = await run('status --stack Votes', aws);
    expect(dead.status).toBe(1);
    expect(dead.out()).toMatch(/✘ +counting dead letters +1 message +oldest 2 h[^]*behind the votes by 1 min/);
    const ringing = new FakeAws();
    ringing.alarmsOf = [{ name: 'StreamAge', description: '[page] Ballots wait', since: NOW - 300_000 }];
    const alarm = await run('status --stack Votes', ringing);
    expect(alarm.status).toBe(1);
    expect(alarm.out()).toContain('StreamAge  [page] Ballots wait  since 2026-03-01T11:55:00.000Z (5 min)');
  });
});
