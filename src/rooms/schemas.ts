/** The JSON Schemas (2020-12) of the rooms endpoints: compiled into the handlers at build time, published in the OpenAPI document. */
export const createRoom = {
  type: 'object',
  properties: { name: { 'type': 'string', 'minLength': 1, 'maxLength': 100, 'x-text': true } },
  required: ['name'],
  additionalProperties: false,
};

export const joinRoom = {
  type: 'object',
  properties: { inviteCode: { type: 'string', minLength: 1, maxLength: 64 } },
  required: ['inviteCode'],
  additionalProperties: false,
};

export const room = {
  type: 'object',
  properties: {
    roomId: { type: 'string' },
    name: { type: 'string' },
    inviteCode: { type: 'string' },
    ownerId: { type: 'string' },
    createdAt: { type: 'string', format: 'date-time' },
  },
  required: ['roomId', 'name', 'inviteCode', 'ownerId', 'createdAt'],
};

export const roomPage = {
  type: 'object',
  properties: { items: { type: 'array', items: room }, nextCursor: { type: 'string' } },
  required: ['items'],
};
