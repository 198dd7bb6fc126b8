const { default: Runtime } = require('jest-runtime');

// aws-cdk-lib validates every synthesized app with a WASM validator, 2 s at first use:
// one test file (test/validation.test.ts) does that on purpose, the others need not.
process.env.CDK_VALIDATION ??= 'false';
// aws-cdk-lib warns of what its own TableV2 uses, once for every table in every test.
process.env.JSII_DEPRECATED ??= 'quiet';

/** What holds no state that a test could change, and takes long to load. */
const SHARED = /^(aws-cdk-lib|constructs|cdk-nag)(\/|$)/;
/** These change the environment or the console that aws-cdk-lib sees. */
const ALONE = /\/test\/(validation|examples)\.test\.ts$/;

/**
 * Jest loads every module anew for every test file: of aws-cdk-lib that is a second and more, for some 35 files. Here a worker
 * loads it once, outside the sandboxes of the tests.
 */
module.exports = class extends Runtime {
  constructor(...given) {
    super(...given);
    this.shares = !given.some((value) => typeof value === 'string' && ALONE.test(value));
  }

  requireModuleOrMock(from, moduleName) {
    return this.shares && SHARED.test(moduleName) ? require(moduleName) : super.requireModuleOrMock(from, moduleName);
  }
};
