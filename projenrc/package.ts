/** What the published package opens to `require` and `import`. The constructs are the root, the local cloud its own entry point. */
export const PUBLISHED_PATHS = {
  '.': './lib/index.js',
  './local': { types: './lib-local/local/index.d.ts', default: './lib-local/index.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
};

/**
 * The same for TypeScript under `moduleResolution: node`, which knows no `exports`: what projen makes of an app, and older
 * versions of `cdk init`.
 */
export const TYPES_VERSIONS = { '*': { local: ['./lib-local/local/index.d.ts'] } };

/** What the tarball holds beside jsii's own output, and what it leaves out. */
export const PACKED = {
  ignored: [
    '/lambda/', '/local/', '/ops/', '/bench/', '/examples/', '/projenrc/', '/docs/*', '/.ci/', '/.projenrc.ts',
    '/docker-compose.yml', '/.dependency-cruiser.cjs', '/cdk.out/', '/.local/', '/.nvmrc', '/CONTRIBUTING.md', '/jest.e2e.json',
  ],
  kept: ['/assets/', '/lib-local/', '/lib-ops/', '/bin/', '/docs/runbook.md', '/NOTICE', '/THIRD_PARTY_NOTICES'],
  // What the archives beside them hold too.
  ignoredAfterwards: ['/assets/**/*.js'],
};
