export interface TestReference {
  /** From the root of the project. */
  readonly file: string;
  /** The literal title in the source. */
  readonly title: string;
}

export interface Threat {
  /** The heading under which the threat is listed. */
  readonly area: string;
  readonly threat: string;
  /** What the library does, in the present tense. */
  readonly defence: string;
  readonly tests: readonly TestReference[];
}

export interface UndefendedThreat {
  readonly threat: string;
  /** What a user of the library can do about it. */
  readonly instead: string;
}

const of = (file: string) => (...titles: string[]): TestReference[] => titles.map((title) => ({ file, title }));

const PRE_HIJACKING = of('test/lambda/auth/pre-hijacking.test.ts');
const SET_PASSWORD = of('test/lambda/auth/set-password.test.ts');
const ACCOUNTS_DEPLOYED = of('test/e2e/trinity/auth.test.ts');
const AUTH_SERVICE = of('test/auth/auth-service.test.ts');
const AUTH_PROPS = of('test/auth/auth-service-props.test.ts');
const REGISTER = of('test/lambda/auth/register.test.ts');
const OPS = of('test/ops/commands.test.ts');
const MACHINE = of('test/e2e/machine.test.ts');
const PRIVATE_FILES = of('test/local/private.test.ts');

const ACCOUNTS: readonly Omit<Threat, 'area'>[] = [
  {
    threat: 'Somebody registers another person\'s address first, meanwhile or afterwards, to have their own password on the account.',
    defence: 'A registration stores nothing that it carries. The password and the name are set together with the code of the e-mail, in one call of Cognito.',
    tests: [
      ...PRE_HIJACKING('only the password given with the code opens the account, in every order of the calls (older codes count: %s, the %s mail)'),
      ...ACCOUNTS_DEPLOYED('belongs to whoever has the mailbox: %s'),
    ],
  },
  {
    threat: 'An account was made by another way into the pool, or was left half made.',
    defence: 'A registration seals it with a random password that nobody knows and removes its name, before a code is mailed.',
    tests: PRE_HIJACKING('no password but the one given with the code opens an account that had before: %s'),
  },
  {
    threat: 'A session that was opened before a password reset goes on.',
    defence: 'Setting a password signs the account out everywhere: refresh tokens and `/me` are refused at once.',
    tests: PRE_HIJACKING('a session that was opened before the password was set is worth nothing afterwards, in every order'),
  },
  {
    threat: 'Somebody knows the password, but not the second factor, and repeats a confirmation.',
    defence: 'A repeated confirmation changes nothing.',
    tests: SET_PASSWORD('changes nothing by the password alone if the pool asks the account for %s'),
  },
  {
    threat: 'Somebody asks the API which addresses have accounts.',
    defence: 'Registration, confirmation, login and both steps of a reset answer alike, in status and body, for a known, an unconfirmed and an unknown address.',
    tests: [
      ...ACCOUNTS_DEPLOYED('is the same whether it has an account, an unconfirmed one, or none'),
      ...SET_PASSWORD(
        'gets the same answer if too many codes were mailed, and the log says why there is no mail',
        'gets the same answer for a known and an unknown address if codes cannot be sent (%s), and the metric counts it',
      ),
    ],
  },
  {
    threat: 'Somebody asks Cognito itself, with the client id that every token contains.',
    defence: 'A user name is a keyed hash of the address, the address is no alias, the pool takes no sign-ups, and no login flow works without IAM permissions.',
    tests: [
      ...ACCOUNTS_DEPLOYED('cannot be had from the user pool either, by its public API and the client id that is in every token'),
      ...AUTH_SERVICE('nobody signs up by Cognito\'s own API, and no address is a user name there'),
    ],
  },
  {
    threat: 'Somebody moves an account to another address, and votes as its owner or once more.',
    defence: 'The address cannot be changed, and the app client may not write it.',
    tests: AUTH_SERVICE('the address of an account never changes: the user name, and so the voter, follows from it'),
  },
  {
    threat: 'Somebody deletes the account, registers the address again and votes again.',
    defence: 'The user id is the keyed hash of the address: it is the same voter, with one ballot per poll.',
    tests: [
      ...ACCOUNTS_DEPLOYED('is the same user after its account was deleted and registered again, with one ballot in each poll'),
      ...REGISTER('an address is the same however it is typed'),
    ],
  },
  {
    threat: 'A flood on the routes that need no token takes the capacity of the others.',
    defence: 'Each of these routes has a throttle of its own, derived from the expected peak, and never above what Cognito serves. Outside the stack of the API, where a route can have none, its function has reserved concurrency.',
    tests: [
      ...AUTH_PROPS(
        'the functions that need no token have a number of instances each, and the others none',
        'that they are used up is a ticket, because anybody can do it; that another function is throttled pages',
        'more than a default account has are refused, unless a number is given',
      ),
      ...of('test/trinity/trinity.test.ts')('voting.expectedPeakVotesPerSecond never lets more requests without a token through than Cognito serves: votes need the rest of the API\'s throttle'),
    ],
  },
  {
    threat: 'Somebody uses up the e-mails of the day, and everybody later is told that a code is on its way.',
    defence: 'Registration answers 429 or 503, alike for every address, a metric has an alarm, and production without SES is warned at synthesis. `forgot-password` keeps its one answer, because Cognito mails to known addresses only.',
    tests: [
      ...REGISTER(
        'registration does not say that a code is on its way, to new and to known addresses alike (%s)',
        'a forgotten password gets its one answer, since Cognito mails to known addresses only, and the metric counts it (%s)',
      ),
      ...AUTH_SERVICE('an alarm rings for the metric that they report when no code can be mailed, for the pool that they name'),
      ...AUTH_PROPS('email: SES sends the codes, and the pool stays the same; without it, production is warned of 50 e-mails per day'),
    ],
  },
  {
    threat: 'A registration is throttled half-way, and the answer says that a code is on its way.',
    defence: '201 is answered only with a mail; a 429 says when to come back.',
    tests: PRE_HIJACKING('clients that obey Retry-After get a code, and 201 is answered only with a mail, in every order of two registrations of which one is throttled at sealing'),
  },
  {
    threat: 'A stolen access token sets up an authenticator app and locks the owner out.',
    defence: 'Second factors are off by default; `Mfa.OPTIONAL` documents how an operator lets the owner back in.',
    tests: AUTH_PROPS('mfa: a stolen access token cannot set an authenticator app up and lock the owner out, %s'),
  },
  {
    threat: 'A mailbox is written in another way, to have a second account.',
    defence: 'Quoted, commented and bracketed addresses are refused, and so are invisible and control characters.',
    tests: of('test/lambda/auth/schemas.test.ts')(
      '%s is another way to write an address that could have an account, and is refused',
      'no address has a character that terminals obey or that cannot be seen, in any of its parts',
    ),
  },
  {
    threat: 'Codes are guessed.',
    defence: 'Cognito limits guesses per account. A metric counts refused codes; in all they are limited by the throttles of the routes alone.',
    tests: SET_PASSWORD('counts a code that is refused in a metric, alike for known and unknown addresses, without naming the address'),
  },
  {
    threat: 'A name that was set at Cognito directly hides characters.',
    defence: '`GET /me` answers it without them.',
    tests: of('test/lambda/auth/profile.test.ts')('a name that Cognito took from elsewhere is answered %s'),
  },
  {
    threat: 'A crowd that logged in together refreshes its tokens together.',
    defence: 'The announced expiry of a token is spread over a fifth of its lifetime.',
    tests: of('test/lambda/auth/login.test.ts')('the end of the token is announced up to a fifth early, so that a crowd does not come back together'),
  },
];

