import { documents, writeIfChanged } from './documents';

/** `npm run docs`: writes every document that is made from the code. A test holds them against the code. */
const changed = documents().filter(writeIfChanged);
console.log(changed.length === 0 ? 'Documents are current.' : changed.map(({ path }) => `Wrote ${path}`).join('\n'));
