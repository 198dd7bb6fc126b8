import type { HotKeyFigures } from './hot-key';
import type { LoadFigures } from './load/load';
import { DRAIN_LIMIT } from './load/step';
import { THROUGHPUT_LIMIT } from './load/throughput';
import type { LogicResult } from './logic/child';
import type { AccountFigures } from './model/accounts';
import type { ModelFigures } from './model/model';
import { UNITS_LIMIT, type UnitsFigures } from './units/units';

export interface Measured {
  readonly hotKey: HotKeyFigures;
  readonly logic: LogicResult;
  readonly units: UnitsFigures;
  readonly load: LoadFigures;
  readonly model: ModelFigures[];
  readonly accounts: AccountFigures[];
}

/** Something promised, and what was found. */
export interface Promised {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly atLeast?: boolean;
  readonly held: boolean;
  /**
   * `firm`: `--check` fails where it is not held. `machine`: how much else runs on the machine decides, too.
   * `known`: it cannot be held as the pipeline is; the reason says why.
   */
  readonly kind: 'firm' | 'machine' | 'known';
  readonly reason?: string;
}

export interface Figures extends Measured {
  readonly promises: Promised[];
  /** The names of the firm ones that are not held. */
  readonly broken: string[];
}

export function judge(measured: Measured): Figures {
  const { hotKey, logic, units: { ours }, load: { throughput, step } } = measured;
  const delivered = (batch: number, shards: number) =>
    ours.deliveries.find((delivery) => delivery.batch === batch && delivery.shards === shards)!.unitsPerVote;
  const most = (name: string, value: number, limit: number, kind: Promised['kind']): Promised => ({ name, value, limit, held: value <= limit, kind });
  const least = (name: string, value: number, limit: number, kind: Promised['kind'], reason?: string): Promised =>
    ({ name, value, limit, atLeast: true, held: value >= limit, kind, ...(reason === undefined ? {} : { reason }) });
  const ourLanes = hotKey.byLanes.find(({ lanes }) => lanes === ours.lanes)!;
  const [before, after] = [logic.growth[0], logic.growth.at(-1)!];
  const promises: Promised[] = [
    most('units a counted vote, batch 1,000', delivered(1_000, 1), UNITS_LIMIT, 'firm'),
    most('units a counted vote, batch 100 of one lane', delivered(100, ours.lanes), UNITS_LIMIT, 'firm'),
    most(`units a counted vote, batch 100 over ${ours.lanes} lanes`, delivered(100, 1), UNITS_LIMIT, 'firm'),
    most(`hottest partition key of ${ours.lanes}, worst poll`, ourLanes.worst, hotKey.limit, 'firm'),
    most('lost in the step', step.lost, 0, 'firm'),
    most('double in the step', step.double, 0, 'firm'),
    most('options that differ from what was accepted', step.exact ? 0 : 1, 0, 'firm'),
    most('the burst counted in times its length', step.drainedIn, DRAIN_LIMIT, 'machine'),
    most('writes a batch after many votes, by those before', after.writes / before.writes, 1, 'firm'),
    most('bytes sent a batch after many votes, by those before', after.bytesSent / before.bytesSent, 1.01, 'firm'),
    least('votes a second by read-and-puts a second', throughput.ratioToRead, THROUGHPUT_LIMIT, 'machine'),
    least('votes a second by plain puts a second', throughput.ratio, THROUGHPUT_LIMIT, 'known',
      'A plain put asks nobody whether the voter may: one call to the table, where a vote has two. The line above is the same with one read.'),
  ];
  return { ...measured, promises, broken: promises.filter(({ held, kind }) => !held && kind === 'firm').map(({ name }) => name) };
}
