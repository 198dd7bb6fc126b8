import { isId } from '../../lambda/shared/ids';
import { OpsError } from '../errors';
import { RoomFinder } from '../redrive/rooms';
import { confirm, type Context, findPipeline } from './context';
import { describeRecount, withoutCounts } from './recount-report';

/** Holds a poll's tallies against its ballots; with --mend makes them equal. 0 where they are in the end, 1 where not. */
export async function recount(context: Context): Promise<number> {
  const { world, options, aws } = context;
  if (options.polls.length !== 1) throw new OpsError('A recount is of one poll.', 'Name it: --room ROOM --poll POLL, or --poll ROOM/POLL.');
  const [{ pollId, roomId: namedRoom }] = options.polls;
  if (options.room !== undefined && namedRoom !== undefined && options.room !== namedRoom) {
    throw new OpsError(`--room says ${options.room}, and --poll says ${namedRoom}.`, 'Name the room once.');
  }
  if (!isId(pollId)) throw new OpsError(`'${pollId}' is no id of a poll.`, 'Give the pollId that the API gave: a UUID in small letters.');
  const { name, operations } = await findPipeline(context);
  const rooms = new RoomFinder(() => aws.polls(), operations.table, world.note, world.interruption);
  const roomId = options.room ?? namedRoom ?? await rooms.roomOf(pollId);
  if (roomId === undefined) throw new OpsError(`The table of ${name} has no poll ${pollId}.`, 'Look at the id: it is the pollId that the API gave.');
  if (options.mend) await confirm(context, `Recount poll ${pollId} of ${name}, and change its tallies where they differ from the ballots?`);
  if (options.reveal) await confirm(context, 'Ballots are secret, and a lane with few of them tells who voted for what. Show the counts by option?');
  world.note(`Recounting poll ${pollId}; votes may go on`);
  const { interruption } = world;
  const recounts = await aws.recounts();
  const request = { roomId, pollId, mend: options.mend, ...(options.reveal ? { reveal: true } : {}) };
  const result = await interruption.race(recounts.recount(operations.recountFunction, request, interruption.signal));
  // A function of the version before answers with counts by option whether or not it is asked to.
  const shown = options.reveal ? result : withoutCounts(result);
  if (options.json) world.print(JSON.stringify(shown, undefined, 2));
  else for (const line of describeRecount(shown, world.style)) world.print(line);
  return result.equal ? 0 : 1;
}