const DEVELOPER_MACHINE: readonly Omit<Threat, 'area'>[] = [
  {
    threat: 'A web page signs requests to the local cloud with well-known credentials, without a preflight, and runs code as the developer.',
    defence: 'Each run has a random access key and secret. A guard before the emulator verifies every signature, in a header or in the query string.',
    tests: MACHINE(
      'cannot create a function with a text/plain POST that is signed in the query string',
      'is refused by every service, signed in a header or in the query string',
      'cannot derive the credentials of a function\'s role from its ARNs',
    ),
  },
  {
    threat: 'A web page or a local user sends requests without a signature, or reads the mailbox with confirmation codes.',
    defence: 'The guard denies by default. The emulator\'s own endpoints need a signature with the key of the run.',
    tests: MACHINE(
      'is refused on every path when the request is not signed',
      'cannot read mails, queues or code, and cannot reset or configure the emulator',
      'cannot use a bucket in any other way',
      'can open a WebSocket to an API stage only',
      'cannot call operations that need a signature on AWS',
      'a URL that is presigned for S3 is refused by other services',
    ),
  },
  {
    threat: 'An unsigned request, or whoever has a presigned URL, names another service in a header, the query or a form, and calls it with all permissions.',
    defence: 'The emulator\'s own router asks the guard which services a request without a verified signature may reach.',
    tests: MACHINE(
      'never reaches another service, whatever service its headers, query or body name',
      'would have created a resource in each service with a signature',
      'reaches no service whose path %s looks like the key of a public or presigned object',
    ),
  },
  {
    threat: 'A web page points a name of its own at this machine (DNS rebinding), or calls from a foreign or opaque origin.',
    defence: 'Foreign `Host` and `Origin` headers are refused on the control plane, and foreign hosts on API stages as well. API stages answer browsers as their CORS configuration says.',
    tests: MACHINE(
      'is refused when it points the name \'%s\' at this machine, by API stages too',
      'is refused with the Origin %s even if the request is signed correctly',
    ),
  },
  {
    threat: 'The app is deployed on an emulator of another program, which anybody can control.',
    defence: 'It is probed as a page would probe it, and named on the screen before anything is deployed on it. Credentials of AWS are never sent to it.',
    tests: [
      ...MACHINE('a running emulator that answers web pages is named as exposed before anything is deployed on it'),
      ...PRIVATE_FILES('of a running emulator come from the prop or from TRINITY_LOCAL_*, never from AWS_ACCESS_KEY_ID'),
    ],
  },
  {
    threat: 'Another user of the machine reads what a run writes.',
    defence: 'Everything is below one folder with mode 0700; the emulator and what it starts have the umask 077.',
    tests: MACHINE('other users cannot enter what a run writes, and the emulator writes nothing outside its run\'s folder'),
  },
  {
    threat: 'Another user of the machine plants a state file, a link, a cache folder or a virtual environment.',
    defence: 'Owner, mode, links and parent folders are checked before use; files are made exclusively and opened without following links.',
    tests: PRIVATE_FILES(
      'refuses a state file that another user could have written',
      'does not run an emulator from a planted folder: %s',
      'does not start in a planted cache folder',
    ),
  },
  {
    threat: 'Another user plants compiled code, or a folder has Python modules, that run as the developer.',
    defence: 'The app\'s command has a private folder for temporary files, the project\'s tasks use no shared cache, and Python is isolated.',
    tests: [
      ...MACHINE('the app\'s command keeps its temporary files, such as compiled code, in the private folder of the run'),
      ...PRIVATE_FILES('the tasks of this project run tsx without its cache, which is a predictable folder that another user could create'),
      ...of('test/local/install.test.ts')('Python runs no module of %s while it is looked for and while its environment is created'),
    ],
  },
  {
    threat: 'The compose file starts an emulator that anybody can control.',
    defence: 'It starts the emulator behind the same guard, on loopback only, and not without a key and a secret.',
    tests: of('test/local/compose.test.ts')('the compose file starts the emulator behind the guard, and not without a key and a secret'),
  },
];

