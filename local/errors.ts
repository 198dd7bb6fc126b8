/** What went wrong, in one sentence, and what the reader can do about it. */
export class LocalCloudError extends Error {
  constructor(readonly what: string, readonly mend: string, options?: ErrorOptions) {
    super(`${what} ${mend}`, options);
    this.name = new.target.name;
  }
}

/** Something would have reached beyond this machine, or used credentials that are not the local cloud's own. */
export class SafetyError extends LocalCloudError {}

/** Python or the emulator's packages are missing and could not be had. */
export class InstallError extends LocalCloudError {}

/** The emulator did not start, does not answer or has gone. */
export class EmulatorError extends LocalCloudError {}

/** The app made no cloud assembly. */
export class SynthesisError extends LocalCloudError {}

/** The CDK CLI could not deploy the assembly. */
export class DeployError extends LocalCloudError {}

/** What was asked for is not possible as things are: nothing runs, or something runs already. */
export class StateError extends LocalCloudError {}

/** The caller asked to stop while something was under way. */
export class CancelledError extends LocalCloudError {
  constructor() {
    super('Stopped before it was finished.', 'Nothing is left running; start again when you like.');
  }
}
