import type { HotKeyFigures } from './hot-key';
import type { LoadFigures } from './load/load';
import { DRAIN_LIMIT } from './load/step';
import { THROUGHPUT_LIMIT } from './load/throughput';
import type { LogicResult } from './logic/child';
import type { ModelFigures } from './model/model';
import { UNITS_LIMIT, type UnitsFigures } from './units/units';

export interface Measured {
  readonly hotKey: HotKeyFigures;
  readonly logic: LogicResult;
  readonly units: UnitsFigures;
  readonly load: LoadFigures;
  readonly model: ModelFigures[];
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
   */
  readonly kind: 'firm' | 'machine';
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
  const most = (name: string, value: number, limit: number, kind: Promised['kind'], reason?: string): Promised =>
    ({ name, value, limit, held: value <= limit, kind, ...(reason === undefined ? {} : { reason }) });
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
    { name: 'votes a second by plain puts a second', value: throughput.ratio, limit: THROUGHPUT_LIMIT, atLeast: true, held: throughput.ratio >= THROUGHPUT_LIMIT, kind: 'machine' },
  ];
  return { ...measured, promises, broken: promises.filter(({ held, kind }) => !held && kind === 'firm').map(({ name }) => name) };
}
