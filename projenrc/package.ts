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
    '/lambda/', '/bench/', '/projenrc/', '/docs/*', '/.ci/', '/.projenrc.ts',
    '/docker-compose.yml', '/.dependency-cruiser.cjs', '/cdk.out/', '/.local/', '/.nvmrc', '/jest.e2e.json',
    // Of these folders only documents are kept. A folder itself must not be ignored, or npm would take all of it as soon as one file is kept.
    '/src/**', '/local/**', '/ops/**', '/examples/**', '/test/**',
  ],
  kept: [
    '/assets/', '/lib-local/', '/lib-ops/', '/bin/', '/NOTICE', '/THIRD_PARTY_NOTICES',
    // What README.md links to, and the links from there. A test follows them.
    '/docs/*.md', '/docs/adr/', '/src/*/README.md', '/local/README.md', '/ops/README.md', '/test/simulation/README.md', '/examples/own-endpoint/README.md',
  ],
  // What the archives beside them hold too.
  ignoredAfterwards: ['/assets/**/*.js'],
};