const API = of('test/api/serverless-api.test.ts');
const ENDPOINTS = of('test/lambda/bundled/endpoints.test.ts');
const TEXTS = of('test/lambda/shared/text.test.ts');

const HTTP_API: readonly Omit<Threat, 'area'>[] = [
  {
    threat: 'A dependency hangs or is slow, and requests end with API Gateway\'s own 500, without `Retry-After`.',
    defence: 'One deadline per invocation bounds all attempts of all calls. The answer is a success, a 202 for a vote, or a 503 with `Retry-After`.',
    tests: ENDPOINTS(
      'every endpoint answers in time with a problem with Retry-After if all attempts hang',
      'every endpoint answers in time, with a success or a problem with Retry-After, if two attempts of each call hang',
      'a vote is queued if the table takes no writes, and time is left for the queue',
    ),
  },
  {
    threat: 'A function of the pipeline is ended by its timeout in the middle of its work.',
    defence: 'It stops at its deadline and names what is left, which is delivered again.',
    tests: ENDPOINTS(
      'reports every queued ballot that it could not write, before its timeout',
      'names the record of the stream from which it could not count, before its timeout',
    ),
  },
  {
    threat: 'A body of 64 KiB without a token takes seconds of CPU.',
    defence: 'Texts and lists over their limit are refused before they are normalized; a schema without a limit fails the build.',
    tests: of('test/lambda/shared/hostile-bodies.test.ts')(
      'refuses hostile bodies of the greatest size without normalizing long texts, in a small part of a second',
      '%s fails the build',
    ),
  },
  {
    threat: '`?atLeast` with a version that does not exist makes every request read the tallies.',
    defence: 'Such reads are at least a tenth of a second apart, per instance and poll.',
    tests: of('test/lambda/voting/results.test.ts')('versions that nobody has seen do not switch the cache off, and hold newer results back for a tenth of a second at most'),
  },
  {
    threat: 'A header forges fields of the access log.',
    defence: 'Nothing that a client sends freely is logged.',
    tests: API('its access log is JSON, and tells the route, the caller and the time, but nothing of what was sent'),
  },
  {
    threat: 'A request of one invocation goes on in the next one of the same instance.',
    defence: 'It is aborted with its socket when its invocation ends.',
    tests: of('test/lambda/shared/deadline.test.ts')('finds no request of the one before, and no socket that hangs'),
  },
  {
    threat: 'A throttle of KMS, a failed name lookup or another passing error is answered 500 and takes no detour by the queue.',
    defence: 'The AWS SDK\'s own classification decides what is transient; every throttle is.',
    tests: of('test/lambda/shared/dependency.test.ts')('%s may pass'),
  },
  {
    threat: 'A name or an option looks empty, hides its direction, or looks like another option of the poll.',
    defence: 'Texts are normalized (NFC). Invisible, blank, control and direction characters are refused with the field\'s pointer, and options are compared by how they look.',
    tests: TEXTS(
      'may not have %s',
      'no character that Unicode calls invisible, blank or a control is a text, alone or at the end of one',
      'may not be two that look the same: %s',
    ),
  },
  {
    threat: '`Location` leads to another path or host behind an API mapping or a proxy.',
    defence: 'It is relative to the URL of the request.',
    tests: of('test/lambda/shared/http.test.ts')('resolves %s'),
  },
  {
    threat: 'A client generated from the OpenAPI document sends what the handlers refuse, or the other way round.',
    defence: 'The document is as strict as the handlers, and a fuzzer that reads it is run against the deployed system (`npm run test:schemathesis`).',
    tests: [
      ...of('test/api/openapi.test.ts')('in what a password is, for any password'),
      ...ENDPOINTS('every endpoint that makes something, and no other, refuses a malformed Idempotency-Key'),
    ],
  },
];

