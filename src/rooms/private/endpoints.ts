import type { BundledEndpoint } from '../../private/bundled-endpoint';
import { createRoom, joinRoom, room, roomPage } from '../schemas';

/** The rooms endpoints, as the HTTP contract has them. */
export const ROOMS_ENDPOINTS = {
  create: {
    id: 'Create',
    route: 'POST /rooms',
    handler: 'rooms/create',
    summary: 'Create a room',
    request: createRoom,
    success: [{ status: 201, description: 'Created; `Location` names it.', schema: room }],
    creates: true,
  },
  list: {
    id: 'List',
    route: 'GET /rooms',
    handler: 'rooms/list',
    summary: 'List my rooms, the newest first',
    success: [{ status: 200, description: 'A page of the caller\'s rooms.', schema: roomPage }],
    paged: true,
  },
  get: {
    id: 'Get',
    route: 'GET /rooms/{roomId}',
    handler: 'rooms/get',
    summary: 'Get a room that I am a member of',
    success: [{ status: 200, description: 'The room.', schema: room }],
    problems: ['not-found'],
  },
  join: {
    id: 'Join',
    route: 'POST /rooms/join',
    handler: 'rooms/join',
    summary: 'Join a room by its invite code',
    request: joinRoom,
    success: [{ status: 200, description: 'The room; joining twice is the same as once.', schema: room }],
    problems: ['not-found', 'too-many-requests'],
  },
} as const satisfies Record<string, BundledEndpoint>;
