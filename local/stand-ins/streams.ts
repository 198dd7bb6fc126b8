import { referenceOf, type Template, type TemplateResource } from './template';

/** Whether a mapping's source is a table's stream, as far as this template tells. */
export function isDynamoStream(mapping: TemplateResource, template: Template): boolean {
  const source = mapping.Properties?.EventSourceArn;
  if (typeof source === 'string') return source.includes(':dynamodb:');
  const reference = referenceOf(source);
  if (reference !== undefined && template.Resources?.[reference.logicalId] !== undefined) {
    return template.Resources[reference.logicalId].Type.startsWith('AWS::DynamoDB::');
  }
  // From another stack: CDK names the export, or the parameter, by the attribute that it exports.
  return mapping.Properties?.StartingPosition !== undefined && /StreamArn/.test(JSON.stringify(source ?? ''));
}

/** Whether the template wants the mapping to run. */
export function isEnabled(mapping: TemplateResource): boolean {
  return mapping.Properties?.Enabled !== false && mapping.Properties?.Enabled !== 'false';
}
