export {
  CancelledError, DeployError, EmulatorError, InstallError, LocalCloudError, SafetyError, StateError, SynthesisError,
} from './errors';
export { startLocalCloud } from './start';
export type {
  Difference, LocalCloud, LocalCloudProps, LocalCredentials, LocalFunction, LocalResource, LocalUrl, LogEvent, Phase, Progress,
  SynthesizableApp, Timings,
} from './types';
