/** One endpoint as a team would list it for itself: no row of the library is read, a test holds the two lists against each other. */
export interface PeerEndpoint {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** `<area>/<handler>` under `lambda/`. */
  readonly handler: string;
  /** Called without a token: it gets a throttle of its own, as the library's does. */
  readonly open?: boolean;
}

export const AUTH: PeerEndpoint[] = [
  { id: 'Register', method: 'POST', path: '/auth/register', handler: 'auth/register', open: true },
  { id: 'Confirm', method: 'POST', path: '/auth/confirm', handler: 'auth/confirm', open: true },
  { id: 'ForgotPassword', method: 'POST', path: '/auth/forgot-password', handler: 'auth/forgot-password', open: true },
  { id: 'ResetPassword', method: 'POST', path: '/auth/reset-password', handler: 'auth/reset-password', open: true },
  { id: 'Login', method: 'POST', path: '/auth/login', handler: 'auth/login', open: true },
  { id: 'Refresh', method: 'POST', path: '/auth/refresh', handler: 'auth/refresh', open: true },
  { id: 'Logout', method: 'POST', path: '/auth/logout', handler: 'auth/logout', open: true },
  { id: 'Me', method: 'GET', path: '/me', handler: 'auth/me' },
  { id: 'UpdateMe', method: 'PATCH', path: '/me', handler: 'auth/update-me' },
  { id: 'DeleteMe', method: 'DELETE', path: '/me', handler: 'auth/delete-me' },
];

export const ROOMS: PeerEndpoint[] = [
  { id: 'Create', method: 'POST', path: '/rooms', handler: 'rooms/create' },
  { id: 'List', method: 'GET', path: '/rooms', handler: 'rooms/list' },
  { id: 'Get', method: 'GET', path: '/rooms/{roomId}', handler: 'rooms/get' },
  { id: 'Join', method: 'POST', path: '/rooms/join', handler: 'rooms/join' },
];

export const VOTING: PeerEndpoint[] = [
  { id: 'CreatePoll', method: 'POST', path: '/rooms/{roomId}/polls', handler: 'voting/create-poll' },
  { id: 'ListPolls', method: 'GET', path: '/rooms/{roomId}/polls', handler: 'voting/list-polls' },
  { id: 'GetPoll', method: 'GET', path: '/rooms/{roomId}/polls/{pollId}', handler: 'voting/get-poll' },
  { id: 'CastVote', method: 'POST', path: '/rooms/{roomId}/polls/{pollId}/votes', handler: 'voting/cast-vote' },
  { id: 'Results', method: 'GET', path: '/rooms/{roomId}/polls/{pollId}/results', handler: 'voting/results' },
  { id: 'ListBallots', method: 'GET', path: '/rooms/{roomId}/polls/{pollId}/ballots', handler: 'voting/list-ballots' },
  { id: 'ClosePoll', method: 'POST', path: '/rooms/{roomId}/polls/{pollId}/close', handler: 'voting/close-poll' },
];

/** Handlers that answer no route. */
export const AGGREGATE = 'voting/aggregate';
export const DRAIN = 'voting/drain';
export const RECOUNT = 'voting/recount';
