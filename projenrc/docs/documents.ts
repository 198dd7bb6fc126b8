import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problems } from './problems';
import { runbook } from './runbook';
import { security } from './security';
import { stageTable } from './stages';

const ROOT = join(__dirname, '..', '..');

/** A file that is made from the code, or has a part that is. */
export interface Document {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** Every document as the code has it now. */
export function documents(): Document[] {
  return [
    { path: 'docs/runbook.md', text: runbook() },
    { path: 'docs/problems.md', text: problems() },
    { path: 'docs/security.md', text: security() },
    withPart('src/stage/README.md', 'stages', stageTable()),
  ];
}

/** Leaves a file alone that is right already, so that nothing that watches it begins anew. */
export function writeIfChanged({ path, text }: Document): boolean {
  const file = join(ROOT, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return true;
}

/** A document written by hand, with what stands between `<!-- name:begin -->` and `<!-- name:end -->` made anew. */
function withPart(path: string, name: string, part: string): Document {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no '${begin}' … '${end}' for the part that is made from the code`);
  return { path, text: `${text.slice(0, from + begin.length)}\n${part}\n${text.slice(to)}` };
}
