import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { SynthesisError } from '../errors';
import { ACCOUNT, DEFAULT_REGION } from '../safety/environment';
import { rewriteTemplate } from '../stand-ins/rewrite';
import type { Template } from '../stand-ins/template';
import { shortList } from '../terminal/words';
import type { Difference } from '../types';
import type { Artifact, AssetManifest, Manifest } from './manifest';

export interface LocalStack {
  /** The name in CloudFormation. */
  readonly name: string;
  /** The name that people and `--stacks` use. */
  readonly displayName: string;
  readonly region: string;
  /** As the app synthesized it. */
  readonly original: Template;
  /** The original templates of nested stacks, by the files that the template names them by. */
  readonly nested: ReadonlyMap<string, Template>;
}

/** A copy of a cloud assembly that the real CDK CLI deploys on the emulator. */
export interface LocalAssembly {
  readonly directory: string;
  readonly stacks: readonly LocalStack[];
  /** The buckets that a bootstrap stack would have made. */
  readonly buckets: ReadonlyArray<{ readonly name: string; readonly region: string }>;
  readonly standIns: readonly Difference[];
  readonly leftOut: readonly Difference[];
  /** Warnings of the app's own, and what else a reader has to know. */
  readonly notes: readonly string[];
}

/**
 * Writes the local copy of an assembly. It needs no bootstrap stack: the roles and the version check of one are taken out of the
 * manifest (the publishing role's policy has a condition that the emulator fails), and stacks of a fixed account move to the
 * emulator's own. Assets stay where they are.
 */
export function localize(source: string, target: string): LocalAssembly {
  const manifest = readJson<Manifest>(join(source, 'manifest.json'));
  const artifacts = Object.entries(manifest.artifacts ?? {});
  const own = accountMover(artifacts.map(([, artifact]) => artifact.environment));
  mkdirSync(target, { recursive: true });

  const parts: LocalAssembly[] = [];
  const stacks: LocalStack[] = [];
  const nested = new Map<string, Template>();
  const differences: Differences = { standIns: [], leftOut: [], kept: [] };
  const notes = (manifest.missing ?? []).map(({ key }) => `The app looks ${key} up in an account; here it got the CDK's dummy value.`);
  const renamed = new Map<string, string>();
  const kept: Array<[string, Artifact]> = [];

  for (const [id, artifact] of artifacts) {
    if (artifact.type === 'cdk:cloud-assembly') {
      const folder = artifact.properties?.directoryName ?? id;
      parts.push(localize(join(source, folder), join(target, folder)));
      kept.push([id, artifact]);
    } else if (artifact.type === 'aws:cloudformation:stack') {
      const metadata = metadataOf(source, artifact);
      notes.push(...annotations(metadata));
      const original = withConstructPaths(JSON.parse(own(read(join(source, artifact.properties!.templateFile!)))) as Template, metadata);
      const name = artifact.properties?.stackName ?? id;
      const template = rewrite(name, original, differences);
      const text = JSON.stringify(template);
      writeFileSync(join(target, artifact.properties!.templateFile!), text);
      renameTemplateAsset(artifact, text, renamed);
      stacks.push({ name, displayName: artifact.displayName ?? id, region: regionOf(artifact), original, nested });
      kept.push([id, withoutBootstrap(artifact)]);
    }
  }
  const buckets = new Map<string, { name: string; region: string }>();
  for (const [id, artifact] of artifacts) {
    if (artifact.type !== 'cdk:asset-manifest') continue;
    const assets = JSON.parse(own(read(join(source, artifact.properties!.file!)))) as AssetManifest;
    const region = regionOfAssets(id, artifacts);
    const local = localizeAssets(assets, { source, target, own, renamed, differences, nested, notes, buckets, region });
    writeFileSync(join(target, artifact.properties!.file!), JSON.stringify(local));
    kept.push([id, withoutBootstrap(artifact)]);
  }
  const local: Manifest = { version: manifest.version, artifacts: Object.fromEntries(kept) };
  writeFileSync(join(target, 'manifest.json'), own(JSON.stringify(local)));
  return {
    directory: target,
    stacks: [...stacks, ...parts.flatMap((part) => part.stacks)],
    buckets: [...buckets.values(), ...parts.flatMap((part) => part.buckets)],
    standIns: [...differences.standIns, ...parts.flatMap((part) => part.standIns)],
    leftOut: [...differences.leftOut, ...parts.flatMap((part) => part.leftOut)],
    notes: [...notes, ...notesOn(differences.kept), ...parts.flatMap((part) => part.notes)],
  };
}

