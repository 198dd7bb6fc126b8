import { readFileSync } from 'node:fs';

/** What a template weighs. */
export interface TemplateFigures {
  /** Bytes of the JSON without indentation. */
  readonly bytes: number;
  /** Bytes of the file as the CDK writes it, indented: what CloudFormation's limit of 1 MB counts. */
  readonly bytesAsWritten: number;
  readonly resources: number;
  /** Resources by their type, the most frequent first. */
  readonly byType: Record<string, number>;
  /** The same without alarms and without indentation: what remains where one does not care for them. */
  readonly withoutAlarms: { readonly bytes: number; readonly resources: number };
}

interface Template {
  Resources: Record<string, { Type: string }>;
}

const ALARM = 'AWS::CloudWatch::Alarm';

/** Counts a synthesized template. Nested stacks and assets are not followed: neither system has nested stacks. */
export function countTemplate(text: string): TemplateFigures {
  const template = JSON.parse(text) as Template;
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  const others = Object.entries(template.Resources).filter(([, { Type }]) => Type !== ALARM);
  return {
    bytes: Buffer.byteLength(JSON.stringify(template)),
    bytesAsWritten: Buffer.byteLength(text),
    resources: types.length,
    byType: Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))),
    withoutAlarms: {
      bytes: Buffer.byteLength(JSON.stringify({ ...template, Resources: Object.fromEntries(others) })),
      resources: others.length,
    },
  };
}

export function readTemplate(file: string): TemplateFigures {
  return countTemplate(readFileSync(file, 'utf8'));
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
