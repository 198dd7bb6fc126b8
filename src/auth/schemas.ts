/** The JSON Schemas (2020-12) of the auth endpoints: compiled into the handlers at build time, published in the OpenAPI document. */

/**
 * Characters that no address has. `"victim"@…`, `victim(1)@…` and `<victim@…>` are other ways to write one mailbox (RFC 5322), so they would make
 * further accounts of it. Control characters, controls of the direction of writing and invisible characters (Default_Ignorable_Code_Point) would
 * reach logs and terminals. Written out, because other languages read the pattern in the OpenAPI document.
 */
const NOT_IN_AN_ADDRESS = '\\s@"(),:;<>\\[\\\\\\]\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffc'
  + '\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}';
const email = { type: 'string', minLength: 3, maxLength: 254, pattern: `^[^${NOT_IN_AN_ADDRESS}]+@[^.${NOT_IN_AN_ADDRESS}]+(\\.[^.${NOT_IN_AN_ADDRESS}]+)+$` };
// The policy itself is Cognito's to judge; 256 is the longest password that it takes.
const password = { type: 'string', minLength: 1, maxLength: 256 };
/** As it is written by this API. The user pool takes longer names, from whoever has a token. */
export const MAX_DISPLAY_NAME_LENGTH = 64;
const displayName = { 'type': 'string', 'minLength': 1, 'maxLength': MAX_DISPLAY_NAME_LENGTH, 'x-text': true };
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
