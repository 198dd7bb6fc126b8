export {
  CancelledError, DeployError, EmulatorError, InstallError, LocalCloudError, SafetyError, StateError, SynthesisError,
} from './errors';
export { type Mail, readMails } from './logs/mail';
export { startLocalCloud } from './start';
export type {
  Difference, LocalCloud, LocalCloudProps, LocalCredentials, LocalFunction, LocalResource, LocalUrl, LogEvent, Phase, Progress,
  SynthesizableApp, Timings,
} from './types';
