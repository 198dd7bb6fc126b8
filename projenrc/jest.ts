import { type awscdk, JsonFile } from 'projen';

/** Types are checked once, by the task `typecheck`: here they are only taken out, which swc does in no time. */
const TRANSFORM = { '^.+\\.tsx?$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }] };

export function transformBySwc(project: awscdk.AwsCdkConstructLibrary): void {
  project.jest!.config.transform = TRANSFORM;
  project.deps.removeDependency('ts-jest');
}

/** The end-to-end tests have a run of their own: one deployment for most of them. They wait more than they compute: three at a time on two cores. */
export function defineEndToEnd(project: awscdk.AwsCdkConstructLibrary): void {
  const { setupFiles, moduleNameMapper, modulePathIgnorePatterns, transform } = project.jest!.config;
  new JsonFile(project, 'jest.e2e.json', {
    obj: {
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
      globalSetup: '<rootDir>/test/e2e/support/setup.ts',
      globalTeardown: '<rootDir>/test/e2e/support/teardown.ts',
      maxWorkers: 3,
      testTimeout: 90_000,
      setupFiles,
      moduleNameMapper,
      modulePathIgnorePatterns,
      transform,
    },
  });
}