/** One note a reason, with the resources that it is about. */
function notesOn(kept: readonly Difference[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { path, logicalId, why, differs } of kept) {
    const reason = `${why} ${differs}`;
    byReason.set(reason, [...byReason.get(reason) ?? [], path ?? logicalId]);
  }
  return [...byReason].map(([reason, names]) => `${shortList(names)}: ${reason}`);
}

interface Differences {
  readonly standIns: Difference[];
  readonly leftOut: Difference[];
  readonly kept: Difference[];
}

interface AssetContext {
  readonly source: string;
  readonly target: string;
  readonly own: (text: string) => string;
  readonly renamed: ReadonlyMap<string, string>;
  readonly differences: Differences;
  readonly nested: Map<string, Template>;
  readonly notes: string[];
  readonly buckets: Map<string, { name: string; region: string }>;
  readonly region: string;
}

function localizeAssets(assets: AssetManifest, context: AssetContext): AssetManifest {
  const { source, target, renamed, buckets, notes } = context;
  const files = Object.entries(assets.files ?? {}).map(([id, file]) => {
    const destinations = Object.entries(file.destinations).map(([key, { assumeRoleArn: _, ...destination }]) => {
      const region = destination.region ?? context.region;
      const name = destination.bucketName.replaceAll('${AWS::AccountId}', ACCOUNT).replaceAll('${AWS::Region}', region).replaceAll('${AWS::Partition}', 'aws');
      buckets.set(`${region}/${name}`, { name, region });
      return [key, { ...destination, bucketName: name, objectKey: renamed.get(destination.objectKey) ?? destination.objectKey }];
    });
    let path = file.source.path;
    if (path !== undefined && !isAbsolute(path)) {
      if (isNestedTemplate(path)) writeNestedTemplate(path, context);
      // Only what was rewritten is in the copy; everything else is read from where the app put it.
      if (!existsSync(join(target, path))) path = join(source, path);
    }
    return [id, { ...file, source: { ...file.source, path }, destinations: Object.fromEntries(destinations) }];
  });
  for (const id of Object.keys(assets.dockerImages ?? {})) notes.push(`The container image ${id.slice(0, 12)} is not built: nothing here runs containers.`);
  return { ...assets, files: Object.fromEntries(files), dockerImages: {} };
}

function isNestedTemplate(path: string): boolean {
  return path.endsWith('.nested.template.json');
}

function writeNestedTemplate(path: string, { source, target, own, differences, nested }: AssetContext): void {
  const original = JSON.parse(own(read(join(source, path)))) as Template;
  nested.set(path, original);
  writeFileSync(join(target, path), JSON.stringify(rewrite(basename(path, '.nested.template.json'), original, differences)));
}

function rewrite(stack: string, original: Template, differences: Differences): Template {
  const { template, standIns, leftOut, kept } = rewriteTemplate(stack, original);
  differences.standIns.push(...standIns);
  differences.leftOut.push(...leftOut);
  differences.kept.push(...kept);
  return template;
}

/** The key of a template in its bucket says what is in it: the CLI does not publish a key again that is there. */
function renameTemplateAsset(artifact: Artifact, text: string, renamed: Map<string, string>): void {
  const key = artifact.properties?.stackTemplateAssetObjectUrl?.split('/').pop();
  if (key === undefined) return;
  const name = `${createHash('sha256').update(text).digest('hex')}.json`;
  renamed.set(key, name);
  artifact.properties!.stackTemplateAssetObjectUrl = artifact.properties!.stackTemplateAssetObjectUrl!.replace(key, name);
}

