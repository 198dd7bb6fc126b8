/** The JSON Schemas (2020-12) of the voting endpoints: compiled into the handlers at build time, published in the OpenAPI document. */
const line = (maxLength: number) => ({ 'type': 'string', 'minLength': 1, maxLength, 'x-text': true });

/** The format is for clients; the pattern is checked, without a library, and says what a time without a zone lacks. */
const time = (description: string) => ({
  type: 'string', format: 'date-time', description, pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
});
const optionId = { type: 'string', minLength: 1, maxLength: 16 };
const visibility = { type: 'string', enum: ['always', 'after-vote', 'after-close'] };

export const createPoll = {
  type: 'object',
  properties: {
    question: line(300),
    options: { 'type': 'array', 'minItems': 2, 'maxItems': 20, 'x-distinct-texts': true, 'items': line(100) },
    revote: { type: 'boolean', description: 'Whether a later vote takes the place of an earlier one. Default: false.' },
    maxChoices: { type: 'integer', minimum: 1, maximum: 20, description: 'How many options one vote may choose. Default: 1.' },
    opensAt: time('From when on it takes votes: RFC 3339, with a zone. Default: at once.'),
    closesAt: time('When it closes by itself: RFC 3339, with a zone, in the future and after opensAt. Default: when somebody closes it.'),
    secret: { type: 'boolean', description: 'Whether nobody learns who voted what. Default: true.' },
    visibility: { ...visibility, description: 'From when on a member of the room sees the results. Default: always.' },
  },
  required: ['question', 'options'],
  additionalProperties: false,
};

export const castVote = {
  type: 'object',
  description: 'Either optionId or optionIds.',
  properties: { optionId, optionIds: { type: 'array', minItems: 1, maxItems: 20, uniqueItems: true, items: optionId } },
  additionalProperties: false,
};

const status = { type: 'string', enum: ['scheduled', 'open', 'closed'] };
const moment = { type: 'string', format: 'date-time' };
/** `optionId` where the poll takes one choice, `optionIds` where it takes several. */
const chosen = { optionId: { type: 'string' }, optionIds: { type: 'array', items: { type: 'string' } } };

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
    maxChoices: { type: 'integer' },
    secret: { type: 'boolean' },
    visibility,
    status,
    createdBy: { type: 'string' },
    createdAt: moment,
    opensAt: moment,
    closesAt: moment,
    closedAt: moment,
  },
  required: ['pollId', 'roomId', 'question', 'options', 'revote', 'maxChoices', 'secret', 'visibility', 'status', 'createdBy', 'createdAt'],
};

export const pollPage = {
  type: 'object',
  properties: { items: { type: 'array', items: poll }, nextCursor: { type: 'string' } },
  required: ['items'],
};

export const vote = {
  type: 'object',
  properties: { pollId: { type: 'string' }, ...chosen, acceptedAt: moment },
  required: ['pollId', 'acceptedAt'],
};

export const ballotPage = {
  type: 'object',
  properties: {
    items: {
      type: 'array',
      items: { type: 'object', properties: { userId: { type: 'string' }, ...chosen, acceptedAt: moment }, required: ['userId', 'acceptedAt'] },
    },
    nextCursor: { type: 'string' },
  },
  required: ['items'],
};

export const results = {
  type: 'object',
  properties: {
    pollId: { type: 'string' },
    status,
    counts: { type: 'object', additionalProperties: { type: 'integer' } },
    total: { type: 'integer' },
    version: { type: 'integer' },
    asOf: moment,
  },
  required: ['pollId', 'status', 'counts', 'total', 'version', 'asOf'],
};