const ENCRYPTION = of('test/encryption/encryption.test.ts');
const ARCHIVE = of('test/bundle/zip.test.ts');

const ENCRYPTION_KEY: readonly Omit<Threat, 'area'>[] = [
  {
    threat: 'Some of the data is not encrypted with the customer\'s key.',
    defence: 'A key that is given once reaches every table, queue, log group and function environment. Each type of resource in the template is classified by hand, so that a new one fails a test.',
    tests: ENCRYPTION(
      'reaches every table, queue, log group and function environment, those of own endpoints included',
      'has no type of resource of which nobody has said where its key stands',
    ),
  },
  {
    threat: 'CloudWatch Logs uses the key for log groups of others.',
    defence: 'The encryption context limits it to log groups of the account and region.',
    tests: ENCRYPTION('lets CloudWatch Logs use the key for log groups of this account and region only'),
  },
  {
    threat: 'A running system is given a key, and its functions may not use it for minutes.',
    defence: 'A documented sequence of three deployments opens the key through DynamoDB and SQS beforehand, to whoever may use the table or queue.',
    tests: ENCRYPTION('before a running system is given a key, the key can let whoever may use a table or a queue of the account use it through them, and nobody else'),
  },
  {
    threat: 'A compliance pack has findings that nobody has explained.',
    defence: 'With a key, NIST 800-53 R4 and R5, HIPAA and PCI DSS have no finding that is not explained on its resource.',
    tests: ENCRYPTION('leaves the packs NIST 800-53 R4 and R5, HIPAA and PCI DSS without a finding that is not explained'),
  },
];

