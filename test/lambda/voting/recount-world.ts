import { readLanes } from '../../../lambda/voting/adapters/stream';
import { aggregate } from '../../../lambda/voting/aggregate';
import type { PollRecord } from '../../../lambda/voting/ports';
import { recount } from '../../../lambda/voting/recount';
import type { RecountRequest, RecountResult } from '../../../src/voting/contract';
import { fakeLog } from '../shared/fakes';
import { aPoll, FakeBallots, FakeDeadLetters, FakePolls, FakeTallies, ROOM, uuid } from './fakes';
import { streamRecord } from './stream-records';
import { World } from './world';

export const LANE = { pollId: uuid(1), lane: 0 };

/** A poll of one lane whose stream is counted as long as there is something in it, some time after it was written. */
export function recountWorld(more: Partial<PollRecord> = {}, lag = 300) {
  const world = new World();
  const polls = new FakePolls();
  polls.add(aPoll({ lanes: 1, ...more }));
  const ballots = new FakeBallots();
  const tallies = new FakeTallies();
  const deadLetters = new FakeDeadLetters();
  const log = fakeLog();
  const count = aggregate({ tallies, deadLetters, log: fakeLog(), clock: world.clock(0), tableName: 'Votes' });
  let delivered = 0;
  let counting = true;
  const pump = async () => {
    while (counting) {
      const until = ballots.stream.length;
      await world.sleep(lag);
      await count(readLanes(ballots.stream.slice(delivered, until).map((change) => streamRecord(change))));
      delivered = until;
    }
  };
  let markers = 0;
  const again = recount({
    polls, tallies, laneLog: ballots, newId: () => `marker-${String(markers += 1).padStart(6, '0')}`, clock: world.clock(0), sleep: world.sleep, log,
  });
  /** Recounts, with the world running as long as that takes. */
  const run = async (request: Partial<RecountRequest> = {}, beside: Array<() => Promise<void>> = []): Promise<RecountResult> => {
    let result: RecountResult | undefined;
    void pump();
    const all = [
      again({ roomId: ROOM, pollId: uuid(1), mend: false, ...request }).then((answer) => { result = answer; }),
      ...beside.map((one) => one()),
    ];
    void Promise.all(all).then(() => { counting = false; });
    await world.run();
    return result!;
  };
  const vote = (voter: number, choice = 'o1', acceptedAt = world.now) => ballots.put({ ...LANE, voter: `user-${voter}`, choice, acceptedAt, revote: true });
  const flush = async () => {
    await count(readLanes(ballots.stream.slice(delivered).map((change) => streamRecord(change))));
    delivered = ballots.stream.length;
  };
  return { world, ballots, tallies, log, run, again, vote, flush, stall: () => { counting = false; } };
}
