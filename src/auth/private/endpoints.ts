import type { BundledEndpoint } from '../../private/bundled-endpoint';
import { confirm, login, logout, profile, refresh, register, registered, tokens, updateMe } from '../schemas';

const BEFORE_LOGIN = 'it serves people who have no token yet';

/** The auth endpoints, as the HTTP contract has them. */
export const AUTH_ENDPOINTS = {
  register: {
    id: 'Register',
    route: 'POST /auth/register',
    handler: 'auth/register',
    summary: 'Register an account',
    publicBecause: `Registration: ${BEFORE_LOGIN}.`,
    request: register,
    success: [{ status: 201, description: 'Registered, or registered before: a code is on its way where one is needed.', schema: registered }],
    problems: ['weak-password', 'forbidden', 'too-many-requests'],
  },
  confirm: {
    id: 'Confirm',
    route: 'POST /auth/confirm',
    handler: 'auth/confirm',
    summary: 'Confirm an account with the code of the e-mail',
    publicBecause: `Confirmation: ${BEFORE_LOGIN}.`,
    request: confirm,
    success: [{ status: 204, description: 'Confirmed.' }],
    problems: ['invalid-code', 'forbidden', 'conflict', 'too-many-requests'],
  },
  login: {
    id: 'Login',
    route: 'POST /auth/login',
    handler: 'auth/login',
    summary: 'Log in',
    publicBecause: `Login: ${BEFORE_LOGIN}.`,
    request: login,
    success: [{ status: 200, description: 'Logged in.', schema: tokens }],
    problems: ['invalid-credentials', 'mfa-required', 'not-confirmed', 'forbidden', 'too-many-requests'],
  },
  refresh: {
    id: 'Refresh',
    route: 'POST /auth/refresh',
    handler: 'auth/refresh',
    summary: 'Exchange a refresh token for new tokens',
    publicBecause: 'Refresh: it serves people whose token has expired; the refresh token is the proof.',
    request: refresh,
    success: [{ status: 200, description: 'New tokens; a new refresh token where it was rotated.', schema: tokens }],
    problems: ['invalid-refresh-token', 'forbidden', 'too-many-requests'],
  },
  logout: {
    id: 'Logout',
    route: 'POST /auth/logout',
    handler: 'auth/logout',
    summary: 'Log out: the refresh token, and the access tokens made from it, are worth nothing afterwards',
    publicBecause: 'Logout: it must work when the access token has expired; the refresh token is the proof.',
    request: logout,
    success: [{ status: 204, description: 'Logged out, or logged out before.' }],
    problems: ['too-many-requests'],
  },
  me: {
    id: 'Me',
    route: 'GET /me',
    handler: 'auth/me',
    summary: 'Who am I',
    success: [{ status: 200, description: 'The caller\'s profile.', schema: profile }],
    problems: ['forbidden', 'too-many-requests'],
  },
  updateMe: {
    id: 'UpdateMe',
    route: 'PATCH /me',
    handler: 'auth/update-me',
    summary: 'Change my profile',
    request: updateMe,
    success: [{ status: 200, description: 'The changed profile.', schema: profile }],
    problems: ['forbidden', 'too-many-requests'],
  },
  deleteMe: {
    id: 'DeleteMe',
    route: 'DELETE /me',
    handler: 'auth/delete-me',
    summary: 'Delete my account',
    success: [{ status: 204, description: 'Deleted.' }],
    problems: ['forbidden', 'too-many-requests'],
  },
} as const satisfies Record<string, BundledEndpoint>;