const BROWSERS: readonly Omit<Threat, 'area'>[] = [
  {
    threat: 'An origin looks allowed, and API Gateway never matches it.',
    defence: 'Wildcards other than `*`, `http://*` and `https://*` are refused.',
    tests: API('a wildcard of a subdomain, which API Gateway matches with no origin'),
  },
  {
    threat: 'An `OPTIONS` endpoint checks preflights that never reach it.',
    defence: 'It is refused for an API with `corsOrigins`, because API Gateway answers preflights itself.',
    tests: API('an OPTIONS endpoint of an API with corsOrigins is refused, in its scope or in another: it would get no preflight'),
  },
];

const PACKAGE: readonly Omit<Threat, 'area'>[] = [
  {
    threat: 'A machine with a strict umask deploys code that Lambda cannot read, under the asset hash of the good code.',
    defence: 'Handlers are shipped as archives with fixed modes and times.',
    tests: ARCHIVE(
      'gives everybody the right to read the file, whatever the umask of the machine is',
      'is the same at every time and in every time zone',
    ),
  },
  {
    threat: 'Code is shipped under a licence that nobody has accepted, or without its notice.',
    defence: 'The build fails; the notices of everything that is bundled are in the package.',
    tests: of('test/bundle/notices.test.ts')('fails the build on the licence %s'),
  },
];

const WATCHED = of('test/monitoring/watched.test.ts');
const OPS_DEPLOYED = of('test/e2e/trinity/ops.test.ts');
const RESTORE = of('test/ops/restore.test.ts');
const TERMINAL = of('test/local/terminal.test.ts');
const INTERRUPTION = of('test/ops/interruption.test.ts');

const OPERATION: readonly Omit<Threat, 'area'>[] = [
  {
    threat: 'A function fails, is throttled or is not invoked at all, and nobody is told.',
    defence: 'Every function, DLQ and event source mapping has an alarm, also for data that is missing while there is work to do.',
    tests: WATCHED(
      'alarms on errors and on throttles of every function',
      'alarms when an event source mapping delivers nothing, although there is something to deliver',
    ),
  },
  {
    threat: 'An alarm cannot ring, and nobody knows.',
    defence: 'The runbook lists for every alarm when it is silent, and which other alarm rings then.',
    tests: WATCHED('%s says what makes its alarm silent, and closes each gap by another alarm or says why not'),
  },
  {
    threat: 'Messages that could not be counted are deleted with the stack.',
    defence: 'Both DLQs have the removal policy of the table.',
    tests: of('test/voting/voting-pipeline.test.ts')('what could not be counted outlives the stack, like what could not be written'),
  },
  {
    threat: 'A lower expected peak rolls the stack back, or a higher one is charged and cannot be undone.',
    defence: 'Warm throughput is not in the template. `trinity-ops warm` raises it, and says what is charged and that it cannot be undone before it does.',
    tests: [
      ...of('test/voting/voting-pipeline-props.test.ts')('expectedPeakVotesPerSecond: the table is the same whatever it is'),
      ...of('test/ops/warm.test.ts')('says what is charged and that it cannot be undone before anything is done'),
    ],
  },
  {
    threat: 'Votes that were deleted or lost have no way back into the running system.',
    defence: '`trinity-ops restore` copies a restored table\'s items without tallies, never over a newer item, goes on where it was stopped, and recounts.',
    tests: [
      ...OPS_DEPLOYED('what was lost of a poll comes back from a restored table, what came later stays, and the results are right again'),
      ...RESTORE(
        'leaves every item alone that the running table has: it is newer than the restored one',
        'stopped at any write, goes on from its record until everything is copied and recounted',
      ),
    ],
  },
  {
    threat: 'A restore is given the table of the other service, or a running table.',
    defence: 'It is refused before anything is written, and each page is checked before it is copied.',
    tests: RESTORE(
      'is refused before anything is written, by an item such as %j',
      'is refused at the page that has such an item, when other items came first',
      '%s is refused, and says what to do',
    ),
  },
  {
    threat: 'An existing table without the keys, the stream or the index that counting needs breaks the order of votes.',
    defence: 'It is refused at synthesis, as far as it is known there.',
    tests: of('test/voting/existing-table.test.ts')('with %s is refused'),
  },
  {
    threat: 'Texts of others, in names, logs, e-mails or messages, control the terminal of an operator or forge its lines.',
    defence: 'Control and format characters are shown as escapes, and ids only if they can be such.',
    tests: [
      ...TERMINAL(
        'are shown as escapes in log lines, whatever field has them',
        'are shown as escapes in the lines of mails',
        'can reach a terminal from nowhere else: only the terminal layer prints',
      ),
      ...OPS('%s prints nothing that a terminal obeys, and no line of its own', 'shows its poll, shard and sequence number only if they can be one'),
    ],
  },
  {
    threat: 'One message with an impossible time hides all others from the operator.',
    defence: 'Its time is shown as unknown.',
    tests: OPS('lists the other messages too if its time is %d, which is no moment'),
  },
  {
    threat: 'Another user plants the file of `--record`, to read ballots or to claim progress.',
    defence: 'A link, a pipe, another user\'s file and a file that others may read or change are refused.',
    tests: of('test/ops/record-file.test.ts')(
      'is not used if its mode is %s: other users could read or change it',
      'is not used if it is a link',
      'is not used, and not waited for, if it is a named pipe',
    ),
  },
  {
    threat: 'A stopped command hides messages, or says that it is done although messages are hidden.',
    defence: 'It gives messages back and ends with the status of the signal. Hidden messages are counted, and the status is 1.',
    tests: INTERRUPTION('%s gives back what it holds, and ends by %s with %d', '%s ends with 1 and says how many there are'),
  },
];

