import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { localize, type LocalAssembly } from '../../local/deploy/assembly';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'assembly-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function synthesize(build: (app: App) => void): LocalAssembly {
  const app = new App({ outdir: join(folder, 'out') });
  build(app);
  return localize(app.synth().directory, join(folder, 'local'));
}

function manifest(): { artifacts: Record<string, { environment?: string; type: string; properties: Record<string, unknown> }> } {
  return JSON.parse(readFileSync(join(folder, 'local', 'manifest.json'), 'utf8')) as ReturnType<typeof manifest>;
}

test('asks for no role and no bootstrap stack, and is the emulator\'s account', () => {
  synthesize((app) => new Queue(new Stack(app, 'Notes'), 'Queue'));
  const { artifacts } = manifest();
  expect(artifacts.Notes.environment).toBe('aws://000000000000/us-east-1');
  expect(JSON.stringify(artifacts)).not.toMatch(/[rR]oleArn|lookupRole|ootstrapStackVersion/);
});

test('names the bucket that the assets go to, and reads them from where the app put them', () => {
  writeFileSync(join(folder, 'index.js'), 'exports.handler = () => 1;');
  const { buckets } = synthesize((app) => new LambdaFunction(new Stack(app, 'Notes'), 'Fn', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromAsset(folder, { exclude: ['out', 'local'] }),
  }));
  expect(buckets).toEqual([{ name: 'cdk-hnb659fds-assets-000000000000-us-east-1', region: 'us-east-1' }]);
  const assets = JSON.parse(readFileSync(join(folder, 'local', 'Notes.assets.json'), 'utf8')) as { files: Record<string, { source: { path: string } }> };
  const paths = Object.values(assets.files).map(({ source }) => source.path);
  expect(paths).toContain('Notes.template.json');
  expect(paths.find((path) => path.includes('asset.'))).toMatch(new RegExp(`^${join(folder, 'out')}/`));
  expect(existsSync(join(folder, 'local', 'Notes.template.json'))).toBe(true);
});

test('a rewritten template is published under a key of its own content', () => {
  synthesize((app) => new CfnResource(new Stack(app, 'Notes'), 'Trail', { type: 'AWS::CloudTrail::Trail' }));
  const url = String(manifest().artifacts.Notes.properties.stackTemplateAssetObjectUrl);
  const key = url.split('/').pop()!;
  expect(readFileSync(join(folder, 'out', 'manifest.json'), 'utf8')).not.toContain(key);
  expect(readFileSync(join(folder, 'local', 'Notes.assets.json'), 'utf8')).toContain(key);
});

test('a stack of a fixed account moves to the emulator\'s, and keeps its region', () => {
  const { stacks, buckets } = synthesize((app) => {
    const stack = new Stack(app, 'Notes', { env: { account: '123456789012', region: 'eu-west-1' } });
    new CfnResource(stack, 'Param', { type: 'AWS::SSM::Parameter', properties: { Value: `arn:aws:sqs:${stack.region}:${stack.account}:q` } });
  });
  expect(stacks.map(({ name, region }) => [name, region])).toEqual([['Notes', 'eu-west-1']]);
  expect(buckets[0].name).toBe('cdk-hnb659fds-assets-000000000000-eu-west-1');
  expect(readFileSync(join(folder, 'local', 'Notes.template.json'), 'utf8')).toContain('arn:aws:sqs:eu-west-1:000000000000:q');
});

test('stacks of a stage are found, with what differs in them', () => {
  const { stacks, leftOut } = synthesize((app) => {
    const stage = new Stage(app, 'Prod');
    new CfnResource(new Stack(stage, 'Notes'), 'Trail', { type: 'AWS::CloudTrail::Trail' });
  });
  expect(stacks.map(({ name, displayName }) => [name, displayName])).toEqual([['Prod-Notes', 'Prod/Notes']]);
  expect(leftOut.map(({ stack, path }) => [stack, path])).toEqual([['Prod-Notes', 'Prod/Notes/Trail']]);
});

test('what is deployed and does less is one note a reason', () => {
  const { notes } = synthesize((app) => {
    for (let number = 1; number <= 4; number += 1) new Queue(new Stack(app, `Notes${number}`), 'Queue', { enforceSSL: true });
  });
  expect(notes).toEqual([expect.stringMatching(/^Notes1\/Queue\/Policy, Notes2\/Queue\/Policy and 2 more: MiniStack is reached without TLS/)]);
});

test('warnings of the app are passed on', () => {
  const { notes } = synthesize((app) => Annotations.of(new Stack(app, 'Notes')).addWarningV2('notes:old', 'That is old'));
  expect(notes.join()).toContain('That is old');
});

test('errors of the app are refused, as the CLI refuses them', () => {
  expect(() => synthesize((app) => Annotations.of(new Stack(app, 'Notes')).addError('That is wrong'))).toThrow('\nNotes: That is wrong');
});

test('a folder that is not whole is refused', () => {
  expect(() => localize(folder, join(folder, 'local'))).toThrow('manifest.json is missing');
});
