// The consumer of .ci/versions: `node app.cjs synth|deploy one|five all|none`, beside an installed trinity-constructs and aws-cdk-lib.
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { App, Stack } = require('aws-cdk-lib');
const { Key } = require('aws-cdk-lib/aws-kms');
const { Topic } = require('aws-cdk-lib/aws-sns');
const { AuthService, Encryption, Monitoring, RoomService, ServerlessApi, StagePreset, Trinity, VotingPipeline } = require('trinity-constructs');

const [action, stacks, flags] = process.argv.slice(2);
const VALIDATION = {
  '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true, '@aws-cdk/core:failSynthOnValidationErrors': true,
};

const app = new App({
  outdir: `cdk.out-${stacks}-${flags}`,
  context: flags === 'all' ? { ...require('aws-cdk-lib/recommended-feature-flags.json'), ...VALIDATION } : {},
});
StagePreset.staging().on(app);
const stack = (id) => new Stack(app, id, { env: { account: '000000000000', region: 'us-east-1' } });

if (stacks === 'one') {
  const one = stack('One');
  Monitoring.to(new Topic(one, 'Alarms', { enforceSSL: true })).on(one);
  new Trinity(one, 'Trinity', { encryptionKey: new Key(one, 'Key', { enableKeyRotation: true }) });
} else {
  const shared = stack('Shared');
  Monitoring.to(new Topic(shared, 'Alarms', { enforceSSL: true })).on(app);
  Encryption.withKey(new Key(shared, 'Key', { enableKeyRotation: true })).on(app);
  const api = new ServerlessApi(stack('Api'), 'Api');
  const auth = new AuthService(stack('Auth'), 'Auth', { api });
  const rooms = new RoomService(stack('Rooms'), 'Rooms', { api, auth });
  new VotingPipeline(stack('Voting'), 'Voting', { rooms });
}

function synth() {
  const assembly = app.synth();
  const functions = assembly.stacks.flatMap(({ template }) => Object.values(template.Resources)).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  if (functions.length < 22) throw new Error(`only ${functions.length} functions`);
  for (const file of readdirSync(assembly.directory).filter((name) => name.endsWith('validation-report.json'))) {
    const violations = JSON.parse(readFileSync(join(assembly.directory, file), 'utf8')).pluginReports.flatMap(({ violations: found }) => found)
      // With all flags, a warning fails the synthesis itself.
      .filter(({ severity }) => severity !== 'warning' && severity !== 'info');
    if (violations.length > 0) throw new Error(JSON.stringify(violations.slice(0, 5), undefined, 1));
  }
  return `${assembly.stacks.length} stack(s), ${functions.length} functions`;
}

async function deploy() {
  const { startLocalCloud } = require('trinity-constructs/local');
  const cloud = await startLocalCloud({ app });
  try {
    const { url } = cloud.urls[0];
    const call = async (path, init) => (await fetch(`${url}${path}`, init)).status;
    const answers = {
      rooms: await call('/rooms'),
      register: await call('/auth/register', {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: 'ada@example.com', password: 'Correct-Horse-1-Battery' }),
      }),
    };
    if (answers.rooms !== 401 || answers.register !== 201) throw new Error(`unexpected answers: ${JSON.stringify(answers)}`);
    return 'deployed; GET /rooms without a token gives 401, POST /auth/register 201';
  } finally {
    await cloud.stop();
  }
}

(async () => {
  const synthesized = action === 'deploy' ? await deploy() : synth();
  if (process.exitCode) throw new Error(`the CDK set the exit code ${process.exitCode}`);
  console.log(synthesized);
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
