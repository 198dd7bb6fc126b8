import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { findings } from './support/findings';
import { grantsOf } from './support/grants';
import { openApiFaults } from './support/openapi';
import { brokenRules } from './support/template';

const EXAMPLES = join(__dirname, '..', 'examples');
/** The demo is played, not deployed: it has tests of its own. */
const APPS = readdirSync(EXAMPLES).filter((name) => name !== 'demo');
const output = mkdtempSync(join(tmpdir(), 'trinity-examples-'));

interface Example {
  readonly app: App;
  readonly assembly: CloudAssembly;
}

/** Builds an example's app with a context, as the CDK CLI would hand it over. */
function synthesize(name: string, context: Record<string, string> = {}): Example {
  const { build } = jest.requireActual<{ build: (app: App) => App }>(join(EXAMPLES, name, 'app.ts'));
  const outdir = mkdtempSync(join(output, `${name}-`));
  const app = build(new App({ outdir, analyticsReporting: false, context: { 'aws:cdk:disable-asset-staging': true, ...context } }));
  return { app, assembly: app.synth() };
}

const cdkJson = (name: string) => JSON.parse(readFileSync(join(EXAMPLES, name, 'cdk.json'), 'utf8')) as { app: string; build?: string };
const templates = ({ assembly }: Example) => assembly.stacks.map(({ template }) => template);
const paths = ({ assembly }: Example) => readdirSync(assembly.directory).filter((file) => file.endsWith('.openapi.json'))
  .flatMap((file) => Object.keys(JSON.parse(readFileSync(join(assembly.directory, file), 'utf8')).paths));

beforeAll(() => {
  // What an example writes by itself when it is loaded.
  process.env.CDK_OUTDIR = output;
  for (const name of APPS) {
    const { build } = cdkJson(name);
    if (build !== undefined) execFileSync('sh', ['-c', build], { cwd: join(EXAMPLES, name) });
  }
});

afterAll(() => {
  delete process.env.CDK_OUTDIR;
  rmSync(output, { recursive: true, force: true });
});

test.each(APPS)('%s: synthesizes, has nothing unexplained in it, and says how it is run', (name) => {
  const example = synthesize(name);
  expect(findings(example.app)).toEqual([]);
  for (const stack of example.app.node.children.filter(Stack.isStack)) expect(brokenRules(Template.fromStack(stack))).toEqual([]);
  expect(paths(example).length).toBeGreaterThan(0);
  for (const file of readdirSync(example.assembly.directory).filter((each) => each.endsWith('.openapi.json'))) {
    expect(openApiFaults(JSON.parse(readFileSync(join(example.assembly.directory, file), 'utf8')))).toEqual([]);
  }
  expect(cdkJson(name).app).toBe('npx tsx --tsconfig ../../tsconfig.dev.json app.ts');
  expect(readFileSync(join(EXAMPLES, name, 'README.md'), 'utf8')).toContain('npx cdk deploy');
});

describe('composed', () => {
  test('a stack a service, and one for the alarms; each needs those before it only', () => {
    const { assembly } = synthesize('composed', { stage: 'staging' });
    const needs = Object.fromEntries(assembly.stacks.map(({ stackName, dependencies }) => [
      stackName,
      dependencies.map(({ id }) => id).filter((id) => !id.endsWith('.assets')).sort(),
    ]));
    expect(needs).toEqual({
      'Operations-staging': [],
      'Api-staging': ['Operations-staging'],
      'Accounts-staging': ['Api-staging', 'Operations-staging'],
      'Rooms-staging': ['Accounts-staging', 'Api-staging', 'Operations-staging'],
      'Voting-staging': ['Accounts-staging', 'Api-staging', 'Operations-staging', 'Rooms-staging'],
    });
  });

  test('development: no warning is left without an answer', () => {
    const { assembly } = synthesize('composed');
    expect(assembly.stacks.flatMap(({ messages }) => messages).filter(({ level }) => level === 'warning').map(({ entry }) => entry.data)).toEqual([]);
  });

  test.each([['development', false], ['production', true]])('the stage %s decides what is protected', (stage, protection) => {
    const resources = templates(synthesize('composed', { stage })).flatMap(({ Resources }) => Object.values<any>(Resources));
    const tables = resources.filter(({ Type }) => Type === 'AWS::DynamoDB::GlobalTable');
    expect(tables.map(({ Properties }) => Properties.Replicas[0].DeletionProtectionEnabled)).toEqual([protection, protection]);
  });

  test('a stage that there is not is refused', () => {
    expect(() => synthesize('composed', { stage: 'prod' })).toThrow("There is no stage 'prod'");
  });
});

describe('own-endpoint', () => {
  test('its endpoints stand beside those of the system, with their own table and what they need of it', () => {
    const example = synthesize('own-endpoint');
    expect(paths(example)).toEqual(expect.arrayContaining(['/customers', '/rooms']));
    const api = example.app.node.findChild('Customers').node.findChild('Trinity').node.findChild('Api');
    expect(grantsOf(api.node.findChild('GetCustomers'))).toEqual(['dynamodb:Query on Customers']);
    expect(grantsOf(api.node.findChild('PostCustomers'))).toEqual(['dynamodb:PutItem on Customers']);
  });

  test('its handlers answer what needs no table', async () => {
    Object.assign(process.env, { AWS_REGION: 'eu-central-1', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
    const handler = (name: string) => jest.requireActual(join(EXAMPLES, 'own-endpoint', 'dist', name, 'index.js')).handler;
    const event = (use: string, body?: string) => ({ body, requestContext: { authorizer: { jwt: { claims: { sub: 'ann', token_use: use } } } } });
    await expect(handler('create')(event('access', '{"name":" "}'))).resolves.toMatchObject({
      statusCode: 400, headers: { 'content-type': 'application/problem+json' },
    });
    await expect(handler('create')(event('access', 'no JSON'))).resolves.toMatchObject({ statusCode: 400 });
    for (const name of ['create', 'list']) await expect(handler(name)(event('id', '{"name":"Bob"}'))).resolves.toMatchObject({ statusCode: 401 });
  });
});