const CHECKPOINT = of('test/lambda/voting/checkpoint.test.ts');
const CAST_VOTE = of('test/lambda/voting/cast-vote.test.ts');
const SECRECY = of('test/simulation/secrecy.test.ts');

const VOTES: readonly Omit<Threat, 'area'>[] = [
  {
    threat: 'The table\'s stream is replaced (a restored table, a stream that was enabled again), and its sequence numbers start lower or leave a gap.',
    defence: 'A checkpoint belongs to one stream. Records of another one are not counted and not skipped in silence: a message in the DLQ asks for a recount, an alarm pages, and counting goes on from the recount.',
    tests: [
      ...CHECKPOINT(
        'is not counted although its sequence numbers are lower, and not skipped in silence: a dead letter asks for a recount, a metric says how much waits',
        'is not counted where its sequence numbers are higher, either: what came in between is missing',
        'is counted from the recount on, and what the older stream still brings is not: the recount has it',
        'whose stream is newer than this table\'s waits for a recount when a ballot comes',
      ),
      ...of('test/voting/voting-pipeline.test.ts')('alarms: on ballots that wait for a recount, from the first one on'),
    ],
  },
  {
    threat: 'Sequence numbers of a stream fall, against what DynamoDB promises.',
    defence: 'A record that is clearly newer than the last counted one, yet at or below the checkpoint, raises an error metric with an alarm and goes to the DLQ. A recount sets the counts.',
    tests: CHECKPOINT(
      'that is clearly newer than everything counted is an error metric and a dead letter, and its lane waits',
      'makes the order begin anew: what came before it is not counted again after the recount',
    ),
  },
  {
    threat: 'An upgrade loses votes or counts them twice.',
    defence: 'Checkpoints of the version before are read and adopted.',
    tests: CHECKPOINT('is counted on, without loss and without repetition, where the poll is younger than the stream'),
  },
  {
    threat: 'One partition throttles, and the ballots of others wait for it.',
    defence: 'The drain backs off per write shard.',
    tests: of('test/lambda/voting/drain.test.ts')('a partition that throttles holds up its own write shard alone: the ballots of every other one are written'),
  },
  {
    threat: 'A close is cut between its announcement and its end, and the poll takes no votes and does not end.',
    defence: 'Whoever meets an announced end that is past settles it: a vote, the poll, the list of polls, the results.',
    tests: of('test/lambda/voting/settled-polls.test.ts')('is settled by a vote, which counts: the end that holds is later'),
  },
  {
    threat: 'An answer is wrong about what became of a vote.',
    defence: 'A first vote whose own write\'s answer was lost is answered 201. A 503 after a write was tried says that the vote may have been taken, and that sending the same again is safe.',
    tests: CAST_VOTE(
      'is answered 201, the same vote again 200',
      '503 after the write was tried says that the vote may have been taken, and that sending the same again is safe',
    ),
  },
  {
    threat: 'A queued ballot with an impossible time breaks the lists of its poll.',
    defence: 'It is no ballot, and goes to the DLQ.',
    tests: of('test/lambda/voting/drain.test.ts')('fails and holds nobody up: %s'),
  },
  {
    threat: 'Logs or the output for operators tell what somebody chose.',
    defence: 'They name numbers of ballots and that they differ. Counts by option are shown with `--reveal` alone, which asks first.',
    tests: [
      ...SECRECY(
        'no line of the log of any voting function names a choice, whatever goes wrong',
        'an error is logged without the item that it carries, also as the cause of another one',
      ),
      ...OPS('with --reveal asks first, and shows counts by option'),
    ],
  },
  {
    threat: 'Any of these, together with crashes, throttles, lost answers and repeated deliveries.',
    defence: 'A deterministic simulation runs the real logic under seeded faults, and finds each mutant of the code.',
    tests: of('test/simulation/histories.test.ts')('200 histories full of faults: no vote is lost, counted twice or counted wrong'),
  },
];

