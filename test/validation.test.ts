import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks, HIPAASecurityChecks, type NagPack, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import { Monitoring, Trinity } from '../src';
import { testApp } from './support/app';

/** The one place where what every other test leaves out runs: the CDK's own validation of a synthesis, with the rule packs on the app. */
const CDK_VALIDATES_TEMPLATES = 'CloudFormationValidatePlugin' in cdk;

/** A rule pack for every version of the CDK: before 2.263 it handed a plugin no construct tree, so the pack gets it here. */
class PackOnApp implements cdk.IPolicyValidationPlugin {
  readonly name: string;
  runs = 0;

  constructor(private readonly app: cdk.App, private readonly pack: NagPack) {
    this.name = pack.readPackName;
  }

  validate(): cdk.PolicyValidationPluginReport {
    this.runs += 1;
    return this.pack.validateScope(this.app);
  }
}

interface Outcome {
  readonly failed: boolean;
  readonly violations: string[];
}

/** Synthesizes as the CDK CLI would, and reads the report that the CDK writes. */
function validate(app: cdk.App): Outcome {
  const before = process.exitCode;
  const silenced = jest.spyOn(console, 'error').mockImplementation();
  let failed = false;
  try {
    app.synth();
  } catch (error) {
    if (!(error as Error).message.includes('Trinity')) throw error;
    failed = true;
  }
  failed ||= process.exitCode === 1;
  process.exitCode = before;
  silenced.mockRestore();
  const reports = readdirSync(app.outdir).filter((file) => file.endsWith('validation-report.json'))
    .flatMap((file) => JSON.parse(readFileSync(join(app.outdir, file), 'utf8')).pluginReports as Array<{ violations: Array<{ ruleName: string }> }>);
  return { failed, violations: reports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName)) };
}

/** What everybody is held to, and what those are who give a key. */
const PACKS: Array<new (scope: cdk.App) => NagPack> = [AwsSolutionsChecks, ServerlessChecks];
const COMPLIANCE_PACKS = [NIST80053R4Checks, NIST80053R5Checks, HIPAASecurityChecks, PCIDSS321Checks];

function system(Packs = PACKS) {
  const app = testApp();
  app.node.setContext('@aws-cdk/core:validateAgainstDefaultRules', true);
  const stack = new cdk.Stack(app, 'Trinity', { env: { account: '111122223333', region: 'eu-central-1' } });
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  Monitoring.to(new Topic(stack, 'Alarms', { enforceSSL: true, masterKey: key })).on(stack);
  const packs = Packs.map((Pack) => new PackOnApp(app, new Pack(app)));
  cdk.Validations.of(app).addPlugins(...packs);
  return { app, stack, key, packs };
}

beforeAll(() => {
  process.env.CDK_VALIDATION = 'true';
});

test('the system passes the rule packs of cdk-nag, registered on the app', () => {
  const { app, stack, packs } = system();
  new Trinity(stack, 'Trinity');
  expect(validate(app)).toEqual({ failed: false, violations: [] });
  expect(packs.map(({ name, runs }) => [name, runs])).toEqual([['AwsSolutions', 1], ['Serverless', 1]]);
});

test('with a customer managed key, warm instances and pages of other origins it passes the packs of NIST, HIPAA and PCI DSS too', () => {
  const { app, stack, key, packs } = system([...PACKS, ...COMPLIANCE_PACKS]);
  new Trinity(stack, 'Trinity', { encryptionKey: key, api: { corsOrigins: ['*'] }, voting: { warmInstances: 2 } });
  expect(validate(app)).toEqual({ failed: false, violations: [] });
  expect(packs.map(({ runs }) => runs)).toEqual([1, 1, 1, 1, 1, 1]);
});

test('what does not pass fails the synthesis', () => {
  const { app, stack } = system();
  new CfnBucket(stack, 'Careless');
  expect(validate(app)).toMatchObject({ failed: true, violations: expect.arrayContaining(['AwsSolutions-S1']) });
});

test('what CloudFormation would refuse fails the synthesis where aws-cdk-lib validates templates (2.263 and later)', () => {
  const { app, key } = system();
  (key.node.defaultChild as cdk.CfnResource).addPropertyOverride('PendingWindowInDays', 'soon');
  expect(validate(app).failed).toBe(CDK_VALIDATES_TEMPLATES);
});
