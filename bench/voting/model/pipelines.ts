import { StagePreset } from '../../../src/stage';
import { VotingCapacity } from '../../../src/voting/capacity';
import { type AccountFigures, accountsModel } from './accounts';
import { model, type ModelFigures } from './model';

const PEAKS = [1_000, 10_000, 100_000];

/** The model of pipelines as `VotingCapacity` sizes them, behind the throttle of the production stage. */
export function modelledPipelines(): ModelFigures[] {
  const { throttleRate } = StagePreset.production();
  return PEAKS.map((peak) => {
    const capacity = VotingCapacity.forPeak(peak);
    const { expectedPeakVotesPerSecond: expectedPeak, lanes, warmWriteUnits, batchSize, batchWindow, drainConcurrency } = capacity;
    const batchWindowSeconds = batchWindow.toSeconds();
    return model({ expectedPeak, lanes, warmWriteUnits, batchSize, batchWindowSeconds, drainConcurrency, throttleRate });
  });
}

/** The model of the accounts of people who vote at such peaks. */
export function modelledAccounts(): AccountFigures[] {
  return PEAKS.map((peak) => accountsModel(peak));
}