const ENDPOINT_GROUP = of('test/api/endpoint-group.test.ts');
const POLICIES = of('test/sweep/policies.test.ts');
const TOPIC = of('test/monitoring/alarm-topic.test.ts');

const CONSTRUCTS: readonly Omit<Threat, 'area'>[] = [
  {
    threat: 'A policy outgrows what AWS takes, and the deployment fails or the account\'s other stacks do.',
    defence: 'The role that invokes endpoints is split. A role that cannot be split is refused at synthesis. Access logs have names that need no resource policy, and a key has one statement for logs per account and region.',
    tests: [
      ...ENDPOINT_GROUP('permits every endpoint, as function and as alias'),
      ...of('test/api/role-size.test.ts')('all inline policies of a role count together, also those that stand beside it'),
      ...POLICIES(
        'access logs do not fill the resource policy of CloudWatch Logs',
        'the policy of a key has one statement for logs per account and region, however many stacks use it',
      ),
    ],
  },
  {
    threat: 'A deployment leaves seconds in which API Gateway may not invoke a function.',
    defence: 'The split roles overlap, and always permit the function and its alias.',
    tests: ENDPOINT_GROUP(
      'endpoints that are inserted in the middle leave the others permitted to their role of before and to that of afterwards',
      'switching `warmInstances` on or off changes no permission',
    ),
  },
  {
    threat: 'A function reaches items of a table that it does not need.',
    defence: 'Its role names actions and partition keys.',
    tests: POLICIES('what is granted on a table is bound to partition keys, by actions that have them'),
  },
  {
    threat: 'A token turns into garbage in a template, an output, an alarm or the OpenAPI document.',
    defence: 'Tokens pass, or a prop that must be known at synthesis refuses them by name.',
    tests: of('test/sweep/tokens.test.ts')('with every prop a parameter of the template: no token is turned into a text in a wrong way'),
  },
  {
    threat: 'Alarms are dropped, because the topic is encrypted later, or is in another account.',
    defence: 'The topic is checked at the end of synthesis, and the accounts of the alarms are added to its policy and to that of its key.',
    tests: TOPIC(
      'by an Aspect, with the key of AWS: refused at the end of synthesis',
      'a topic of another account, encrypted: its policy and that of its key permit the alarms of each account',
    ),
  },
  {
    threat: 'A choice for production comes after the tables were made by another one.',
    defence: 'A late choice is refused, naming the construct that came first.',
    tests: of('test/sweep/late-choice.test.ts')('development on the app, production set late on the stack: refused, so that no table stays on DESTROY'),
  },
  {
    threat: 'Two copies of the package in one app do not see each other\'s choices.',
    defence: 'What is shared is kept on the constructs.',
    tests: of('test/sweep/copies.test.ts')('a choice by one of them holds for the constructs of the other'),
  },
  {
    threat: 'A team whose roles are made elsewhere (`Role.customizeRoles`) gets an incomplete report.',
    defence: 'The report has every action of every role.',
    tests: of('test/sweep/afterwards.test.ts')('reports every action of every role'),
  },
  {
    threat: 'Parts of one system are put in two regions or accounts, where they cannot reach each other.',
    defence: 'It is refused at synthesis if both are known.',
    tests: of('test/sweep/environments.test.ts')('%s: its %s is refused'),
  },
];

