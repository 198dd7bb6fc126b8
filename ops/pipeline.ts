import type { VotingOperations } from '../src/voting/contract';
import { OpsError } from './errors';

/** One voting pipeline of a deployed stack. */
export interface Pipeline {
  /** What `--pipeline` takes: the key of its output without the ending. */
  readonly name: string;
  readonly operations: VotingOperations;
}

/** Whose dead letters: of counting (the table's stream) or of the overflow queue. */
export type QueueName = 'count' | 'overflow';

/** CDK ends the key of an output of a construct with eight digits of a hash. */
const OUTPUT = /^(.*)Operations(?:[0-9A-F]{8})?$/;

/** The pipelines that the outputs of one stack name. */
export function pipelinesIn(outputs: Readonly<Record<string, string>>): Pipeline[] {
  return Object.entries(outputs).flatMap(([key, value]) => read(key, value));
}

/** Gives pipelines of nested stacks that are called alike the names of their stacks as well. */
export function withStackNames(found: ReadonlyArray<{ readonly nestedStack: string; readonly pipeline: Pipeline }>): Pipeline[] {
  const names = found.map(({ pipeline }) => pipeline.name);
  return found.map(({ nestedStack, pipeline }) => (
    names.filter((name) => name === pipeline.name).length === 1 ? pipeline : { ...pipeline, name: `${nestedStack}/${pipeline.name}` }
  ));
}

/** Whether one of the pipelines is meant: the one that is named, or any if none is. */
export function isAmong(pipelines: readonly Pipeline[], wanted?: string): boolean {
  return wanted === undefined ? pipelines.length > 0 : pipelines.some(({ name }) => isCalled(name, wanted));
}

/** The pipeline that is meant: the only one of the stack, or the one that is named. */
export function choosePipeline(stack: string, found: readonly Pipeline[], wanted?: string): Pipeline {
  const pipelines = [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = pipelines.map(({ name }) => name).join(', ');
  if (pipelines.length === 0) {
    throw new OpsError(
      `The stack ${stack} has no voting pipeline: none of its outputs is called '…Operations', nor is one of its nested stacks'.`,
      'Name the stack that the VotingPipeline is defined in; one that was deployed by an older version has to be deployed again first.',
    );
  }
  if (wanted === undefined) {
    if (pipelines.length === 1) return pipelines[0];
    throw new OpsError(`The stack ${stack} has ${pipelines.length} voting pipelines.`, `Choose one with --pipeline: ${names}.`);
  }
  const chosen = pipelines.find(({ name }) => isCalled(name, wanted));
  if (chosen === undefined) throw new OpsError(`The stack ${stack} has no pipeline '${wanted}'.`, `There is ${names}.`);
  return chosen;
}

function isCalled(name: string, wanted: string): boolean {
  return name.toLowerCase() === wanted.toLowerCase();
}

/** The URL of the dead letters that are meant. */
export function deadLettersOf({ name, operations }: Pipeline, queue: QueueName): string {
  const url = queue === 'count' ? operations.countDeadLetters : operations.overflowDeadLetters;
  if (url !== undefined) return url;
  throw new OpsError(`${name} has no overflow queue: it was defined with Ingestion.direct().`, 'Only --queue count has dead letters there.');
}

function read(key: string, value: string): Pipeline[] {
  const [, prefix] = OUTPUT.exec(key) ?? [];
  const operations = prefix === undefined ? undefined : parse(value);
  if (operations === undefined) return [];
  if (operations.v !== 1) {
    throw new OpsError(`${key} was written by another version of trinity-constructs (form ${String(operations.v)}).`, 'Use the trinity-ops of the version that the stack was deployed with.');
  }
  return [{ name: prefix === '' ? 'Operations' : prefix, operations: operations as VotingOperations }];
}

/** An output of another make may end the same. */
function parse(value: string): { readonly v: unknown } | undefined {
  try {
    const parsed = JSON.parse(value) as Partial<VotingOperations> | null;
    return parsed !== null && typeof parsed === 'object' && 'v' in parsed && 'recountFunction' in parsed ? parsed as { v: unknown } : undefined;
  } catch {
    return undefined;
  }
}
