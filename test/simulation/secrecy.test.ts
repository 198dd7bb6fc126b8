import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../lambda/shared/api';
import { logErrorsOnly } from '../../lambda/shared/log-errors';
import { run } from './run';

const VOTING = join(__dirname, '..', '..', 'lambda', 'voting');
const HISTORIES = 60;
/** An option of any poll of the simulation, by itself or in a count. No id, name or message of it looks like one. */
const CHOICE = /\bo\d\b/;

/** Lines that need several rare faults at once: they have the lane or the poll, and an error. */
const RARE = ['A marker stays in a tally', 'The announced end of a poll is past, and could not be settled'];

/** Every message that the voting functions can log. */
function messages(): string[] {
  const sources = readdirSync(VOTING).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join(VOTING, name), 'utf8'));
  return sources.flatMap((source) => [...source.matchAll(/log\.(?:info|warn|error)\((.*?), \{/g)].flatMap(([, first]) => [...first.matchAll(/'([^']+)'/g)].map(([, text]) => text)));
}

test('no line of the log of any voting function names a choice, whatever goes wrong', async () => {
  const seen = new Set<string>();
  const telling: string[] = [];
  const write = (message: string, ...extra: Array<Record<string, unknown>>) => {
    seen.add(message);
    const line = JSON.stringify([message, ...extra]);
    if (CHOICE.test(line)) telling.push(line);
  };
  const log: Log = { info: write, warn: write, error: write };
  for (let seed = 1; seed <= HISTORIES; seed += 1) await run({ seed, wiring: { log } });
  expect(telling).toEqual([]);
  // A line that never came proves nothing.
  expect(messages().filter((message) => !seen.has(message) && !RARE.includes(message))).toEqual([]);
}, 240_000);

test('an error is logged without the item that it carries, also as the cause of another one', () => {
  const lines: unknown[] = [];
  const keep = (...line: unknown[]) => void lines.push(line);
  const refused = Object.assign(new Error('The conditional request failed'), {
    name: 'ConditionalCheckFailedException', Item: { choice: { S: 'o1' } }, $metadata: { httpStatusCode: 400, requestId: 'r' },
  });
  logErrorsOnly({ info: keep, warn: keep, error: keep }).error('Failed', { error: new Error('outer', { cause: refused }), lane: 3 });
  const cause = { name: 'ConditionalCheckFailedException', message: refused.message, httpStatusCode: 400, awsRequestId: 'r' };
  expect(lines).toMatchObject([['Failed', { lane: 3, error: { name: 'Error', message: 'outer', cause } }]]);
  expect(JSON.stringify(lines)).not.toMatch(CHOICE);
});
