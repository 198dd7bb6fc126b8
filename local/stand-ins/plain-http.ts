import type { TemplateResource } from './template';

interface Statement {
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Whether a resource policy has statements about callers without TLS, as `enforceSSL` writes them. */
export function demandsTls(resource: TemplateResource): boolean {
  return statementsOf(resource).some(isAboutTls);
}

/** The policy without those statements. */
export function withoutDemandOfTls(resource: TemplateResource): TemplateResource {
  const document = resource.Properties?.PolicyDocument as object;
  const Statement = statementsOf(resource).filter((statement) => !isAboutTls(statement));
  return { ...resource, Properties: { ...resource.Properties, PolicyDocument: { ...document, Statement } } };
}

function statementsOf({ Properties }: TemplateResource): Statement[] {
  return [(Properties?.PolicyDocument as { Statement?: Statement | Statement[] } | undefined)?.Statement ?? []].flat();
}

function isAboutTls({ Condition }: Statement): boolean {
  return String(Condition?.Bool?.['aws:SecureTransport']) === 'false';
}
