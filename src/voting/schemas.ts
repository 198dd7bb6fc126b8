/** The JSON Schemas (2020-12) of the voting endpoints: compiled into the handlers at build time, published in the OpenAPI document. */
const line = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength, pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]+$' });

export const createPoll = {
  type: 'object',
  properties: {
    question: line(300),
    options: { type: 'array', minItems: 2, maxItems: 20, uniqueItems: true, items: line(100) },
    revote: { type: 'boolean' },
  },
  required: ['question', 'options'],
  additionalProperties: false,
};

export const castVote = {
  type: 'object',
  properties: { optionId: { type: 'string', minLength: 1, maxLength: 16 } },
  required: ['optionId'],
  additionalProperties: false,
};

const status = { type: 'string', enum: ['open', 'closed'] };

export const poll = {
  type: 'object',
  properties: {
    pollId: { type: 'string' },
    roomId: { type: 'string' },
    question: { type: 'string' },
    options: {
      type: 'array',
      items: { type: 'object', properties: { optionId: { type: 'string' }, text: { type: 'string' } }, required: ['optionId', 'text'] },
    },
    revote: { type: 'boolean' },
    status,
    createdBy: { type: 'string' },
    createdAt: { type: 'string', format: 'date-time' },
    closedAt: { type: 'string', format: 'date-time' },
  },
  required: ['pollId', 'roomId', 'question', 'options', 'revote', 'status', 'createdBy', 'createdAt'],
};

export const pollPage = {
  type: 'object',
  properties: { items: { type: 'array', items: poll }, nextCursor: { type: 'string' } },
  required: ['items'],
};

export const vote = {
  type: 'object',
  properties: { pollId: { type: 'string' }, optionId: { type: 'string' }, acceptedAt: { type: 'string', format: 'date-time' } },
  required: ['pollId', 'optionId', 'acceptedAt'],
};

export const results = {
  type: 'object',
  properties: {
    pollId: { type: 'string' },
    status,
    counts: { type: 'object', additionalProperties: { type: 'integer' } },
    total: { type: 'integer' },
    version: { type: 'integer' },
  },
  required: ['pollId', 'status', 'counts', 'total', 'version'],
};
