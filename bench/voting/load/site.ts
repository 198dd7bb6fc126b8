import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoLaneLog } from '../../../lambda/voting/adapters/lane-log';
import { dynamoTallies } from '../../../lambda/voting/adapters/tallies';
import type { LocalCloud } from '../../../local';
import type { Room } from '../../../src/rooms/contract';
import { DEFAULT_LANES, type LaneCounts, type Poll, type Results, type VotingOperations } from '../../../src/voting/contract';
import { LoadClient, type Reply } from './http';
import { joinAll, people, type Person } from './people';

const POLL_MS = 50;

/** The deployed system with a room full of people: what the loads are put on. */
export class Site {
  static async open(cloud: LocalCloud, voters: number, connections: number): Promise<Site> {
    const outputs = Object.entries(cloud.rawOutputs.VotingBench);
    const output = (name: string) => outputs.find(([key]) => key.includes(name))![1];
    const client = new LoadClient(cloud.urls.find(({ kind }) => kind === 'http')!.url, connections);
    const all = await people(cloud, { userPoolId: output('UserPoolId'), clientId: output('ClientId') }, voters);
    const [owner] = all;
    const room: Room = await client.expect([201], 'POST', '/rooms', owner.token, { name: 'Everybody' });
    const tables = Object.values(cloud.resources).flat().filter(({ type, path }) => /DynamoDB/.test(type) && (path ?? '').includes('/Rooms/'));
    await joinAll(cloud, tables[0].physicalId, room, all.slice(1));
    const { table } = JSON.parse(output('Operations')) as VotingOperations;
    return new Site(client, all, room, table, new DynamoDBClient({ endpoint: cloud.endpoint, region: cloud.region, credentials: cloud.credentials }));
  }

  private constructor(
    private readonly client: LoadClient,
    private readonly voters: readonly Person[],
    private readonly room: Room,
    private readonly tableName: string,
    private readonly dynamo: DynamoDBClient,
  ) {}

  async poll(): Promise<Poll> {
    return this.client.expect([201], 'POST', `/rooms/${this.room.roomId}/polls`, this.voters[0].token, { question: 'Which?', options: ['This', 'That'] });
  }

  /** What a voter votes for: always the same, so that it is known what must come out. */
  optionOf({ options }: Poll, voter: number): string {
    return options[voter % options.length].optionId;
  }

  vote(poll: Poll, voter: number): Promise<Reply> {
    const path = `/rooms/${this.room.roomId}/polls/${poll.pollId}/votes`;
    return this.client.call('POST', path, this.voters[voter].token, { optionId: this.optionOf(poll, voter) });
  }

  plain(voter: number, withRead = false): Promise<Reply> {
    return this.client.call('POST', withRead ? '/plain-with-read' : '/plain', this.voters[voter].token, { optionId: 'a' });
  }

  results({ pollId }: Poll): Promise<Results> {
    return this.client.expect([200], 'GET', `/rooms/${this.room.roomId}/polls/${pollId}/results`, this.voters[0].token);
  }

  /** Asks the tallies, which costs the machine less than the API, until so many are counted: when that was, if ever. */
  async counted({ pollId }: Poll, total: number, limitMs: number): Promise<number | undefined> {
    const tallies = dynamoTallies({ client: this.dynamo, tableName: this.tableName });
    const limit = performance.now() + limitMs;
    do {
      if ((await tallies.ofPoll(pollId)).reduce((sum, { ballots }) => sum + ballots, 0) >= total) return performance.now();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    } while (performance.now() < limit);
    return undefined;
  }

  /** The ballots that lie in the table, counted one by one. */
  async ballots({ pollId }: Poll): Promise<LaneCounts> {
    const log = dynamoLaneLog({ client: this.dynamo, tableName: this.tableName, clock: Date.now });
    const counts: Record<string, number> = {};
    let ballots = 0;
    for (let lane = 0; lane < DEFAULT_LANES; lane += 1) {
      const found = await log.count({ pollId, lane });
      ballots += found.ballots;
      for (const [option, count] of Object.entries(found.counts)) counts[option] = (counts[option] ?? 0) + count;
    }
    return { ballots, counts };
  }

  close(): void {
    this.client.stop();
    this.dynamo.destroy();
  }
}
