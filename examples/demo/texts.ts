import type { Outcome } from './play';
import type { LocalResource } from 'trinity-constructs/local';

const KINDS: Record<string, string> = {
  'AWS::Lambda::Function': 'function',
  'AWS::IAM::Role': 'role',
  'AWS::ApiGatewayV2::Route': 'route',
  'AWS::DynamoDB::GlobalTable': 'table',
  'AWS::CloudWatch::Alarm': 'alarm',
  'AWS::SQS::Queue': 'queue',
  'AWS::Cognito::UserPool': 'user pool',
  'AWS::Logs::LogGroup': 'log group',
};

/** How many of which kind, by the construct that they belong to. */
export function resourcesByArea(resources: LocalResource[]): Array<readonly [string, string]> {
  const areas = new Map<string, Map<string, number>>();
  for (const { type, path } of resources) {
    const area = path?.split('/')[2] ?? 'the stack';
    const kinds = areas.get(area) ?? new Map<string, number>();
    const kind = KINDS[type] ?? 'other';
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    areas.set(area, kinds);
  }
  return [...areas].filter(([, kinds]) => [...kinds.keys()].some((kind) => kind !== 'other')).map(([area, kinds]) => [
    area, [...kinds].sort(([a], [b]) => Number(a === 'other') - Number(b === 'other')).map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`).join(', '),
  ] as const);
}

/** Lines that work when they are pasted into another terminal. */
export function tryLines(url: string, { roomId, pollId, owner }: Outcome): string[] {
  const json = '-H \'content-type: application/json\'';
  return [
    '',
    `  export API='${url}' TOKEN='${owner.token}'`,
    '  curl -s $API/me -H "authorization: Bearer $TOKEN"; echo',
    '  curl -s $API/rooms -H "authorization: Bearer $TOKEN"; echo',
    `  curl -s $API/rooms/${roomId}/polls/${pollId}/results -H "authorization: Bearer $TOKEN"; echo`,
    `  curl -s $API/rooms -H "authorization: Bearer $TOKEN" ${json} -d '{"name":"My room"}'; echo`,
    `  curl -si $API/rooms -H "authorization: Bearer $TOKEN" ${json} -d '{"name":"","colour":"red"}'; echo`,
    '',
    `  $TOKEN is the access token of ${owner.name}. It expires after 15 minutes: the answers are 401 then, and the demo has to be run again.`,
    '',
  ];
}
