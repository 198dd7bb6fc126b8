import type { DeployedState } from '../run/state';
import type { Style } from '../terminal/style';
import { table, wrap } from '../terminal/table';
import { shortList } from '../terminal/words';
import type { Difference } from '../types';

/** What is comfortable to read, on terminals that are wider, too. */
const COLUMNS = 110;

/** The table of what was deployed: where it answers, what came out, and what is not as on AWS. */
export function describeCloud(cloud: DeployedState, style: Style): string[] {
  const lines: string[] = [];
  const stacks = Object.entries(cloud.outputs);
  const of = (items: ReadonlyArray<{ readonly stack: string }>, stack: string): number => items.filter((item) => item.stack === stack).length;
  lines.push(style.bold('Stacks'), ...table(stacks.map(([stack]) => [style.cyan(stack), plural(of(cloud.functions, stack), 'function')])));
  if (cloud.urls.length > 0) {
    lines.push('', style.bold('URLs'), ...table(cloud.urls.map(({ name, kind, url }) => [name, style.dim(kind), url])));
  }
  const outputs = stacks.flatMap(([stack, values]) => Object.entries(values).flatMap(([key, value]) => {
    const raw = cloud.rawOutputs[stack]?.[key];
    // Where a URL was translated, what CloudFormation has is what the app's functions see.
    return [[`${stack}.${key}`, value], ...(raw === undefined || raw === value ? [] : [['', style.dim(`CloudFormation has ${raw}`)]])];
  }));
  if (outputs.length > 0) lines.push('', style.bold('Outputs'), ...table(outputs));
  lines.push(...describeDifferences('Stood in for', cloud.standIns, style), ...describeDifferences('Left out', cloud.leftOut, style));
  lines.push('', style.bold('Use it'), ...table([
    ['endpoint', `${cloud.endpoint}; in a shell: eval "$(npx trinity-local env)", which has this run's key and secret`],
    ['functions', `run on Node ${process.versions.node} of this machine, whatever runtime they name; IAM is enforced`],
  ]));
  return lines;
}

/** One line a reason, and the resources that it is about. */
function describeDifferences(title: string, differences: readonly Difference[], style: Style): string[] {
  if (differences.length === 0) return [];
  const reasons = new Map<string, Difference[]>();
  for (const difference of differences) {
    const key = `${difference.type}\n${difference.why}\n${difference.differs}`;
    reasons.set(key, [...reasons.get(key) ?? [], difference]);
  }
  const rows = [...reasons.values()].flatMap((same) => [
    `  ${style.yellow(same[0].type)} ${style.dim(shortList(same.map(({ path, logicalId }) => path ?? logicalId)))}`,
    ...wrap(`${same[0].why} ${same[0].differs}`, '    ', COLUMNS),
  ]);
  return ['', `${style.bold(title)} ${style.dim(`(${plural(differences.length, 'resource')})`)}`, ...rows];
}

export function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
