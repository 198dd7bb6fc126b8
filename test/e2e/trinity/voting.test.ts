import { setTimeout as wait } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { VotingOperations } from '../../../src/voting/contract';
import { ApiClient, type User } from '../support/client';

const api = new ApiClient();
const { endpoint, region, credentials, votingTable } = api.target;
const config = { endpoint, region, credentials };
const dynamo = new DynamoDBClient(config);
afterAll(() => dynamo.destroy());

const vote = (user: User, path: string, optionId: string) => api.call('POST', `${path}/votes`, { token: user.accessToken, body: { optionId } });
const close = (user: User, path: string) => api.call('POST', `${path}/close`, { token: user.accessToken });

/** An owner, members of a room, and a poll in it. */
async function opened(members: number, more: object = {}) {
  const [owner, ...guests] = await api.users(members);
  const room = await api.roomOf(owner, guests);
  const poll = await api.poll(owner, room.roomId, more);
  return { owner, guests, room, poll, path: `/rooms/${room.roomId}/polls/${poll.pollId}` };
}

describe('polls', () => {
  it('are opened, read, listed and closed', async () => {
    const { owner, guests: [guest], room, poll, path } = await opened(2);
    expect(poll).toMatchObject({ roomId: room.roomId, question: 'Which?', revote: false, status: 'open', createdBy: owner.userId });
    expect(poll.options.map(({ text }: { text: string }) => text)).toEqual(['This', 'That']);
    expect(await api.call('GET', path, { token: guest.accessToken })).toMatchObject({ status: 200, body: poll });
    expect((await api.call('GET', `/rooms/${room.roomId}/polls`, { token: guest.accessToken })).body.items).toEqual([poll]);
    expect(await api.call('GET', `${path}/results`, { token: guest.accessToken })).toMatchObject({
      status: 200, body: { pollId: poll.pollId, status: 'open', counts: { [poll.options[0].optionId]: 0, [poll.options[1].optionId]: 0 }, total: 0 },
    });
    expect((await close(guest, path)).status).toBe(403);
    const closed = await close(owner, path);
    expect(closed).toMatchObject({ status: 200, body: { pollId: poll.pollId, status: 'closed', closedAt: expect.any(String) } });
    expect(await close(owner, path)).toMatchObject({ status: 200, body: closed.body });
    expect((await api.call('GET', `${path}/results`, { token: guest.accessToken })).body.status).toBe('closed');
  });

  it('can be closed by the owner of the room, whoever opened them', async () => {
    const { owner, guests: [guest, other], room } = await opened(3);
    const poll = await api.poll(guest, room.roomId);
    const path = `/rooms/${room.roomId}/polls/${poll.pollId}`;
    expect((await close(other, path)).status).toBe(403);
    expect((await close(owner, path)).status).toBe(200);
  });

  it('do not exist for a stranger, whatever the stranger does', async () => {
    const { poll, path } = await opened(1);
    const stranger = await api.user();
    const [{ optionId }] = poll.options;
    const statuses = await Promise.all([
      vote(stranger, path, optionId), close(stranger, path),
      ...['', '/results'].map((end) => api.call('GET', `${path}${end}`, { token: stranger.accessToken })),
      api.call('GET', path.replace(/\/[^/]+$/, ''), { token: stranger.accessToken }),
      api.call('POST', path.replace(/\/[^/]+$/, ''), { token: stranger.accessToken, body: { question: 'Mine?', options: ['a', 'b'] } }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
  });

  it('of another room are not found by way of one\'s own', async () => {
    const [mine, theirs] = [await opened(1), await opened(1)];
    const crossed = `/rooms/${mine.room.roomId}/polls/${theirs.poll.pollId}`;
    expect((await vote(mine.owner, crossed, theirs.poll.options[0].optionId)).status).toBe(404);
    expect((await api.call('GET', `${crossed}/results`, { token: mine.owner.accessToken })).status).toBe(404);
    expect((await close(mine.owner, crossed)).status).toBe(404);
  });

  it('are opened once for one Idempotency-Key', async () => {
    const { owner, room } = await opened(1);
    const open = (question: string) => api.call('POST', `/rooms/${room.roomId}/polls`, {
      token: owner.accessToken, body: { question, options: ['a', 'b'] }, headers: { 'idempotency-key': 'poll-1' },
    });
    const answers = await Promise.all([open('Again?'), open('Again?'), open('Again?')]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.pollId)).size).toBe(1);
    expect((await open('Something else?')).status).toBe(409);
  });
});

describe('votes', () => {
  it('count once: 201 first, 200 the same again, 409 something else', async () => {
    const { owner, guests, poll: { options: [first, second] }, path } = await opened(4);
    expect(await vote(owner, path, first.optionId)).toMatchObject({ status: 201, body: { optionId: first.optionId } });
    expect((await vote(owner, path, first.optionId)).status).toBe(200);
    expect(await vote(owner, path, second.optionId)).toMatchObject({ status: 409, body: { type: 'urn:trinity-constructs:problem:already-voted' } });
    for (const guest of guests) expect((await vote(guest, path, second.optionId)).status).toBe(201);
    const results = await api.resultsWhen(owner, path, ({ total }) => total >= 4);
    expect(results).toMatchObject({ counts: { [first.optionId]: 1, [second.optionId]: 3 }, total: 4, status: 'open' });
  });

  it('sent many times at once, the same and different, end as one vote', async () => {
    const { owner, poll: { options: [first, second] }, path } = await opened(1);
    const answers = await Promise.all([first, second, first, second, first, second].map(({ optionId }) => vote(owner, path, optionId)));
    const accepted = answers.filter(({ status }) => status === 201);
    expect(accepted).toHaveLength(1);
    const { optionId } = accepted[0].body;
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201, 409, 409, 409]);
    const results = await api.resultsWhen(owner, path, ({ total }) => total >= 1);
    expect(results).toMatchObject({ total: 1, counts: { [optionId]: 1 } });
  });

  it('can be changed where the poll allows it: the last one counts', async () => {
    const { owner, guests: [guest], poll: { options: [first, second] }, path } = await opened(2, { revote: true });
    expect((await vote(owner, path, first.optionId)).status).toBe(201);
    expect((await vote(guest, path, first.optionId)).status).toBe(201);
    const before = await api.resultsWhen(owner, path, ({ total }) => total >= 2);
    expect((await vote(owner, path, second.optionId)).status).toBe(200);
    const after = await api.resultsWhen(owner, path, ({ counts }) => counts[second.optionId] === 1);
    expect(after).toMatchObject({ counts: { [first.optionId]: 1, [second.optionId]: 1 }, total: 2 });
    expect(after.version).toBeGreaterThan(before.version);
  });

  it('for an option that the poll does not have are refused with the field', async () => {
    const { owner, path } = await opened(1);
    expect(await vote(owner, path, 'o99')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/optionId' }] } });
  });

  it('racing with the close are counted or refused, and nothing between', async () => {
    const { owner, guests, poll: { options: [first] }, path } = await opened(9);
    const [closed, ...answers] = await Promise.all([close(owner, path), ...guests.map((guest) => vote(guest, path, first.optionId))]);
    expect(closed.status).toBe(200);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect((await vote(owner, path, first.optionId)).status).toBe(409);
    const accepted = answers.filter(({ status }) => status === 201).length;
    const results = await api.resultsWhen(owner, path, ({ total }) => total >= accepted);
    expect(results).toMatchObject({ status: 'closed', total: accepted });
  });
});

