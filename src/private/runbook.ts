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
    meaning: 'A batch of ballots was given up after all retries: votes were accepted and stored, and are missing from the results.',
    look: [
      'The queue\'s messages: each names the shard and the first and last sequence number of what was given up (the ballots themselves are safe in the table).',
      'The log group of the aggregate function: `filter level = "ERROR"`: the reason, with the ballot\'s key.',
    ],
    mend: [
      'Mend the reason first.',
      'The tallies of the polls that are named in the log are wrong by those ballots until they are counted again from the table.',
    ],
  },
  'voting-stream-age': {
    title: 'Results lag behind the votes',
    meaning: 'The oldest ballot that waits to be counted is older than the limit. No vote is lost (the stream keeps 24 hours), people see old results.',
    look: [
      'The aggregate function: its errors and throttles, and its duration against its timeout.',
      'The same batch again and again in its log: a record that cannot be counted; it goes to the dead letters after the retries.',
    ],
    mend: ['Errors: mend the reason.', 'Throttles: raise the account\'s or the function\'s concurrency.', 'Neither: more votes than expected; the backlog drains by itself when they stop.'],
  },
} as const satisfies Record<string, RunbookSection>;

export type RunbookKey = keyof typeof RUNBOOK;

export function runbookLink(key: RunbookKey, url: string): string {
  return `${url}#${key}`;
}
