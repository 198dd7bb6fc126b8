/** One alarm's section of the runbook: `docs/runbook.md` is made from these, and every alarm's description links to its own. */
export interface RunbookSection {
  readonly title: string;
  /** What people feel when it rings. */
  readonly meaning: string;
  /** What to look at first, in order. */
  readonly look: readonly string[];
  /** What usually mends it. */
  readonly mend: readonly string[];
}

/** Where the runbook is read. */
export const RUNBOOK_URL = 'https://github.com/trinity-constructs/trinity-constructs/blob/main/docs/runbook.md';

export const RUNBOOK = {
  'api-server-errors': {
    title: 'The API answers with server errors',
    meaning: 'More than one request in a hundred gets a 5xx. People see failures; writes were not made by halves and may be repeated.',
    look: [
      'The access log of the API: `filter status >= 500 | stats count(*) by routeKey, integrationError`: which routes, since when.',
      'The log groups of those functions: `filter level = "ERROR"`, by `requestId` of the access log.',
      'The latest deployment: did it begin with one?',
    ],
    mend: [
      'Roll back the deployment that it began with.',
      '503 with `Retry-After` means that a dependency throttles or fails: see the health of DynamoDB and Cognito in the region, and the account\'s quotas.',
    ],
  },
  'api-latency': {
    title: 'The API is slow',
    meaning: 'The slowest twentieth of the requests takes longer than the objective.',
    look: [
      'The access log: `stats pct(responseLatency, 95) by routeKey`: which routes.',
      '`integrationLatency` against `responseLatency`: is it the function, or API Gateway in front of it?',
      'The function\'s REPORT lines: `Init Duration` tells of cold starts, `Max Memory Used` of too little memory.',
    ],
    mend: ['Give the endpoint more memory (it gets more processor with it), or warm capacity (`warmInstances`).', 'Raise `latencyObjective` where the route does slow work by nature.'],
  },
  'endpoint-errors': {
    title: 'Functions crash, time out or run out of memory',
    meaning: 'Requests to one service end in a 500 that API Gateway had to answer itself. Expected failures do not count here: functions answer those.',
    look: [
      'The metrics of the alarm: which function.',
      'Its log group: `filter type = "platform.report" and record.status != "success"`, then the lines of the same `requestId`.',
    ],
    mend: ['Roll back, or mend the function.', 'A timeout: look at the dependency that it waits for first, then at `timeout`.', 'Out of memory: raise `memorySize`.'],
  },
  'endpoint-throttles': {
    title: 'Functions are throttled',
    meaning: 'Lambda had no capacity left for a function: requests were refused with 503, and were not begun.',
    look: ['`ConcurrentExecutions` of the account against its quota.', 'The reserved concurrency of the function, where it has any.'],
    mend: ['Ask for a higher quota of concurrent executions.', 'Raise the function\'s reserved concurrency.', 'Lower the API\'s throttle where the load is not wanted.'],
  },
  'endpoint-latency': {
    title: 'One endpoint is slow',
    meaning: 'The slowest twentieth of one endpoint\'s invocations takes longer than its own objective.',
    look: ['The function\'s traces: which call takes the time.', '`Init Duration` in its REPORT lines: are these cold starts?'],
    mend: ['More memory, warm capacity, or a faster dependency.', 'Raise `latencyObjective` where the work is slow by nature.'],
  },
  'voting-dead-letters': {
    title: 'Ballots could not be counted',
    meaning: 'Changes of ballots are missing from the results. The ballots themselves were accepted and are safe in the table.',
    look: [
      '`npx trinity-ops dlq list --stack NAME`: what is there. A message of kind `ballot` is one change that could not be read, with its poll, lane and reason; the others are '
        + 'batches that were tried in vain for hours, by shard and sequence numbers.',
      'The log group of the aggregate function: `filter level = "ERROR"`: the reason, with the poll and the lane.',
    ],
    mend: [
      'Mend the reason first: an unreadable ballot was written by somebody else than this pipeline; hours in vain mean a table that took nothing, or a broken deployment.',
      '`npx trinity-ops recount --stack NAME --room ID --poll ID` for each poll that is named: it compares the tallies with the ballots while votes may go on, and mends them where asked to. '
        + 'For batches that name no poll: for every poll that was open then.',
      '`npx trinity-ops dlq redrive --stack NAME --queue count` recounts every poll that the letters name, and takes away the letters whose polls are proven equal. The alarm ends with the queue empty.',
    ],
  },
  'voting-stream-age': {
    title: 'Results lag behind the votes',
    meaning: 'The oldest ballot that waits to be counted is older than the limit. No vote is lost (the stream keeps 24 hours), people see old results.',
    look: [
      'The aggregate function: its errors and throttles, and its duration against its timeout.',
      '`filter level = "ERROR"` in its log: the same batch again and again means that the table takes no tallies. It is tried for six hours, then it goes to the dead letters.',
    ],
    mend: ['Errors: mend the reason.', 'Throttles: raise the account\'s or the function\'s concurrency.', 'Neither: more votes than expected; the backlog drains by itself when they stop.'],
  },
  'voting-overflow-age': {
    title: 'Queued ballots wait to be written',
    meaning: 'Ballots were accepted (202) and wait in the overflow queue for longer than the limit. No vote is lost, they count however late they come; results lack them until then.',
    look: [
      'The table\'s `WriteThrottleEvents` and its maximum write units, where it has one: is it still throttled?',
      'The drain function: its errors, throttles and `ConcurrentExecutions` against its maximum concurrency. `filter level = "ERROR"` in its log tells why ballots are not written.',
      'The number of messages in the queue: does it fall?',
    ],
    mend: [
      'It falls: wait, or let more instances drain (`Ingestion.overflow({ drainConcurrency })`).',
      'The table throttles: raise or remove `maximumWriteUnits`; raise `expectedPeak` before the next peak, so that the table is warm.',
      'It does not fall and the table is well: the drain fails. Roll back, or mend it, within the hour after which ballots go to the dead letters.',
    ],
  },
  'voting-overflow-dead-letters': {
    title: 'Accepted ballots could not be written',
    meaning: 'Ballots whose voters were told 202 are in no table: they do not count until they are sent again. They are kept for 14 days.',
    look: [
      '`npx trinity-ops dlq list --stack NAME --queue overflow`: ballots of polls that you know mean that the table took nothing for an hour; anything else was sent by somebody else than this pipeline.',
      'The log group of the drain function: `filter level = "ERROR"`: the reason, by `messageId`.',
    ],
    mend: [
      'See to it that the drain writes again: new ballots in the queue are written.',
      '`npx trinity-ops dlq redrive --stack NAME --queue overflow` sends them to the queue again. When they were accepted stands in them: a ballot from before the end of its poll counts, also after the end.',
      '`npx trinity-ops dlq drop --stack NAME --queue overflow --reason … --record FILE` takes away what is no ballot.',
    ],
  },
} as const satisfies Record<string, RunbookSection>;

export type RunbookKey = keyof typeof RUNBOOK;

export function runbookLink(key: RunbookKey, url: string): string {
  return `${url}#${key}`;
}
