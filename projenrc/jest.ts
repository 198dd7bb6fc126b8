import { type awscdk, JsonFile } from 'projen';

/** The end-to-end tests have a run of their own: one deployment for most of them. They wait more than they compute: two at a time. */
export function defineEndToEnd(project: awscdk.AwsCdkConstructLibrary): void {
  const { setupFiles, moduleNameMapper, modulePathIgnorePatterns, transform } = project.jest!.config;
  new JsonFile(project, 'jest.e2e.json', {
    obj: {
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
      globalSetup: '<rootDir>/test/e2e/support/setup.ts',
      globalTeardown: '<rootDir>/test/e2e/support/teardown.ts',
      maxWorkers: 2,
      testTimeout: 90_000,
      setupFiles,
      moduleNameMapper,
      modulePathIgnorePatterns,
      transform,
    },
  });
}
