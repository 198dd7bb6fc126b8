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

/** The text of the first element of this name. */
export function element(xml: string, name: string): string | undefined {
  const content = elements(xml, name)[0];
  return content === undefined ? undefined : unescape(content);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescape(text: string): string {
  if (text.includes('<')) return text;
  return text.replace(/&(?:(lt|gt|quot|apos|amp)|#(\d+)|#x([0-9a-f]+));/gi, (_, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return ENTITIES[name];
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal));
  });
}
