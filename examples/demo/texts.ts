import type { Outcome } from './play';
import type { LocalResource } from 'trinity-constructs/local';

const KINDS: Record<string, string> = {
  'AWS::Lambda::Function': 'functions',
  'AWS::IAM::Role': 'roles',
  'AWS::ApiGatewayV2::Route': 'routes',
  'AWS::DynamoDB::GlobalTable': 'tables',
  'AWS::CloudWatch::Alarm': 'alarms',
  'AWS::SQS::Queue': 'queues',
  'AWS::Cognito::UserPool': 'user pools',
  'AWS::Logs::LogGroup': 'log groups',
};

/** How many of which kind, by the construct that they belong to. */
export function resourcesByArea(resources: LocalResource[]): Array<readonly [string, string]> {
  const areas = new Map<string, Map<string, number>>();
  for (const { type, path } of resources) {
    const area = path?.split('/')[2] ?? 'the stack';
    const kinds = areas.get(area) ?? new Map<string, number>();
    const kind = KINDS[type] ?? 'others';
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    areas.set(area, kinds);
  }
  return [...areas].filter(([, kinds]) => [...kinds.keys()].some((kind) => kind !== 'others')).map(([area, kinds]) => [
    area, [...kinds].sort(([a], [b]) => Number(a === 'others') - Number(b === 'others')).map(([kind, count]) => `${count} ${kind}`).join(', '),
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
  ];
}
