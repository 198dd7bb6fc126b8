/** A state in which something is wrong and the alarm does not ring. */
export interface SilentWhen {
  readonly condition: string;
  /** The alarm that rings then, by its section of the runbook. */
  readonly coveredBy?: string;
  /** Why no other alarm covers it, and what does instead. */
  readonly accepted?: string;
}

/** One alarm's section of the runbook: `docs/runbook.md` is made from these, and every alarm's description links to its own. */
export interface RunbookSection {
  readonly title: string;
  /** What people feel when it rings. */
  readonly meaning: string;
  /** What to look at first, in order. */
  readonly look: readonly string[];
  /** What usually mends it. */
  readonly mend: readonly string[];
  /** What makes the alarm silent, and what closes each gap. */
  readonly silentWhen: readonly SilentWhen[];
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
      '503 with `Retry-After` means that a dependency throttles or fails: see the health of DynamoDB, Cognito and KMS in the region, and the account\'s quotas.',
      'Every login and registration fails, and nothing else: the key of the user names is disabled or waits for its deletion. Enable it, or cancel the deletion (`UsernameKey` of the auth service).',
    ],
    silentWhen: [
      { condition: 'Fewer than five requests per minute end in a 5xx, and they end so because functions crash.', coveredBy: 'endpoint-errors' },
      {
        condition: 'Fewer than five requests per minute end in a 5xx that a function answered itself, such as a 503.',
        accepted: 'A single failure is no reason to wake anybody. The access log has each one.',
      },
      {
        condition: 'No request reaches the API: the domain name, the certificate or the network before it is broken.',
        accepted: 'No metric of this account shows it. Probe the API from outside.',
      },
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
    silentWhen: [
      { condition: 'Requests do not end at all: they are cut after the function\'s timeout and count as failures.', coveredBy: 'endpoint-errors' },
      {
        condition: 'One seldom called route is slow, and the fast routes outweigh it.',
        accepted: 'Give the route a `latencyObjective`: it then has an alarm of its own.',
      },
      { condition: 'No request reaches the API.', accepted: 'As for [server errors](#api-server-errors): probe the API from outside.' },
    ],
  },
  'auth-codes-not-mailed': {
    title: 'Codes are not mailed',
    meaning: 'Nobody can register or reset a password: the codes cannot be mailed. Registration answers 429 or 503; a forgotten password gets its usual 204. Logins work.',
    look: [
      'The log groups of the functions for registration and forgotten passwords: `filter message = "No code was mailed"`: the `reason`.',
      '`mail-quota`: the 50 e-mails per day that Cognito sends itself for an AWS account are used up. Somebody may have used them on purpose: `filter routeKey = "POST /auth/register" | stats count(*) by sourceIp` in the access log of the API.',
      '`mail-undelivered`: SES fails, or Cognito may not use the SES identity. See the sending statistics and the account status of SES, and the policy of the identity.',
      '`trigger-failed`: a Lambda trigger of a user pool of your own (`CustomMessage`, `CustomEmailSender`) crashes or answers nonsense. See its log.',
      'SES in its sandbox sends to verified addresses only.',
    ],
    mend: [
      'Give the service an SES identity: `email: UserPoolEmail.withSES({ … })`. It changes the user pool in place.',
      'With SES: ask for a higher daily sending quota, or have the pause of the account lifted.',
      'Nothing is lost: whoever registers again gets a code.',
    ],
    silentWhen: [
      {
        condition: 'SES took the e-mail, and it never arrived: it bounced, is in a spam folder, or was dropped by Cognito because the address got many in a short time.',
        accepted: 'No call fails. Watch `Bounce` and `Complaint` of SES (namespace `AWS/SES`), and export the log of user notifications (`AWS::Cognito::LogDeliveryConfiguration`).',
      },
      { condition: 'Nobody registers or forgets a password.', accepted: 'Then nobody misses a code. Before an event, register once.' },
      { condition: 'The functions crash before they ask for a mail.', coveredBy: 'endpoint-errors' },
      { condition: 'Registration answers a 5xx for another reason.', coveredBy: 'api-server-errors' },
      {
        condition: 'The log level of the functions is above WARN: the metric is a line of their logs.',
        accepted: 'No prop of this library sets it.',
      },
    ],
  },
  'endpoint-errors': {
    title: 'Functions crash, time out or run out of memory',
    meaning: 'Requests to one service end in a 500 that API Gateway had to answer itself. Expected failures do not count here: functions answer those.',
    look: [
      'The metrics of the alarm: which function.',
      'Its log group: `filter type = "platform.report" and record.status != "success"`, then the lines of the same `requestId`.',
    ],
    mend: ['Roll back, or mend the function.', 'A timeout: look at the dependency that it waits for first, then at `timeout`.', 'Out of memory: raise `memorySize`.'],
    silentWhen: [
      { condition: 'The function is not invoked: Lambda throttles it.', coveredBy: 'endpoint-throttles' },
      { condition: 'The function is not invoked: API Gateway has no permission, or the function\'s role or key is broken.', coveredBy: 'api-server-errors' },
      { condition: 'The function answers a 5xx itself.', coveredBy: 'api-server-errors' },
      { condition: 'It crashes in only one of five minutes.', accepted: 'A caller repeats the request. The metric and the log keep it.' },
    ],
  },
  'endpoint-throttles': {
    title: 'Functions are throttled',
    meaning: 'Lambda had no capacity left for a function: requests were refused with 503, and were not begun. As a ticket: functions that need no token, whose instances are limited on purpose, are called more than was planned.',
    look: ['`ConcurrentExecutions` of the account against its quota.', 'The reserved concurrency of the function, where it has any.'],
    mend: ['Ask for a higher quota of concurrent executions.', 'Raise the function\'s reserved concurrency.', 'Lower the API\'s throttle where the load is not wanted.'],
    silentWhen: [
      {
        condition: 'API Gateway throttles before Lambda is asked: callers get 429.',
        accepted: 'That is the limit that was configured. The access log has `status = 429` by route.',
      },
      { condition: 'It is throttled in only one of five minutes.', accepted: 'A burst of less than a minute ends by itself. The metric keeps it.' },
    ],
  },
  'endpoint-latency': {
    title: 'One endpoint is slow',
    meaning: 'The slowest twentieth of one endpoint\'s invocations takes longer than its own objective.',
    look: ['The function\'s traces: which call takes the time.', '`Init Duration` in its REPORT lines: are these cold starts?'],
    mend: ['More memory, warm capacity, or a faster dependency.', 'Raise `latencyObjective` where the work is slow by nature.'],
    silentWhen: [
      { condition: 'The endpoint is not invoked, or every invocation crashes at once.', coveredBy: 'endpoint-errors' },
      { condition: 'It is called less than a few times per minute.', accepted: 'CloudWatch ignores percentiles of too few samples here: one slow call is no trend.' },
    ],
  },
  'voting-dead-letters': {
    title: 'Ballots could not be counted',
    meaning: 'Changes of ballots are missing from the results. The ballots themselves were accepted and are safe in the table.',
    look: [
      '`npx trinity-ops dlq list --stack NAME`: what is there. A message of kind `ballot` is one change that could not be read, or a lane that waits for a recount, with its poll, lane and reason; the others are '
        + 'batches that were tried in vain for hours, by shard and sequence numbers.',
      'The log group of the aggregate function: `filter level = "ERROR"`: the reason, with the poll and the lane.',
    ],
    mend: [
      'Mend the reason first: an unreadable ballot was written by somebody else than this pipeline; hours in vain mean a table that took nothing, or a broken deployment.',
      '`npx trinity-ops recount --stack NAME --room ID --poll ID` for each poll that is named: it compares the tallies with the ballots while votes may go on, and mends them where asked to. '
        + 'For batches that name no poll: for every poll that was open then.',
      '`npx trinity-ops dlq redrive --stack NAME --queue count` recounts every poll that the letters name, and takes away the letters whose polls are proven equal. The alarm ends with the queue empty.',
    ],
    silentWhen: [
      { condition: 'Nothing reaches the dead letters, because no batch is tried: the counter is not invoked.', coveredBy: 'voting-not-counted' },
      { condition: 'Batches fail, and are younger than six hours.', coveredBy: 'voting-stream-age' },
      {
        condition: 'SQS reports nothing about a queue that nobody has touched for six hours, and starts again up to 15 minutes after the next message.',
        accepted: 'Missing data keeps the alarm\'s state, so it does not end while a message lies there. It rings up to 15 minutes late.',
      },
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
    silentWhen: [
      {
        condition: 'No batch finishes. Lambda reports `IteratorAge` when the function has processed a batch, so a counter that is never invoked has no age: the mapping is disabled, or its role or key is broken.',
        coveredBy: 'voting-not-counted',
      },
      { condition: 'Every invocation is throttled, crashes or times out.', coveredBy: 'voting-functions' },
      { condition: 'A batch passes without being counted, because a record that cannot be read was put aside.', coveredBy: 'voting-dead-letters' },
    ],
  },
  'voting-functions': {
    title: 'Functions that count or write ballots fail or are throttled',
    meaning: 'A function that no caller waits for crashes, times out or gets no capacity: results lag, or queued ballots wait. No vote is lost: the stream keeps 24 hours, the queue a week.',
    look: [
      'The metrics of the alarm: `errors` or `throttles`, and of which function.',
      'Errors: its log group, `filter level = "ERROR" or type = "platform.report" and record.status != "success"`.',
      'Throttles: `ConcurrentExecutions` of the account against its quota, and the reserved concurrency of the function (`countReservedConcurrency`).',
    ],
    mend: [
      'Errors that began with a deployment: roll it back. A missing permission names the action in the log.',
      'Throttles: reserve concurrency for the counter (`countReservedConcurrency`: one instance per shard of the stream), or ask for a higher quota.',
      'Errors of the recount function alone come from its caller: `trinity-ops recount` shows the reason.',
    ],
    silentWhen: [
      { condition: 'The counter is not invoked at all: its mapping is disabled, or its role or key is broken.', coveredBy: 'voting-not-counted' },
      { condition: 'The drain is not invoked at all.', coveredBy: 'voting-overflow-age' },
      { condition: 'The function names records that failed instead of failing itself.', coveredBy: 'voting-stream-age' },
      { condition: 'It fails in only one of five minutes.', accepted: 'The batch is tried again, and counts once.' },
    ],
  },
  'voting-awaiting-recount': {
    title: 'Ballots wait for a recount to be counted',
    meaning: 'Write shards have no base to count on from, so their results stand still until their polls are recounted. The ballots are safe in the table. '
      + 'Either the table\'s stream was replaced (a restored table, a stream that was disabled and enabled again), or sequence numbers did not rise within a stream.',
    look: [
      'The metric `CheckpointViolations`, beside the one of the alarm: if it has data, a record at or below its checkpoint was newer than everything counted, and the order that counting rests on is broken.',
      '`npx trinity-ops dlq list --stack NAME`: the polls that wait, with the reason.',
      'The table\'s `LatestStreamArn`: its label says when the stream was enabled. Is that when the alarm began?',
    ],
    mend: [
      '`npx trinity-ops dlq redrive --stack NAME --queue count` recounts the polls that are named. From the recount on they are counted again, and votes may go on meanwhile.',
      'A stream that was disabled for a time has no record of the votes of that time. Recount also the polls that no later vote has named: '
        + '`npx trinity-ops recount --stack NAME --room ID --poll ID --mend` for each poll that was open then.',
      'The label is when the stream was asked for. Until it is `ENABLED` it is `ENABLING` ([StreamDescription](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamDescription.html)), and AWS does not say that it has the writes of '
        + 'that time. The counter takes a poll that was created after the label for complete. Recount also each poll that was created up to 10 minutes after it.',
      'After `CheckpointViolations`: keep the log of the aggregate function, and report it to AWS Support and to this library. Recount every poll that took votes at that time.',
    ],
    silentWhen: [
      { condition: 'The counter is not invoked at all.', coveredBy: 'voting-not-counted' },
      { condition: 'Votes stop after the first one that was not counted: the alarm ends.', coveredBy: 'voting-dead-letters' },
      {
        condition: 'A stream was disabled and enabled again, and a poll has no vote afterwards.',
        accepted: 'No record tells of it. Who disables a stream recounts the polls that were open meanwhile.',
      },
      {
        condition: 'Sequence numbers break off, and no vote comes more than five seconds after the last counted one in the same write shard.',
        accepted: 'A record that is not clearly newer cannot be told from a repeated one. A recount of the poll finds the difference.',
      },
      {
        condition: 'The log level of the counter is above INFO: the metric is a line of its log.',
        coveredBy: 'voting-not-counted',
      },
    ],
  },
  'voting-not-counted': {
    title: 'Votes are accepted, and none is counted',
    meaning: 'In three of the last twelve five-minute periods ballots were accepted, and the counter counted none. Results stand still. The stream keeps the ballots for 24 hours: after that a recount of each poll is needed.',
    look: [
      'The mapping of the counter: `aws lambda list-event-source-mappings --function-name NAME` shows `State` and `LastProcessingResult`. `NAME` is `aggregateFunction` in the answer of `npx trinity-ops status --stack STACK --json`.',
      'The counter\'s metrics: `Invocations` (none: the mapping, its role or its key), `Throttles`, `Errors`.',
      'The table\'s stream: is it enabled, and is it the one that the mapping reads (`EventSourceArn`)?',
      '`npx trinity-ops status --stack NAME`: do accepted ballots wait in the overflow queue? Then they are not in the table yet, and the drain or the table is the cause.',
    ],
    mend: [
      'Enable the mapping, or deploy the stack again: counting goes on where it stopped, and nothing is counted twice.',
      'After more than 24 hours: `npx trinity-ops recount --stack NAME --poll ROOM/POLL --mend` for each poll that took votes meanwhile.',
      'The alarm looks back for an hour: it ends when fewer than three such periods are left.',
    ],
    silentWhen: [
      {
        condition: 'Fewer than three five-minute periods of an hour have a vote.',
        accepted: 'At so few votes a single late count would ring it. `trinity-ops status` and a recount tell.',
      },
      { condition: 'Some ballots are counted and others are not.', coveredBy: 'voting-stream-age' },
      {
        condition: 'The log level of the voting function is above INFO: the metric is a line of its log.',
        accepted: 'No prop of this library sets it. It stays INFO unless somebody overrides it; then the counter\'s metric is missing as well.',
      },
    ],
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
      'The table throttles: raise or remove `maximumWriteUnits`; before the next peak run `npx trinity-ops warm --stack NAME --votes-per-second N`.',
      'It does not fall and the table is well: the drain fails. Roll back, or mend it, within the hour after which ballots go to the dead letters.',
    ],
    silentWhen: [
      {
        condition: 'Every waiting message has been received three times: SQS then leaves it out of the age of the oldest message.',
        coveredBy: 'voting-overflow-dead-letters',
      },
      { condition: 'The drain crashes or is throttled.', coveredBy: 'voting-functions' },
      {
        condition: 'SQS reports nothing about a queue that nobody has touched for six hours, and starts again up to 15 minutes after the next message.',
        accepted: 'A queue with a message in it is polled by its mapping, and so not idle; with the mapping disabled the age starts up to 15 minutes late.',
      },
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
    silentWhen: [
      { condition: 'Ballots still wait in the queue: they are tried for an hour first.', coveredBy: 'voting-overflow-age' },
      {
        condition: 'SQS reports nothing about a queue that nobody has touched for six hours, and starts again up to 15 minutes after the next message.',
        accepted: 'Missing data keeps the alarm\'s state, so it does not end while a message lies there. It rings up to 15 minutes late.',
      },
    ],
  },
} as const satisfies Record<string, RunbookSection>;

