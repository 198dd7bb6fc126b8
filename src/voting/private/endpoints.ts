import type { BundledEndpoint } from '../../private/bundled-endpoint';
import { ballotPage, castVote, createPoll, poll, pollPage, results, vote } from '../schemas';

/** Which of its two fields a vote has is for its logic to refuse, which names the field; the document says it by two forms. */
function published({ properties: { optionId, optionIds }, description }: typeof castVote) {
  const one = (properties: Record<string, object>) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });
  return { description, oneOf: [one({ optionId }), one({ optionIds })] };
}

/** The voting endpoints, as the HTTP contract has them. */
export const VOTING_ENDPOINTS = {
  createPoll: {
    id: 'CreatePoll',
    route: 'POST /rooms/{roomId}/polls',
    handler: 'voting/create-poll',
    summary: 'Open a poll in a room',
    request: createPoll,
    success: [{ status: 201, description: 'Opened; `Location` names it.', schema: poll }],
    problems: ['not-found'],
    creates: true,
  },
  listPolls: {
    id: 'ListPolls',
    route: 'GET /rooms/{roomId}/polls',
    handler: 'voting/list-polls',
    summary: 'List the polls of a room, the newest first',
    success: [{ status: 200, description: 'A page of the room\'s polls.', schema: pollPage }],
    problems: ['not-found'],
    paged: true,
  },
  getPoll: {
    id: 'GetPoll',
    route: 'GET /rooms/{roomId}/polls/{pollId}',
    handler: 'voting/get-poll',
    summary: 'Get a poll',
    success: [{ status: 200, description: 'The poll.', schema: poll }],
    problems: ['not-found'],
  },
  castVote: {
    id: 'CastVote',
    route: 'POST /rooms/{roomId}/polls/{pollId}/votes',
    handler: 'voting/cast-vote',
    summary: 'Vote',
    request: published(castVote),
    success: [
      { status: 201, description: 'The caller\'s first vote in this poll.', schema: vote },
      { status: 200, description: 'The same vote again, or changed where the poll allows it.', schema: vote },
      { status: 202, description: 'Accepted under that time, and counted later.', schema: vote },
    ],
    problems: ['not-found', 'already-voted', 'poll-not-open', 'poll-closed'],
  },
  results: {
    id: 'Results',
    route: 'GET /rooms/{roomId}/polls/{pollId}/results',
    handler: 'voting/results',
    summary: 'Get the results so far',
    success: [{ status: 200, description: 'The votes by option. `version` rises with every change; `Age` is how old they are, in seconds.', schema: results }],
    problems: ['not-found', 'results-hidden'],
    query: [{ name: 'atLeast', description: 'The `version` of results that the client has: they are not given as they were before it.', schema: { type: 'integer', minimum: 0, maximum: 999_999_999_999_999 } }],
  },
  listBallots: {
    id: 'ListBallots',
    route: 'GET /rooms/{roomId}/polls/{pollId}/ballots',
    handler: 'voting/list-ballots',
    summary: 'List who voted what, where the poll is not secret: for its creator and the owner of the room',
    success: [{ status: 200, description: 'A page of the ballots that stand.', schema: ballotPage }],
    problems: ['not-found', 'forbidden', 'secret-ballot'],
    paged: true,
  },
  closePoll: {
    id: 'ClosePoll',
    route: 'POST /rooms/{roomId}/polls/{pollId}/close',
    handler: 'voting/close-poll',
    summary: 'Close a poll: after the answer no vote is accepted',
    success: [{ status: 200, description: 'The closed poll; closing twice is the same as once.', schema: poll }],
    problems: ['not-found', 'forbidden'],
  },
} as const satisfies Record<string, BundledEndpoint>;
