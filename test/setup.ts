// aws-cdk-lib validates every synthesized app with a WASM validator, 2 s at first use in every test file:
// one test file (test/validation.test.ts) does that on purpose, the others need not.
process.env.CDK_VALIDATION ??= 'false';
