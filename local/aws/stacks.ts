import type { LocalResource } from '../types';
import type { AwsClient } from './client';

const VERSION = '2010-05-15';

/** Every resource of a deployed stack. */
export async function listResources(aws: AwsClient, stack: string): Promise<LocalResource[]> {
  const resources: LocalResource[] = [];
  let next: string | undefined;
  do {
    const xml = await aws.query('cloudformation', 'ListStackResources', VERSION, { StackName: stack, ...(next === undefined ? {} : { NextToken: next }) });
    for (const member of elements(xml, 'member')) {
      const physicalId = element(member, 'PhysicalResourceId');
      if (physicalId === undefined) continue;
      resources.push({ logicalId: element(member, 'LogicalResourceId') ?? '', type: element(member, 'ResourceType') ?? '', physicalId });
    }
    next = element(xml, 'NextToken');
  } while (next !== undefined && next !== '');
  return resources;
}

/** The outputs of a deployed stack by their keys. */
export async function describeOutputs(aws: AwsClient, stack: string): Promise<Record<string, string>> {
  const xml = await aws.query('cloudformation', 'DescribeStacks', VERSION, { StackName: stack });
  const outputs = element(xml, 'Outputs') ?? '';
  return Object.fromEntries(elements(outputs, 'member').map((member) => [element(member, 'OutputKey') ?? '', element(member, 'OutputValue') ?? '']));
}

/** Why the resources of a failed deployment failed, the first cause first. */
export async function failureReasons(aws: AwsClient, stack: string): Promise<string[]> {
  const xml = await aws.query('cloudformation', 'DescribeStackEvents', VERSION, { StackName: stack });
  return elements(xml, 'member')
    .filter((event) => /_FAILED$/.test(element(event, 'ResourceStatus') ?? ''))
    .map((event) => `${element(event, 'LogicalResourceId')} (${element(event, 'ResourceType')}): ${element(event, 'ResourceStatusReason') ?? ''}`)
    .reverse();
}

/** The contents of each element of this name that is not within another of the same name. */
export function elements(xml: string, name: string): string[] {
  const found: string[] = [];
  const tags = new RegExp(`<(/?)${name}(?:\\s[^>]*)?(/?)>`, 'g');
  let depth = 0;
  let from = 0;
  for (let tag = tags.exec(xml); tag !== null; tag = tags.exec(xml)) {
    if (tag[2] === '/') continue;
    if (tag[1] === '') {
      if (depth++ === 0) from = tags.lastIndex;
    } else if (--depth === 0) {
      found.push(xml.slice(from, tag.index));
    }
  }
  return found;
}

function element(xml: string, name: string): string | undefined {
  const content = elements(xml, name)[0];
  return content === undefined ? undefined : unescape(content);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescape(text: string): string {
  return /</.test(text) ? text : text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name])
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
