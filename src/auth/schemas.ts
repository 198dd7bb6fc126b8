/** The JSON Schemas (2020-12) of the auth endpoints: compiled into the handlers at build time, published in the OpenAPI document. */
const email = { type: 'string', minLength: 3, maxLength: 254, pattern: '^[^\\s@\\u0000-\\u001f]+@[^\\s@.\\u0000-\\u001f]+(\\.[^\\s@.\\u0000-\\u001f]+)+$' };
// The policy itself is Cognito's to judge; 256 is the longest password that it takes.
const password = { type: 'string', minLength: 1, maxLength: 256 };
const displayName = { 'type': 'string', 'minLength': 1, 'maxLength': 64, 'x-text': true };
const code = { type: 'string', pattern: '^[0-9]{6}$' };
const token = { type: 'string', minLength: 1, maxLength: 8192, pattern: '^[A-Za-z0-9_.=-]+$' };

export const register = {
  type: 'object',
  // Password and name may come along, so that a form for all three can send it as it is; they are set by the confirmation.
  properties: { email, password, displayName },
  required: ['email'],
  additionalProperties: false,
};

export const confirm = {
  type: 'object',
  properties: { email, code, password, displayName },
  required: ['email', 'code', 'password'],
  additionalProperties: false,
};

export const forgotPassword = {
  type: 'object',
  properties: { email },
  required: ['email'],
  additionalProperties: false,
};

export const resetPassword = {
  type: 'object',
  properties: { email, code, password },
  required: ['email', 'code', 'password'],
  additionalProperties: false,
};

export const login = {
  type: 'object',
  properties: { email, password, mfaCode: { type: 'string', pattern: '^[0-9]{6}$' } },
  required: ['email', 'password'],
  additionalProperties: false,
};

export const refresh = {
  type: 'object',
  properties: { refreshToken: token },
  required: ['refreshToken'],
  additionalProperties: false,
};

export const logout = refresh;

export const updateMe = {
  type: 'object',
  properties: { displayName },
  required: ['displayName'],
  additionalProperties: false,
};

export const registered = {
  type: 'object',
  properties: { confirmationRequired: { type: 'boolean' } },
  required: ['confirmationRequired'],
};

export const tokens = {
  type: 'object',
  properties: {
    accessToken: { type: 'string' },
    idToken: { type: 'string' },
    refreshToken: { type: 'string' },
    expiresIn: { type: 'integer' },
    tokenType: { type: 'string' },
  },
  required: ['accessToken', 'idToken', 'expiresIn', 'tokenType'],
};

export const profile = {
  type: 'object',
  properties: { userId: { type: 'string' }, email: { type: 'string' }, displayName: { type: 'string' } },
  required: ['userId', 'email'],
};