function withoutBootstrap(artifact: Artifact): Artifact {
  const {
    assumeRoleArn: _1, cloudFormationExecutionRoleArn: _2, lookupRole: _3, requiresBootstrapStackVersion: _4,
    bootstrapStackVersionSsmParameter: _5, assumeRoleExternalId: _6, ...properties
  } = artifact.properties ?? {};
  const { metadata: _7, additionalMetadataFile: _8, dependencies, ...rest } = artifact;
  return {
    ...rest,
    properties,
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(artifact.type === 'aws:cloudformation:stack' ? { environment: `aws://${ACCOUNT}/${regionOf(artifact)}` } : {}),
  };
}

function regionOf({ environment }: Artifact): string {
  const region = environment?.split('/').pop();
  return region === undefined || region === '' || region === 'unknown-region' ? DEFAULT_REGION : region;
}

/** An asset manifest is made for one stack, whose artifact depends on it. */
function regionOfAssets(id: string, artifacts: ReadonlyArray<[string, Artifact]>): string {
  const stack = artifacts.find(([, artifact]) => artifact.type === 'aws:cloudformation:stack' && artifact.dependencies?.includes(id));
  return stack === undefined ? DEFAULT_REGION : regionOf(stack[1]);
}

/** Replaces the accounts that stacks are fixed to by the emulator's. */
function accountMover(environments: ReadonlyArray<string | undefined>): (text: string) => string {
  const accounts = [...new Set(environments.flatMap((environment) => /^aws:\/\/(\d{12})\//.exec(environment ?? '')?.[1] ?? []))]
    .filter((account) => account !== ACCOUNT);
  return (text) => accounts.reduce((moved, account) => moved.replaceAll(account, ACCOUNT), text);
}

type Metadata = NonNullable<Artifact['metadata']>;

function metadataOf(source: string, { metadata, additionalMetadataFile: file }: Artifact): Metadata {
  return { ...metadata, ...(file === undefined ? {} : readJson<Metadata>(join(source, file))) };
}

/** The CLI asks apps to write construct paths into their templates; where it did not run the app, the assembly's metadata has them. */
function withConstructPaths(template: Template, metadata: Metadata): Template {
  const paths = new Map(Object.entries(metadata).flatMap(([path, entries]) =>
    entries.filter(({ type }) => type === 'aws:cdk:logicalId').map(({ data }) => [String(data), path.slice(1)] as const)));
  const resources = Object.entries(template.Resources ?? {}).map(([id, resource]) => {
    const path = paths.get(id);
    return [id, path === undefined ? resource : { ...resource, Metadata: { 'aws:cdk:path': path, ...resource.Metadata } }];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}

/** What the app's own checks say. The CLI would refuse errors, so they are refused here. */
function annotations(metadata: Metadata): string[] {
  const entries = Object.entries(metadata).flatMap(([path, found]) => found.map((entry) => ({ path: path.replace(/^\//, ''), ...entry })));
  const errors = entries.filter(({ type }) => type === 'aws:cdk:error').map(({ path, data }) => `${path}: ${String(data)}`);
  if (errors.length > 0) throw new SynthesisError(`The app has errors of its own:\n${errors.join('\n')}`, 'Mend them; `cdk synth` shows the same.');
  return entries.filter(({ type }) => type === 'aws:cdk:warning').map(({ path, data }) => `${path}: ${String(data)}`);
}

function read(file: string): string {
  if (!existsSync(file)) throw new SynthesisError(`The cloud assembly is not whole: ${file} is missing.`, 'Synthesize it again.');
  return readFileSync(file, 'utf8');
}

function readJson<T>(file: string): T {
  return JSON.parse(read(file)) as T;
}
