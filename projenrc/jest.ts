import { type awscdk, JsonFile } from 'projen';

/** Types are checked once, by the task `typecheck`: here they are only taken out, which swc does in no time. */
const TRANSFORM = { '^.+\\.tsx?$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }] };

/** What both kinds of tests have in common: how a file becomes a module, and what it is loaded by. */
const PROJECT = {
  runtime: '<rootDir>/test/support/runtime.cjs',
  // A look at a global costs much in a sandbox; these no test replaces.
  sandboxInjectedGlobals: ['Array', 'BigInt', 'Error', 'JSON', 'Map', 'Math', 'Number', 'Object', 'Promise', 'RegExp', 'Set', 'String', 'Symbol'],
  transform: TRANSFORM,
  moduleNameMapper: {
    '^trinity-constructs$': '<rootDir>/src/index.ts',
    '^trinity-constructs/local$': '<rootDir>/local/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/cdk.out'],
};

/** How the tests are run, whichever they are. */
const RUN = {
  // Properties, whole systems and deployments take their time on a busy machine; none of them measures it.
  testTimeout: 90_000,
  testSequencer: '<rootDir>/test/support/sequencer.cjs',
  // Jest frees little of what a test file has loaded: a worker that has grown this large spends its time collecting garbage.
  workerIdleMemoryLimit: '600MB',
};

/** Jest's own configuration is of the tests that need no server. The end-to-end tests have theirs: one deployment for most of them. */
export function defineTests(project: awscdk.AwsCdkConstructLibrary): void {
  project.deps.removeDependency('ts-jest');
  Object.assign(project.jest!.config, {
    ...PROJECT,
    ...RUN,
    // Jest leaves one core free: of two cores that is half of them.
    maxWorkers: '100%',
    testMatch: ['<rootDir>/test/**/*.test.ts'],
    testPathIgnorePatterns: ['/node_modules/', '/test/e2e/'],
  });
  new JsonFile(project, 'jest.e2e.json', {
    obj: {
      ...PROJECT,
      ...RUN,
      // They wait as much as they compute: three at a time on two cores.
      maxWorkers: 3,
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
      globalSetup: '<rootDir>/test/e2e/support/setup.ts',
      globalTeardown: '<rootDir>/test/e2e/support/teardown.ts',
    },
  });
}
