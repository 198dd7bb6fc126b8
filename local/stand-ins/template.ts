/** The parts of a CloudFormation template that the rewriting reads. */
export interface Template {
  Resources?: Record<string, TemplateResource>;
  Outputs?: Record<string, TemplateOutput>;
  Parameters?: Record<string, { readonly Type?: string; readonly Default?: unknown }>;
  Rules?: Record<string, unknown>;
  [section: string]: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
  readonly [attribute: string]: unknown;
}

/** A reference to a resource: `Ref` has no attribute. */
export interface Reference {
  readonly logicalId: string;
  readonly attribute?: string;
}

/** What a single intrinsic function refers to; nothing for any other value. `Fn::Sub` is asked by its own function. */
export function referenceOf(value: unknown): Reference | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [name, ...others] = Object.keys(value);
  if (others.length > 0) return undefined;
  const target = (value as Record<string, unknown>)[name];
  if (name === 'Ref' && typeof target === 'string') return { logicalId: target };
  if (name !== 'Fn::GetAtt') return undefined;
  const [logicalId, ...attribute] = typeof target === 'string' ? target.split('.') : Array.isArray(target) ? target.map(String) : [];
  return logicalId === undefined ? undefined : { logicalId, attribute: attribute.join('.') };
}

/** Copies a value with each reference passed through `replace`, which answers `undefined` to leave it as it is. */
export function mapReferences(value: unknown, replace: (reference: Reference) => unknown): unknown {
  const reference = referenceOf(value);
  if (reference !== undefined) return replace(reference) ?? value;
  if (Array.isArray(value)) return value.map((item) => mapReferences(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [
    key, key === 'Fn::Sub' ? mapSubstitutions(item, replace) : mapReferences(item, replace),
  ]));
}

/** Every resource and parameter that a value refers to. */
export function referencesIn(value: unknown): Reference[] {
  const found: Reference[] = [];
  mapReferences(value, (reference) => {
    found.push(reference);
    return undefined;
  });
  return found;
}

/** `Fn::Sub` with `${Resource}` and `${Resource.Attribute}`: what is replaced becomes a variable of the function. */
function mapSubstitutions(value: unknown, replace: (reference: Reference) => unknown): unknown {
  const [text, given] = Array.isArray(value) ? value as [string, Record<string, unknown>?] : [value, {}];
  if (typeof text !== 'string') return value;
  const variables = mapReferences(given ?? {}, replace) as Record<string, unknown>;
  const replaced = text.replace(/\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}/g, (whole, logicalId: string, attribute?: string) => {
    if (attribute === undefined && logicalId in variables) return whole;
    const replacement = replace({ logicalId, attribute });
    if (replacement === undefined) return whole;
    const variable = `Local${logicalId}${(attribute ?? '').replace(/\./g, '')}`;
    variables[variable] = replacement;
    return `\${${variable}}`;
  });
  return Object.keys(variables).length === 0 ? replaced : [replaced, variables];
}

/** The construct path of a resource, without the trailing `Resource` or `Default` of the L1 below it. */
export function constructPath(resource: TemplateResource): string | undefined {
  const path = resource.Metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path.replace(/\/(Resource|Default)$/, '') : undefined;
}
