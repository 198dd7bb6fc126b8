import type { awscdk } from 'projen';

/** aws-cdk-lib warns of its own use of its own deprecated members, and the SDK of Node 20, which the library still supports. */
const QUIET = { JSII_DEPRECATED: 'quiet', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** Every task of the project by its plain name. `npx projen --help` lists them with these descriptions. */
export function defineTasks(project: awscdk.AwsCdkConstructLibrary): void {
  const eslint = project.tasks.tryFind('eslint')!;

  const bundle = project.addTask('bundle', {
    description: 'Bundle the Lambda handlers into assets/, the local cloud into lib-local/ and the operations into lib-ops/',
    exec: 'tsx projenrc/bundle/main.ts',
  });
  const typecheck = project.addTask('typecheck', {
    description: 'Type-check everything that jsii does not compile: lambda, local, test, bench, examples',
    exec: 'node node_modules/typescript7/bin/tsc --noEmit -p tsconfig.dev.json',
  });
  const architecture = project.addTask('lint:architecture', {
    description: 'Hold the imports against the rules of the house (.dependency-cruiser.cjs)',
    exec: 'depcruise --config .dependency-cruiser.cjs src lambda local ops test bench examples',
  });
  const lint = project.addTask('lint', { description: 'Lint the code and the architecture' });
  lint.spawn(eslint);
  lint.spawn(architecture);

  const unit = project.addTask('test:unit', {
    description: 'Logic, constructs, docs: everything that needs no server',
    env: QUIET,
    exec: 'jest',
    receiveArgs: true,
  });
  const endToEnd = project.addTask('test:e2e', {
    description: 'Deploy on the local cloud with IAM enforced and use it over HTTP',
    env: QUIET,
    exec: 'jest --config jest.e2e.json',
    receiveArgs: true,
  });
  project.tasks.tryFind('test:update')!.reset('jest --updateSnapshot', { receiveArgs: true });
  project.tasks.tryFind('test:watch')!.reset('jest --watch', { receiveArgs: true });
  project.addTask('test:schemathesis', {
    description: 'Hold the system on the local cloud against its OpenAPI document',
    env: QUIET,
    steps: [{ exec: 'tsx projenrc/bundle/main.ts --quiet' }, { exec: 'tsx --tsconfig tsconfig.dev.json test/schemathesis/main.ts', receiveArgs: true }],
  });
  project.addTask('test:deadlines', {
    description: 'Hold every endpoint against services that hang, with the time that a function has on AWS',
    env: { ...QUIET, DEADLINE_TEST_MS: '10000' },
    exec: 'jest test/lambda/bundled',
  });
  project.addTask('test:browser', {
    description: 'Attack the local cloud with a page in a real browser: CHROMIUM=/path/to/chromium npm run test:browser',
    env: QUIET,
    exec: 'jest --config jest.e2e.json test/e2e/browser',
    receiveArgs: true,
  });
  project.testTask.reset();
  for (const step of [bundle, typecheck, unit, endToEnd]) project.testTask.spawn(step);

  project.addTask('test:consumers', {
    description: 'Install the packed package as its consumers do (npm, pnpm, Yarn, Bun, links, ES modules, TypeScript options) and compare what they synthesize',
    env: QUIET,
    exec: 'bash .ci/consumers',
    receiveArgs: true,
  });
  project.addTask('test:versions', {
    description: 'Synthesize with the minimum and the newest aws-cdk-lib, with all recommended feature flags and none; `-- --deploy` deploys it too',
    env: QUIET,
    exec: 'bash .ci/versions',
    receiveArgs: true,
  });

  project.addTask('docs', {
    description: 'Make the documents that come from the code: API.md (after a compile), the runbook, the table of stages',
    steps: [{ spawn: 'docgen' }, { exec: 'tsx projenrc/docs/main.ts' }],
  });
  project.addTask('demo', {
    env: QUIET,
    description: 'Deploy the whole system on the local cloud and play a poll on it',
    steps: [{ exec: 'tsx projenrc/bundle/main.ts --quiet' }, { exec: 'tsx --tsconfig tsconfig.dev.json examples/demo/main.ts', receiveArgs: true }],
  });
  project.addTask('simulate', {
    description: 'Run the voting pipeline under simulated faults: one history a seed',
    exec: 'tsx --tsconfig tsconfig.dev.json test/simulation/main.ts',
    receiveArgs: true,
  });
  project.addTask('bench:synth', {
    description: 'Synthesis time and template size against the same system of plain L2 constructs',
    steps: [{ exec: 'tsx projenrc/bundle/main.ts --quiet' }, { exec: 'tsx --tsconfig tsconfig.dev.json bench/synth/main.ts', receiveArgs: true }],
  });
  project.addTask('bench:voting', {
    description: 'Write units, throughput and the step from 1x to 10x of the voting pipeline, against the peers\' algorithms',
    env: QUIET,
    steps: [{ exec: 'tsx projenrc/bundle/main.ts --quiet' }, { exec: 'tsx --tsconfig tsconfig.dev.json bench/voting/main.ts', receiveArgs: true }],
  });
  project.addTask('bench', { description: 'Run every benchmark', steps: [{ spawn: 'bench:synth' }, { spawn: 'bench:voting' }] });

  project.preCompileTask.spawn(bundle);
  project.postCompileTask.exec('tsx projenrc/docs/main.ts');
  // The other languages' packages need their toolchains: `package:python`, `package:java`, `package:go` one by one.
  project.packageTask.reset();
  project.packageTask.spawn(project.tasks.tryFind('package:js')!);
}
