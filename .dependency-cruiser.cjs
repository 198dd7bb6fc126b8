/**
 * The rules of the house about who may import what: `npm run lint:architecture`. Each breaks the build.
 * Why a rule stands here is its comment; how to live by it, CONTRIBUTING.md.
 */
const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];
/** Adapters call the SDK through shared/dependency.ts, which knows the SDK's errors. */
const LOGIC = '(\\.lambda\\.ts$|/adapters/|^lambda/[^/]+/runtime\\.ts$|^lambda/shared/dependency\\.ts$|\\.d\\.ts$)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'logic-knows-no-sdk',
      comment: 'Logic speaks to ports. The AWS SDK and the adapters over it belong to adapters/ and to composition roots (*.lambda.ts and an area\'s runtime.ts).',
      severity: 'error',
      from: { path: '^lambda/', pathNot: LOGIC },
      to: { path: '(/adapters/|@aws-sdk/|@smithy/)' },
    },
    {
      name: 'logic-is-given-its-world',
      comment: 'Clock, ids, logger and environment are handed to logic by its composition root: that is what makes it testable.',
      severity: 'error',
      from: { path: '^lambda/', pathNot: LOGIC },
      to: { path: '^lambda/([^/]+/runtime|shared/env)\\.ts$' },
    },
    {
      name: 'a-contract-imports-nothing',
      comment: 'contract.ts and schemas.ts are read by constructs and by handlers: whatever they import would come into both.',
      severity: 'error',
      from: { path: '^src/[^/]+/(contract|schemas)\\.ts$' },
      to: {},
    },
    {
      name: 'handlers-read-contracts-only',
      comment: 'A bundle holds no construct code: of src/ a handler imports contract.ts and schemas.ts.',
      severity: 'error',
      from: { path: '^lambda/' },
      to: { path: '^src/', pathNot: '^src/[^/]+/(contract|schemas)\\.ts$' },
    },
    {
      name: 'handlers-bundle-what-they-need',
      comment: 'Everything that a handler imports is shipped and loaded at every cold start. A new package is a decision: add it here, and look at the size of the bundles.',
      severity: 'error',
      from: { path: '^lambda/' },
      to: {
        dependencyTypes: NPM,
        pathNot: 'node_modules/(@aws-sdk/client-(dynamodb|sqs|cognito-identity-provider|kms)|@smithy/(core|node-http-handler)|@aws-lambda-powertools/logger|uuid|@types/aws-lambda|aws-lambda)/',
      },
    },
    {
      name: 'handlers-share-ports',
      comment: 'An area asks another one through what that publishes: its ports (types), and its adapters from composition roots.',
      severity: 'error',
      from: { path: '^lambda/([^/]+)/' },
      to: { path: '^lambda/', pathNot: '^lambda/($1|shared)/|^lambda/[^/]+/(ports\\.ts$|adapters/)' },
    },
    {
      name: 'private-is-private',
      comment: 'src/<area>/private/ belongs to its area. What several areas share at synthesis lies in src/private/.',
      severity: 'error',
      from: { path: '^(?:src|lambda|local|examples)/([^/]+)/' },
      to: { path: '^src/[^/]+/private/', pathNot: '^src/$1/private/' },
    },
    {
      name: 'constructs-stand-alone',
      comment: 'The published constructs need aws-cdk-lib and constructs, nothing else: no runtime dependency can be pinned so that two libraries do not fit beside each other.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: NPM, pathNot: 'node_modules/(aws-cdk-lib|constructs)/' },
    },
    {
      name: 'constructs-know-nothing-around-them',
      comment: 'jsii compiles src/ alone; handlers reach it as bundled assets.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(lambda|local|test|bench|examples|projenrc)/' },
    },
    {
      name: 'one-way',
      comment: 'api <- auth <- rooms <- voting <- trinity: each can be a stack of its own, because what stands first knows nothing of what comes later.',
      severity: 'error',
      from: { path: '^src/(encryption|monitoring|stage)/' },
      to: { path: '^src/(api|auth|rooms|voting|trinity)/' },
    },
    { name: 'one-way-api', severity: 'error', from: { path: '^src/api/' }, to: { path: '^src/(auth|rooms|voting|trinity)/' } },
    { name: 'one-way-auth', severity: 'error', from: { path: '^src/auth/' }, to: { path: '^src/(rooms|voting|trinity)/' } },
    { name: 'one-way-rooms', severity: 'error', from: { path: '^src/rooms/' }, to: { path: '^src/(voting|trinity)/' } },
    { name: 'one-way-voting', severity: 'error', from: { path: '^src/voting/' }, to: { path: '^src/trinity/' } },
    {
      name: 'the-local-cloud-is-a-tool-of-its-own',
      comment: 'It deploys any app\'s synthesized assembly: it knows no construct and no handler of this library, and ships as one bundle without development tools.',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^(src|lambda|test|bench|examples|projenrc)/' },
    },
    {
      name: 'the-local-cloud-needs-node-alone',
      comment: 'lib-local/ is installed with the package: what it bundles, every consumer carries.',
      severity: 'error',
      from: { path: '^local/' },
      to: { dependencyTypes: NPM, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'examples-are-consumers',
      comment: 'An example uses what a consumer can use: the names that the package exports.',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(src|lambda|local|test|bench|projenrc)/', pathNot: '^(src|local)/index\\.ts$' },
    },
    {
      name: 'code-needs-no-tests',
      severity: 'error',
      from: { path: '^(src|lambda|local|bench|examples)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-cycles',
      comment: 'Files that need each other at run time cannot be understood, or loaded, one by one. Types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that resolves to nothing. `validator:` modules are made by the bundler.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^validator:' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.dev.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(lib|dist|assets|lib-local|cdk\\.out|\\.local)/|^test/.*/fixtures/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
