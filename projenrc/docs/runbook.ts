import { type Procedure, PROCEDURES, RUNBOOK, type RunbookKey, type RunbookSection, type SilentWhen } from '../../src/private/runbook';
import { NOTICE } from './markdown';

/** One section an alarm. Its anchor is the key that the alarm's description links to, so it is written out, not left to the heading. */
export function runbook(): string {
  const sections = Object.entries<RunbookSection>(RUNBOOK);
  return [
    NOTICE,
    '',
    '# Runbook',
    '',
    'Every alarm of this library links to its section here. Its description begins with its severity: `[page]` where people are',
    'affected now, `[ticket]` where working hours are soon enough. To have alarms link to your own runbook instead, give it as',
    '`runbookUrl` of `Monitoring.to` and keep the names of the sections.',
    '',
    ...sections.map(([key, { title }]) => `- [${title}](#${key})`),
    ...PROCEDURES.map(({ title }) => `- [${title}](#${title.toLowerCase().replace(/ /g, '-')})`),
    '',
    'No alarm at all reaches anybody when the topic has no subscription, when `Monitoring.none` was chosen, or when CloudWatch or SNS',
    'fail in the region. Subscribe a second channel, and test it. What else makes an alarm silent is said in its section.',
    '',
    ...sections.flatMap(([key, section]) => body(key, section)),
    ...PROCEDURES.flatMap(procedure),
  ].join('\n');
}

function body(key: string, { title, meaning, look, mend, silentWhen }: RunbookSection): string[] {
  return [
    `<a id="${key}"></a>`,
    '',
    `## ${title}`,
    '',
    meaning,
    '',
    '**Look**',
    '',
    ...look.map((step, index) => `${index + 1}. ${step}`),
    '',
    '**Mend**',
    '',
    ...mend.map((step) => `- ${step}`),
    '',
    '**Silent when**',
    '',
    ...silentWhen.map(silence),
    '',
  ];
}

function procedure({ title, meaning, steps, afterwards }: Procedure): string[] {
  return [
    `## ${title}`,
    '',
    meaning,
    '',
    '**Do**',
    '',
    ...steps.map((step, index) => `${index + 1}. ${step}`),
    '',
    '**Know**',
    '',
    ...afterwards.map((line) => `- ${line}`),
    '',
  ];
}

function silence({ condition, coveredBy, accepted }: SilentWhen): string {
  const gap = coveredBy === undefined ? accepted : `[${RUNBOOK[coveredBy as RunbookKey].title}](#${coveredBy}) rings.`;
  return `- ${condition} → ${gap}`;
}