describe('several choices', () => {
  it('are one vote, and count each', async () => {
    const { owner, guests: [guest], poll: { options: [first, second, third] }, path } = await opened(2, { options: ['a', 'b', 'c'], maxChoices: 2 });
    const choose = (user: User, ...optionIds: string[]) => api.call('POST', `${path}/votes`, { token: user.accessToken, body: { optionIds } });
    expect(await choose(owner, third.optionId, first.optionId)).toMatchObject({ status: 201, body: { optionIds: [first.optionId, third.optionId] } });
    expect((await choose(owner, first.optionId, third.optionId)).status).toBe(200);
    expect((await choose(owner, first.optionId)).status).toBe(409);
    expect((await choose(guest, first.optionId, second.optionId, third.optionId)).body.errors).toMatchObject([{ pointer: '/optionIds' }]);
    expect((await choose(guest, first.optionId, first.optionId)).body.errors).toMatchObject([{ pointer: '/optionIds' }]);
    expect((await choose(guest, first.optionId)).status).toBe(201);
    const results = await api.resultsWhen(owner, path, ({ total }) => total >= 2);
    expect(results).toMatchObject({ total: 2, counts: { [first.optionId]: 2, [second.optionId]: 0, [third.optionId]: 1 } });
  });
});

describe('times', () => {
  it('are kept to the moment: a poll opens and closes by itself', async () => {
    const { owner, guests: [early, timely, late], room } = await opened(4);
    const poll = await api.poll(owner, room.roomId, {
      opensAt: new Date(Date.now() + 3_000).toISOString(), closesAt: new Date(Date.now() + 6_000).toISOString(),
    });
    const path = `/rooms/${room.roomId}/polls/${poll.pollId}`;
    const [{ optionId }] = poll.options;
    expect(poll).toMatchObject({ status: 'scheduled' });
    expect(await vote(early, path, optionId)).toMatchObject({ status: 409, body: { type: 'urn:trinity-constructs:problem:poll-not-open' } });
    await wait(Date.parse(poll.opensAt) - Date.now() + 50);
    expect(await vote(timely, path, optionId)).toMatchObject({ status: 201 });
    expect((await api.call('GET', path, { token: owner.accessToken })).body).toMatchObject({ status: 'open' });
    await wait(Date.parse(poll.closesAt) - Date.now() + 50);
    expect(await vote(late, path, optionId)).toMatchObject({ status: 409, body: { type: 'urn:trinity-constructs:problem:poll-closed' } });
    expect((await api.call('GET', path, { token: owner.accessToken })).body).toMatchObject({ status: 'closed', closedAt: poll.closesAt });
    expect(await close(owner, path)).toMatchObject({ status: 200, body: { status: 'closed', closedAt: poll.closesAt } });
    expect(await api.resultsWhen(owner, path, ({ total }) => total >= 1)).toMatchObject({ status: 'closed', total: 1 });
  });

  it('that make no sense are refused with the field', async () => {
    const { owner, room } = await opened(1);
    const open = (more: object) => api.call('POST', `/rooms/${room.roomId}/polls`, {
      token: owner.accessToken, body: { question: 'Q', options: ['a', 'b'], ...more },
    });
    for (const [more, pointer] of [
      [{ closesAt: '2020-01-01T00:00:00Z' }, '/closesAt'], [{ opensAt: 'tomorrow' }, '/opensAt'], [{ closesAt: '2030-02-30T00:00:00Z' }, '/closesAt'],
      [{ opensAt: '2031-01-01T00:00:00Z', closesAt: '2030-01-01T00:00:00Z' }, '/closesAt'], [{ maxChoices: 3 }, '/maxChoices'],
    ] as const) expect(await open(more)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });
});

describe('results', () => {
  const show = (user: User, path: string) => api.call('GET', `${path}/results`, { token: user.accessToken });
  const HIDDEN = { status: 403, body: { type: 'urn:trinity-constructs:problem:results-hidden' } };

  it('are shown after one\'s vote where the poll says so', async () => {
    const { owner, guests: [guest], poll: { options: [{ optionId }] }, path } = await opened(2, { visibility: 'after-vote' });
    expect(await show(owner, path)).toMatchObject(HIDDEN);
    expect((await vote(guest, path, optionId)).status).toBe(201);
    expect((await show(guest, path)).status).toBe(200);
    expect(await show(owner, path)).toMatchObject(HIDDEN);
  });

  it('are shown after the end where the poll says so, to everybody', async () => {
    const { owner, guests: [guest], poll: { options: [{ optionId }] }, path } = await opened(2, { visibility: 'after-close' });
    expect((await vote(guest, path, optionId)).status).toBe(201);
    for (const user of [owner, guest]) expect(await show(user, path)).toMatchObject(HIDDEN);
    expect((await close(owner, path)).status).toBe(200);
    for (const user of [owner, guest]) expect(await show(user, path)).toMatchObject({ status: 200, body: { status: 'closed' } });
  });

  it('are as of a moment, and never older than what one has seen', async () => {
    const { owner, guests, poll: { options: [{ optionId }] }, path } = await opened(4);
    let seen = 0;
    for (const guest of guests) {
      expect((await vote(guest, path, optionId)).status).toBe(201);
      const { status, body, headers } = await api.call('GET', `${path}/results?atLeast=${seen}`, { token: owner.accessToken });
      expect(status).toBe(200);
      expect(Date.now() - Date.parse(body.asOf)).toBeLessThan(5_000);
      expect(headers.get('age')).toMatch(/^[01]$/);
      expect(body.version).toBeGreaterThanOrEqual(seen);
      ({ version: seen } = await api.resultsWhen(owner, path, ({ version }) => version > seen));
    }
    expect((await api.call('GET', `${path}/results?atLeast=x`, { token: owner.accessToken })).status).toBe(400);
  });
});

describe('ballots', () => {
  const list = (user: User, path: string, query = '') => api.call('GET', `${path}/ballots${query}`, { token: user.accessToken });

  it('of a poll that is not secret are listed, for its creator and the owner of the room', async () => {
    const { owner, guests, room } = await opened(5);
    const poll = await api.poll(guests[0], room.roomId, { secret: false });
    const path = `/rooms/${room.roomId}/polls/${poll.pollId}`;
    const cast = await Promise.all(guests.map(async (guest, index) => (await vote(guest, path, poll.options[index % 2].optionId)).body));
    const found: any[] = [];
    let query = '?limit=3';
    for (;;) {
      const { status, body: { items, nextCursor } } = await list(owner, path, query);
      expect(status).toBe(200);
      found.push(...items);
      if (nextCursor === undefined) break;
      query = `?limit=3&cursor=${nextCursor}`;
    }
    const expected = cast.map(({ optionId, acceptedAt }, index) => ({ userId: guests[index].userId, optionId, acceptedAt }));
    const byUser = (a: { userId: string }, b: { userId: string }) => (a.userId < b.userId ? -1 : 1);
    expect(found.sort(byUser)).toEqual(expected.sort(byUser));
    expect((await list(guests[0], path)).status).toBe(200);
    expect(await list(guests[1], path)).toMatchObject({ status: 403, body: { type: 'urn:trinity-constructs:problem:forbidden' } });
  });

  it('are secret otherwise, for everybody', async () => {
    const { owner, path } = await opened(1);
    expect(await list(owner, path)).toMatchObject({ status: 403, body: { type: 'urn:trinity-constructs:problem:secret-ballot' } });
  });
});

describe('counting', () => {
  const lambda = new LambdaClient(config);
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  let operations: VotingOperations;
  beforeAll(async () => {
    const { Stacks: [stack] = [] } = await new CloudFormationClient(config).send(new DescribeStacksCommand({ StackName: 'TrinityTest' }));
    operations = JSON.parse(stack.Outputs!.find(({ OutputKey }) => /VotingOperations/.test(OutputKey!))!.OutputValue!);
  });
  afterAll(() => [lambda, sqs].forEach((client) => client.destroy()));

  async function recount(roomId: string, pollId: string, mend: boolean): Promise<any> {
    const { Payload, FunctionError } = await lambda.send(new InvokeCommand({
      FunctionName: operations.recountFunction, Payload: JSON.stringify({ roomId, pollId, mend }),
    }));
    expect(FunctionError).toBeUndefined();
    return JSON.parse(Buffer.from(Payload!).toString());
  }

  it('can be done again: a tally that is wrong is found and mended, while votes arrive', async () => {
    const { owner, guests, room, poll, path } = await opened(8);
    const [{ optionId }] = poll.options;
    for (const guest of guests.slice(0, 4)) expect((await vote(guest, path, optionId)).status).toBe(201);
    await api.resultsWhen(owner, path, ({ total }) => total >= 4);
    expect(await recount(room.roomId, poll.pollId, false)).toMatchObject({ pollId: poll.pollId, equal: true });

    await dynamo.send(new UpdateItemCommand({
      TableName: votingTable,
      Key: { pk: { S: `tally#${poll.pollId}` }, sk: { S: 'lanes#0' } },
      UpdateExpression: 'ADD #option :three, #ballots :three',
      ExpressionAttributeNames: { '#option': `3#${optionId}`, '#ballots': '3b' },
      ExpressionAttributeValues: { ':three': { N: '3' } },
    }));
    const [result] = await Promise.all([
      recount(room.roomId, poll.pollId, true),
      ...guests.slice(4).map((guest) => vote(guest, path, optionId)),
    ]);
    expect(result).toMatchObject({ equal: true });
    expect(result.lanes.filter(({ state }: { state: string }) => state === 'mended')).toMatchObject([{ lane: 3 }]);
    expect(await api.resultsWhen(owner, path, ({ total }) => total === 7)).toMatchObject({ total: 7, counts: { [optionId]: 7 } });
    expect(await recount(room.roomId, poll.pollId, false)).toMatchObject({ equal: true });
  });

  it('puts aside a ballot that it cannot read, and goes on', async () => {
    const { owner, guests, poll, path } = await opened(4);
    const unreadable = { pk: { S: `ballot#${poll.pollId}#0` }, sk: { S: 'nobody' }, noise: { S: 'x' } };
    await dynamo.send(new PutItemCommand({ TableName: votingTable, Item: unreadable }));
    for (const guest of guests) expect((await vote(guest, path, poll.options[0].optionId)).status).toBe(201);
    expect(await api.resultsWhen(owner, path, ({ total }) => total >= 3)).toMatchObject({ total: 3 });
    const QueueUrl = operations.countDeadLetters;
    const some = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1, WaitTimeSeconds: 1 };
    let found: Message | undefined;
    for (let attempt = 0; attempt < 20 && found === undefined; attempt += 1) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(some));
      found = Messages.find(({ Body = '' }) => Body.includes(poll.pollId));
    }
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found!.ReceiptHandle }));
    expect(JSON.parse(found!.Body!)).toMatchObject({
      v: 1, kind: 'ballot', lane: { pollId: poll.pollId, lane: 0 }, keys: { sk: { S: 'nobody' } }, reason: 'The record does not say what was chosen',
    });
  });
});
