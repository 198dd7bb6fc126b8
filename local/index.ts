export { LocalCloud } from './cloud';
export {
  CancelledError, DeployError, EmulatorError, InstallError, LocalCloudError, SafetyError, StateError, SynthesisError,
} from './errors';
export { startLocalCloud } from './start';
export type {
  Difference, LocalCloudProps, LocalCredentials, LocalFunction, LocalResource, LocalUrl, Phase, Progress, SynthesizableApp, Timings,
} from './types';
