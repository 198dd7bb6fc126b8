// aws-cdk-lib validates every synthesized app with a WASM validator, 2 s at first use in every test file:
// one test file (test/validation.test.ts) does that on purpose, the others need not.
process.env.CDK_VALIDATION ??= 'false';

// aws-cdk-lib warns of what its own TableV2 uses, once for every table in every test.
process.env.JSII_DEPRECATED ??= 'quiet';
