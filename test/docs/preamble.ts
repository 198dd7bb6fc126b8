/**
 * What a fence in the docs may use without saying where it comes from. A name that the fence imports or declares itself is its own.
 */
const CDK_MODULES: Record<string, string> = {
  apigatewayv2: 'aws-apigatewayv2',
  cognito: 'aws-cognito',
  dynamodb: 'aws-dynamodb',
  kms: 'aws-kms',
  lambda: 'aws-lambda',
  sns: 'aws-sns',
};

const NAMED: Record<string, string> = {
  App: 'aws-cdk-lib',
  Construct: 'constructs',
  Duration: 'aws-cdk-lib',
  RemovalPolicy: 'aws-cdk-lib',
  RetentionDays: 'aws-cdk-lib/aws-logs',
  Stack: 'aws-cdk-lib',
};

/** Things that exist already where a fence begins. */
const VALUES: Record<string, string> = {
  app: 'import(\'aws-cdk-lib\').App',
  stack: 'import(\'aws-cdk-lib\').Stack',
  testStack: 'import(\'aws-cdk-lib\').Stack',
  certificate: 'import(\'aws-cdk-lib/aws-certificatemanager\').ICertificate',
  alarmTopic: 'import(\'aws-cdk-lib/aws-sns\').Topic',
  pagerTopic: 'import(\'aws-cdk-lib/aws-sns\').Topic',
  table: 'import(\'aws-cdk-lib/aws-dynamodb\').TableV2',
  api: 'import(\'trinity-constructs\').ServerlessApi',
  auth: 'import(\'trinity-constructs\').AuthService',
  rooms: 'import(\'trinity-constructs\').RoomService',
  voting: 'import(\'trinity-constructs\').VotingPipeline',
};

/** The lines that a fence needs before it, given the names that the library exports. They stand in one line, so that line numbers differ by one. */
export function preamble(fence: string, exported: readonly string[]): string {
  const own = new Set([...fence.matchAll(/\b(?:const|let|class|interface|function|enum|type)\s+([A-Za-z_]\w*)/g)].map(([, name]) => name));
  for (const [, names] of fence.matchAll(/import\s+(?:type\s+)?\{([^}]*)\}/g)) {
    for (const name of names.split(',')) own.add(name.replace(/^\s*type\s+/, '').split(' as ').at(-1)!.trim());
  }
  for (const [, name] of fence.matchAll(/(?:const|let)\s+\{\s*([^}]+?)\s*\}/g)) for (const part of name.split(',')) own.add(part.split(':').at(-1)!.trim());
  const used = (name: string) => !own.has(name) && new RegExp(`(?<![.\\w'"/-])${name}\\b`).test(fence);
  return [
    ...exported.filter(used).map((name) => `import { ${name} } from 'trinity-constructs';`),
    ...Object.entries(NAMED).filter(([name]) => used(name)).map(([name, from]) => `import { ${name} } from '${from}';`),
    ...Object.entries(CDK_MODULES).filter(([name]) => used(name)).map(([name, module]) => `import * as ${name} from 'aws-cdk-lib/${module}';`),
    ...Object.entries(VALUES).filter(([name]) => used(name)).map(([name, type]) => `declare const ${name}: ${type};`),
    'export {};',
  ].join(' ');
}
