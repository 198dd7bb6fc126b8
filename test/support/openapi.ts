import Ajv2020 from 'ajv/dist/2020';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** What is wrong with an OpenAPI 3.1 document, by the rules of the specification that a generator of clients trips over. */
export function openApiFaults(document: any): string[] {
  const faults: string[] = [];
  const fault = (holds: boolean, text: string) => {
    if (!holds) faults.push(text);
  };
  fault(/^3\.1\.\d+$/.test(document.openapi), 'openapi is no version 3.1');
  fault(typeof document.info?.title === 'string' && typeof document.info?.version === 'string', 'info lacks its title or version');
  const operations = Object.entries<any>(document.paths).flatMap(([path, item]) => (
    Object.entries<any>(item).map(([method, operation]) => ({ path, method, operation }))
  ));

  const forms = Object.keys(document.paths).map((path) => path.replace(/\{[^}]+\}/g, '{}'));
  for (const form of duplicates(forms)) faults.push(`${form} stands there twice`);
  for (const id of duplicates(operations.map(({ operation }) => operation.operationId))) faults.push(`${id} is the name of two operations`);
  for (const { path, method, operation } of operations) {
    const place = `${method} ${path}`;
    fault(path.startsWith('/'), `${path} does not begin with a slash`);
    fault(METHODS.includes(method), `${place}: there is no such method`);
    fault(/^[A-Za-z][A-Za-z0-9]*$/.test(operation.operationId ?? ''), `${place} has no name that a client could use`);
    fault(operation.tags.every((tag: unknown) => typeof tag === 'string' && tag !== ''), `${place} has an empty tag`);
    fault(!(operation.requestBody !== undefined && ['get', 'head', 'delete'].includes(method)), `${place} has a body`);

    const parameters: any[] = operation.parameters ?? [];
    const names = parameters.map((parameter) => `${parameter.in} ${parameter.name.toLowerCase()}`);
    for (const name of duplicates(names)) faults.push(`${place} has the parameter ${name} twice`);
    const declared = parameters.filter((parameter) => parameter.in === 'path');
    fault(declared.every(({ required }) => required === true), `${place}: a parameter of the path is not required`);
    const used = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    fault(same(declared.map(({ name }) => name), used), `${place} declares other parameters than its path has`);
    fault(parameters.every(({ schema }) => schema !== undefined), `${place} has a parameter without a schema`);

    for (const scheme of operation.security.flatMap((requirement: object) => Object.keys(requirement))) {
      fault(document.components.securitySchemes[scheme] !== undefined, `${place} asks for ${scheme}, which nobody describes`);
    }
    fault(Object.keys(operation.responses).length > 0, `${place} has no answers`);
    for (const [status, response] of Object.entries<any>(operation.responses)) {
      fault(/^([1-5]\d\d|default)$/.test(status), `${place}: ${status} is no status`);
      fault(typeof response.description === 'string' && response.description !== '', `${place}: ${status} is not described`);
    }
  }
  return [...faults, ...schemaFaults(document)];
}

function schemaFaults(document: any): string[] {
  const ajv = new Ajv2020({ strict: true, allErrors: true, formats: { 'date-time': true } });
  ajv.addVocabulary(['components']);
  return schemasOf(document, '#').flatMap(({ place, schema }) => {
    try {
      ajv.compile({ ...schema, components: document.components });
      return [];
    } catch (error) {
      return [`${place}: ${(error as Error).message}`];
    }
  });
}

function schemasOf(node: unknown, place: string): Array<{ place: string; schema: object }> {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (
    key === 'schema' ? [{ place: `${place}/schema`, schema: value }] : schemasOf(value, `${place}/${key}`)
  ));
}

const duplicates = (values: string[]) => [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
const same = (left: string[], right: string[]) => JSON.stringify([...left].sort()) === JSON.stringify([...right].sort());