export const NOT_DEFENDED: readonly UndefendedThreat[] = [
  { threat: 'Somebody has several mailboxes, or a provider delivers `name+tag` addresses to one.', instead: 'Each address is a voter. Where it matters, admit voters by invitation, or bring a user pool with verified people.' },
  { threat: 'A mailbox is given to another person.', instead: 'The new owner can reset the password and has the rooms and ballots of the account. Delete accounts of people who leave.' },
  { threat: 'Anybody has code e-mails sent to any address, and makes accounts that are never confirmed.', instead: 'The routes\' throttles and Cognito\'s limits per user bound it. Put a WAF with a rate limit per address in front by CloudFront.' },
  { threat: 'Somebody who knows a user id has Cognito mail that user a code, and sees the first letter of the address.', instead: 'User ids are shown to members of a room. The code is worth nothing without the mailbox.' },
  { threat: 'Codes are guessed for many addresses at once.', instead: 'About 54,000 guesses per hour pass the default throttles: with enough known addresses, one account in 18 hours (ADR 0011). Watch `metricCodesRefused`, lower the throttles outside events, put a WAF with a rate limit per address in front.' },
  { threat: 'More than ten logins per second for one address are answered 429 only if it has an account.', instead: 'Cognito has a quota per user. Whether it holds for unknown users was not measured.' },
  { threat: 'The time of an answer tells whether an address has an account.', instead: 'Each path makes the same kinds of calls, and no difference was measurable on the local cloud. It was not measured on AWS.' },
  { threat: 'A user pool of your own (`userPool`) tells more, or gives a deleted and registered address a new voter.', instead: 'The props\' documentation lists what to set in such a pool.' },
  { threat: 'An access token is used after logout, a password reset or the deletion of its account.', instead: 'It opens endpoints other than `/me` until it expires (15 minutes by default, `accessTokenValidity`).' },
  { threat: 'A member sends many requests, such as changes of a vote.', instead: 'There is no limit per caller. Put CloudFront and a WAF in front.' },
  { threat: 'Texts are spelled with lookalike letters beyond the common Greek, Cyrillic and ligature ones.', instead: 'Whoever opens the poll sees the options before others vote.' },
  { threat: 'An own endpoint hangs, leaks or trusts its input.', instead: 'Its role, alarms, throttle and token check are the library\'s. Its code is yours.' },
  { threat: 'Accounts of a local user pool are taken over: the emulator\'s reset code is always the same.', instead: 'Keep nothing of value in the local cloud.' },
  { threat: '`npx tsx` that is started by hand or by `cdk deploy` on a shared machine uses a predictable cache folder.', instead: 'Set `TSX_DISABLE_CACHE=1`.' },
  { threat: 'Code that runs as the developer, functions of the local cloud included, reads the run\'s secret.', instead: 'The local cloud runs your functions as processes of your user. Do not deploy code on it that you do not trust.' },
  { threat: 'A poll with no vote after its stream was replaced is not noticed.', instead: 'The runbook says to recount the polls that were open.' },
  { threat: 'Whoever may send to the overflow queue gives a ballot a time in the future.', instead: 'Only the function that takes votes may send to it. Grant it to nobody else.' },
  { threat: 'Whoever may read the tables or the queues reads choices.', instead: 'Limit who may: IAM, and a customer managed key (`encryptionKey`).' },
  { threat: 'The customer\'s key is disabled or deleted.', instead: 'Everything that it encrypts stops. Watch `DisableKey` and `ScheduleKeyDeletion` in CloudTrail.' },
  { threat: 'The policies of an imported topic, key or table lack what is needed.', instead: 'The props\' documentation says what their owner has to grant. Try one alarm after the first deployment.' },
  { threat: 'API Gateway is made to invoke a function through another account (confused deputy).', instead: 'The role trusts API Gateway without `aws:SourceAccount`, which API Gateway does not set for integrations (ADR 0005). Its ARN is needed, and it can invoke the endpoints of its own scope alone.' },
  { threat: 'A region fails.', instead: 'Nothing replicates. Restore in another region by the runbook.' },
];

const AREAS: ReadonlyArray<readonly [area: string, threats: readonly Omit<Threat, 'area'>[]]> = [
  ['Accounts', ACCOUNTS],
  ['Votes', VOTES],
  ['The HTTP API', HTTP_API],
  ['Browsers', BROWSERS],
  ['Operation', OPERATION],
  ['Constructs', CONSTRUCTS],
  ['Encryption', ENCRYPTION_KEY],
  ['The developer\'s machine', DEVELOPER_MACHINE],
  ['The package', PACKAGE],
];

export const THREATS: readonly Threat[] = AREAS.flatMap(([area, threats]) => threats.map((threat) => ({ area, ...threat })));