/** What operators do without an alarm: a section of the runbook below those of the alarms. */
export interface Procedure {
  readonly title: string;
  readonly meaning: string;
  readonly steps: readonly string[];
  /** What has to be known about the result. */
  readonly afterwards: readonly string[];
}

export const PROCEDURES: readonly Procedure[] = [{
  title: 'Getting data back from a point in time',
  meaning: 'Items of a table were deleted or overwritten, or the table is gone. DynamoDB restores a table to any second of the last 35 days, as *another* table: without stream, time to live, '
    + 'alarms or recovery of its own ([RestoreTableToPointInTime](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html)). '
    + '`trinity-ops restore` copies its items into the running table and recounts the polls. What the running table has stays as it is, because it is newer.',
  steps: [
    'Stop what destroys data, and choose the moment just before it began. `npx trinity-ops status --stack NAME --json` answers with the names of the tables, as `table` and `roomsTable` of `operations`.',
    '`aws dynamodb restore-table-to-point-in-time --source-table-name TABLE --target-table-name TABLE-restored --restore-date-time 2026-01-31T12:00:00Z`, for both tables and to the same moment. '
      + 'It takes minutes to hours. With a table that was deleted: restore its last backup instead.',
    'If the running table itself is gone: give the service a new one with its prop `table` (`RoomService`, `VotingPipeline`), and deploy.',
    '`npx trinity-ops restore --stack NAME --service rooms --from ROOMS-restored --dry-run`, then the same with `--record rooms.jsonl` instead of `--dry-run`. Rooms first: votes ask for memberships.',
    '`npx trinity-ops restore --stack NAME --service voting --from VOTES-restored --dry-run`, then with `--record votes.jsonl`. It may be stopped and run again with the same record: it goes on where it was.',
    '`npx trinity-ops dlq redrive --stack NAME --queue count`: takes away the dead letters that asked for the recounts meanwhile. `npx trinity-ops status --stack NAME`: nothing is left.',
    'Delete the restored tables and the records: they hold ballots.',
  ],
  afterwards: [
    'Copied ballots pass through the stream like new ones. Until a poll is recounted its results may be too low or too high, and the alarm on ballots that wait for a recount may ring. The recount decides: results equal the ballots.',
    'What was deleted on purpose after the moment is there again: delete it again.',
    'An item that was *changed* and not deleted is not brought back, because the running one is taken for newer. Delete the wrong item first, then restore.',
    'A poll that was closed after the moment, and then lost, is open again: close it.',
    'Accounts are in the user pool, which has no restore to a point in time.',
  ],
}];

export type RunbookKey = keyof typeof RUNBOOK;

export function runbookLink(key: RunbookKey, url: string): string {
  return `${url}#${key}`;
}
