import { awscdk, javascript, TextFile, typescript } from 'projen';
import { defineTests } from './projenrc/jest';
import { PACKED, PUBLISHED_PATHS, TYPES_VERSIONS } from './projenrc/package';
import { defineTasks } from './projenrc/tasks';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'trinity-constructs',
  description: 'Serverless-first backends on AWS from a few lines of CDK: APIs, auth, rooms and exactly-once voting, with their Lambda code, tables, queues and alarms',
  author: 'trinity-constructs maintainers',
  authorAddress: 'maintainers@trinity-constructs.example',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/trinity-constructs/trinity-constructs.git',
  license: 'Apache-2.0',
  copyrightOwner: 'trinity-constructs maintainers',
  keywords: ['aws', 'cdk', 'serverless', 'lambda', 'voting', 'dynamodb', 'http-api', 'cognito'],
  stability: 'experimental',
  majorVersion: 0,

  // The least version that cdk-nag 3 accepts: a higher one would raise every consumer's minimum.
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',
  projenVersion: '0.103.25',
  minNodeVersion: '20.0.0',
  packageManager: javascript.NodePackageManager.NPM,

  publishToPypi: { distName: 'trinity-constructs', module: 'trinity_constructs' },
  publishToMaven: {
    javaPackage: 'io.github.trinityconstructs',
    mavenGroupId: 'io.github.trinity-constructs',
    mavenArtifactId: 'trinity-constructs',
  },
  publishToGo: { moduleName: 'github.com/trinity-constructs/trinity-constructs-go', packageName: 'trinityconstructs' },
  publishToNuget: { dotNetNamespace: 'TrinityConstructs', packageId: 'TrinityConstructs' },

  devDeps: [
    'tsx@^4.23.15',
    'esbuild@0.28.2',
    'fflate@0.8.3',
    'ajv@^8.20.0',
    'fast-check@^4.10.2',
    'cdk-nag@3.0.2',
    'aws-cdk@2.1148.1',
    'dependency-cruiser@^17.3.9',
    'jest@^30.5.2',
    // Checks the types of everything in a fifth of the time. jsii and eslint have TypeScript 6.
    'typescript7@npm:typescript@7.0.2',
    // The newest that stands in every registry with its binaries of all platforms.
    '@swc/core@1.16.18',
    '@swc/jest@^0.2.39',
    '@types/aws-lambda',
    'uuid@^11.1.0',
    '@aws-lambda-powertools/logger@^2.36.0',
    '@aws-sdk/client-dynamodb@^3.1162.0',
    '@aws-sdk/client-dynamodb-streams@^3',
    '@aws-sdk/client-cloudformation@^3',
    '@aws-sdk/client-cloudwatch@^3',
    '@aws-sdk/client-lambda@^3',
    '@aws-sdk/client-sqs@^3',
    '@aws-sdk/client-sts@^3',
    '@aws-sdk/client-cognito-identity-provider@^3.1162.0',
    '@aws-sdk/client-kms@^3.1162.0',
    // Part of every client above: the SDK's own classification of errors, and its HTTP handler.
    '@smithy/core@^3',
    '@smithy/node-http-handler@^4',
    '@types/node@^20',
  ],

  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    compilerOptions: {
      rootDir: '.',
      skipLibCheck: true,
      isolatedModules: true,
      resolveJsonModule: true,
      paths: { 'trinity-constructs': ['./src/index.ts'], 'trinity-constructs/local': ['./local/index.ts'] },
    },
    include: ['.projenrc.ts', ...['projenrc', 'src', 'lambda', 'local', 'ops', 'test', 'bench', 'examples'].map((dir) => `${dir}/**/*.ts`)],
    exclude: ['node_modules', 'cdk.out', '.local'],
  },
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx(),
  eslintOptions: {
    dirs: ['src', 'lambda', 'local', 'ops', 'bench', 'examples'],
    devdirs: ['test', 'projenrc'],
    projectService: false,
    tsconfigPath: './tsconfig.dev.json',
    fileExtensions: ['.ts'],
    commandOptions: { fix: false },
  },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    jestConfig: { collectCoverage: false },
  },

  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,

  // The repository is published by hand until it has a home: no workflow files that nobody ran.
  github: false,
  buildWorkflow: false,
  release: false,
  sampleCode: false,
  gitignore: ['!/local/logs/', '/assets/', '/lib-local/', '/lib-ops/', '/THIRD_PARTY_NOTICES', 'cdk.out/', '.local/', '*.tsbuildinfo', '__pycache__/', '.DS_Store', 'cdk.context.json'],
  npmIgnoreOptions: { ignorePatterns: PACKED.ignored },
});

// What the package does not ship may import what only the build has; `validator:` modules come from the bundler.
project.eslint?.addOverride({
  files: ['lambda/**', 'local/**', 'ops/**', 'bench/**', 'examples/**', 'projenrc/**'],
  rules: { 'import/no-extraneous-dependencies': 'off', 'import/no-unresolved': ['error', { ignore: ['^validator:', '^trinity-constructs'] }] },
});

// The successor of eslint-plugin-import has the same rules without 4,500 files of polyfills; its settings have its own name.
project.deps.removeDependency('eslint-plugin-import');
project.addDevDeps('eslint-plugin-import@npm:eslint-plugin-import-x@^4.18.1');
for (const setting of ['parsers', 'resolver']) project.eslint!.config.settings[`import-x/${setting}`] = project.eslint!.config.settings[`import/${setting}`];

// Yarn Plug'n'Play leaves packages in their archives, where pip cannot read lib-local/requirements.txt.
project.addFields({ exports: PUBLISHED_PATHS, typesVersions: TYPES_VERSIONS, preferUnplugged: true });
project.package.addBin({ 'trinity-local': 'bin/trinity-local', 'trinity-ops': 'bin/trinity-ops' });
for (const path of PACKED.kept) project.addPackageIgnore(`!${path}`);
for (const path of PACKED.ignoredAfterwards) project.addPackageIgnore(path);

// `npm ci` refuses the lockfile where the newest of these is resolved.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// tsx keeps compiled code in /tmp/tsx-<uid>. If that folder belongs to another user of the machine, tsx runs what is in it.
project.tasks.addEnvironment('TSX_DISABLE_CACHE', '1');
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

defineTasks(project);
defineTests(project);

new TextFile(project, 'NOTICE', {
  lines: ['trinity-constructs', 'Copyright trinity-constructs maintainers', '', 'Code of other authors that is contained in the bundles is listed in THIRD_PARTY_NOTICES.', ''],
});
new TextFile(project, '.nvmrc', { lines: ['20', ''] });

project.synth();
