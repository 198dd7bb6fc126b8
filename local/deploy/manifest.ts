/** What the rewriting reads of a cloud assembly's manifest. The CDK's own schema package is larger than all of this. */
export interface Manifest {
  readonly version: string;
  readonly artifacts?: Readonly<Record<string, Artifact>>;
  /** Lookups that the app wants and the CLI would make. */
  readonly missing?: ReadonlyArray<{ readonly key: string }>;
}

export interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly dependencies?: readonly string[];
  readonly metadata?: Readonly<Record<string, ReadonlyArray<{ readonly type: string; readonly data?: unknown }>>>;
  readonly additionalMetadataFile?: string;
  readonly properties?: ArtifactProperties;
}

export interface ArtifactProperties {
  templateFile?: string;
  stackName?: string;
  stackTemplateAssetObjectUrl?: string;
  assumeRoleArn?: string;
  assumeRoleExternalId?: string;
  cloudFormationExecutionRoleArn?: string;
  lookupRole?: unknown;
  requiresBootstrapStackVersion?: number;
  bootstrapStackVersionSsmParameter?: string;
  /** Of an asset manifest. */
  file?: string;
  /** Of a nested assembly. */
  directoryName?: string;
}

export interface AssetManifest {
  readonly version: string;
  readonly files?: Readonly<Record<string, FileAsset>>;
  readonly dockerImages?: Readonly<Record<string, unknown>>;
}

export interface FileAsset {
  readonly source: { readonly path?: string; readonly packaging?: string };
  readonly destinations: Readonly<Record<string, FileDestination>>;
}

export interface FileDestination {
  readonly bucketName: string;
  readonly objectKey: string;
  readonly region?: string;
  readonly assumeRoleArn?: string;
}
