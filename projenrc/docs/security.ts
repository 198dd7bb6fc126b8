import { NOTICE, table } from './markdown';
import { NOT_DEFENDED, type TestReference, THREATS } from './threats';

/** The threat table. `test/docs/security.test.ts` holds every test that it names against the sources. */
export function security(): string {
  const areas = [...new Set(THREATS.map(({ area }) => area))];
  return [
    NOTICE,
    '',
    '# Security: threats and the tests that show the defence',
    '',
    'Each row names a threat, what the library does about it, and the tests that show it. A test of the project fails if a',
    'test that is named here no longer exists, is skipped, or has another title. How to report a vulnerability: [SECURITY.md](../SECURITY.md).',
    '',
    ...areas.flatMap((area) => [
      `## ${area}`,
      '',
      table(['Threat', 'What the library does', 'Shown by'], THREATS.filter((threat) => threat.area === area)
        .map(({ threat, defence, tests }) => [threat, defence, tests.map(link).join('<br>')])),
      '',
    ]),
    '## Not defended',
    '',
    table(['Threat', 'What you can do'], NOT_DEFENDED.map(({ threat, instead }) => [threat, instead])),
    '',
  ].join('\n');
}

function link({ file, title }: TestReference): string {
  return `[${title}](../${file})`;
}
