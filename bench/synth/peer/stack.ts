import { type App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type CfnRoute, type CfnStage, HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { AccountRecovery, ClientAttributes, FeaturePlan, Mfa, UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, Billing, ProjectionType, StreamViewType, TableV2, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ApiEnv } from '../../../src/api/contract';
import { AuthEnv } from '../../../src/auth/contract';
import { RoomsEnv } from '../../../src/rooms/contract';
import { DEFAULT_LANES, IngestionMode, VotingEnv, VotingTable } from '../../../src/voting/contract';
import { counting, overflow } from './counting';
import { AUTH, type PeerEndpoint, ROOMS, VOTING } from './endpoints';
import { endpointAlarms, peerAlarm, type PeerBundling, peerFunction } from './functions';

const MINUTE = Duration.minutes(1);
const NAME = new ClientAttributes().withStandardAttributes({ fullname: true });
const CODE_MAIL = 'Your code is {####}. With it you set the password of your account, within one hour. If you did not ask for it, ignore this e-mail: without the code nothing changes.';
const PASSWORD_POLICY = { minLength: 12, requireDigits: true, requireLowercase: true, requireUppercase: true, requireSymbols: true };
const ACCESS_LOG = AccessLogFormat.custom(JSON.stringify({
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  responseLength: '$context.responseLength',
  sourceIp: '$context.identity.sourceIp',
  caller: '$context.authorizer.claims.sub',
}));

/** The peer in a stack of its own, with the topic of its alarms beside it, as in the app of the library. */
export function peer(app: App, bundling: PeerBundling): void {
  const stack = new Stack(app, 'System');
  const alarms = new Topic(stack, 'Alarms', { enforceSSL: true });
  alarms.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }));
  new PeerSystem(stack, 'Trinity', alarms, bundling);
}

/**
 * The same system, written by hand with CDK's own L2 constructs: same functions, same features, CDK's defaults for roles and
 * grants. It stands at the same place in the tree, one scope a service: the lengths of logical ids should not decide.
 */
class PeerSystem extends Construct {
  private readonly api: HttpApi;
  private readonly stage: CfnStage;
  private readonly authorizer: HttpUserPoolAuthorizer;

  constructor(scope: Construct, id: string, private readonly alarms: Topic, private readonly bundling: PeerBundling) {
    super(scope, id);
    const [auth, roomService, voting] = ['Auth', 'Rooms', 'Voting'].map((service) => new Construct(this, service));
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false });
    this.stage = this.defaultStage();
    const pool = userPool(auth);
    const client = new UserPoolClient(auth, 'UserPoolClient', {
      userPool: pool,
      authFlows: { adminUserPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      refreshTokenRotationGracePeriod: Duration.seconds(30),
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.days(30),
      readAttributes: NAME.withStandardAttributes({ email: true, emailVerified: true }),
      writeAttributes: NAME,
    });
    const key = new Key(auth, 'UsernameKey', { keySpec: KeySpec.HMAC_256, keyUsage: KeyUsage.GENERATE_VERIFY_MAC, removalPolicy: RemovalPolicy.RETAIN });
    this.authorizer = new HttpUserPoolAuthorizer('Authorizer', pool, { userPoolClients: [client] });
    const rooms = new TableV2(roomService, 'Table', tableProps());
    const votes = new TableV2(voting, 'Table', {
      ...tableProps(),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      localSecondaryIndexes: [{
        indexName: VotingTable.LANE_PIN,
        sortKey: { name: VotingTable.LANE_PIN, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      }],
    });

    for (const row of AUTH) {
      const fn = this.endpoint(auth, row, 'auth', {
        ...(row.open ? { [AuthEnv.CLIENT_ID]: client.userPoolClientId } : CALLER),
        ...authExtras(pool, key)[row.handler],
      });
      const actions = AUTH_ACTIONS[row.handler];
      if (actions !== undefined) pool.grant(fn, ...actions.map((action) => `cognito-idp:${action}`));
      if (actions !== undefined || row.handler === 'auth/forgot-password') key.grantGenerateMac(fn);
    }
    for (const row of ROOMS) {
      const fn = this.endpoint(roomService, row, 'rooms', { ...CALLER, [RoomsEnv.TABLE_NAME]: rooms.tableName });
      if (row.method === 'GET') rooms.grantReadData(fn);
      else rooms.grantReadWriteData(fn);
    }
    const system = { alarms, bundling };
    const overflowing = overflow(voting, votes, system);
    for (const row of VOTING) {
      const fn = this.endpoint(voting, row, 'voting', {
        ...CALLER,
        [VotingEnv.TABLE_NAME]: votes.tableName,
        [RoomsEnv.TABLE_NAME]: rooms.tableName,
        ...(row.handler === 'voting/create-poll' ? { [VotingEnv.LANES]: `${DEFAULT_LANES}` } : {}),
        ...(row.handler === 'voting/cast-vote' ? { [VotingEnv.INGESTION]: IngestionMode.OVERFLOW, [VotingEnv.QUEUE_URL]: overflowing.queue.queueUrl } : {}),
      });
      if (row.handler === 'voting/cast-vote') overflowing.queue.grantSendMessages(fn);
      rooms.grantReadData(fn);
      if (row.method === 'GET') votes.grantReadData(fn);
      else votes.grantReadWriteData(fn);
    }
    this.stage.routeSettings = Object.fromEntries(AUTH.filter(({ open }) => open).map(({ method, path }) => [`${method} ${path}`, { ThrottlingRateLimit: RATES[path] ?? 50, ThrottlingBurstLimit: 2 * (RATES[path] ?? 50) }]));

    counting(voting, votes, rooms, overflowing, system);
    this.apiAlarms();
    new CfnOutput(this, 'Url', { value: this.api.apiEndpoint, description: 'The URL of the API' });
    new CfnOutput(this, 'UserPoolId', { value: pool.userPoolId, description: 'The user pool' });
    new CfnOutput(this, 'ClientId', { value: client.userPoolClientId, description: 'The app client of the user pool' });
  }

  private defaultStage(): CfnStage {
    const accessLog = new LogGroup(this, 'AccessLog', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
    return new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 5_000, burstLimit: 2_500 },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: ACCESS_LOG },
    }).node.defaultChild as CfnStage;
  }

  private endpoint(scope: Construct, row: PeerEndpoint, service: string, environment: Record<string, string>): NodejsFunction {
    const { id, method, path, handler, open } = row;
    const fn = peerFunction(scope, id, handler, this.bundling, { POWERTOOLS_SERVICE_NAME: service, ...environment });
    const [route] = this.api.addRoutes({
      path,
      methods: [method as HttpMethod],
      integration: new HttpLambdaIntegration(`${id}Integration`, fn),
      authorizer: open ? undefined : this.authorizer,
    });
    // API Gateway refuses a stage with a setting for a route that is not there yet.
    if (open) this.stage.addDependency(route.node.defaultChild as CfnRoute);
    endpointAlarms(scope, id, this.alarms, fn);
    return fn;
  }

  private apiAlarms(): void {
    const share = new MathExpression({
      expression: 'IF(errors >= 5, 100 * errors / requests, 0)',
      usingMetrics: { errors: this.api.metricServerError({ statistic: 'Sum', period: MINUTE }), requests: this.api.metricCount({ statistic: 'Sum', period: MINUTE }) },
      period: MINUTE,
    });
    peerAlarm(this, 'ServerErrors', this.alarms, share, 1, 2);
    peerAlarm(this, 'ApiLatency', this.alarms, this.api.metricLatency({ statistic: 'p95', period: MINUTE }), 500, 3);
  }
}

const CALLER = { [ApiEnv.USER_ID_CLAIM]: 'username' };
const RATES: Record<string, number> = { '/auth/register': 10, '/auth/confirm': 10, '/auth/forgot-password': 5, '/auth/reset-password': 5, '/auth/logout': 10 };
const AUTH_ACTIONS: Record<string, string[]> = {
  'auth/register': ['AdminCreateUser', 'AdminGetUser', 'AdminSetUserPassword'],
  'auth/confirm': ['AdminInitiateAuth', 'AdminUserGlobalSignOut', 'AdminUpdateUserAttributes'],
  'auth/reset-password': ['AdminInitiateAuth', 'AdminUserGlobalSignOut'],
  'auth/login': ['AdminInitiateAuth', 'AdminRespondToAuthChallenge'],
};

/** What single auth handlers need beside the client. */
function authExtras(pool: UserPool, key: Key): Record<string, Record<string, string>> {
  const login = { [AuthEnv.USERNAME_KEY]: key.keyArn, [AuthEnv.USER_POOL_ID]: pool.userPoolId };
  const password = { ...login, [AuthEnv.PASSWORD_POLICY]: JSON.stringify(PASSWORD_POLICY) };
  return {
    'auth/register': password,
    'auth/confirm': password,
    'auth/forgot-password': login,
    'auth/reset-password': password,
    'auth/login': login,
    'auth/refresh': { [AuthEnv.REFRESH_ROTATION]: 'true' },
  };
}

function tableProps(): TablePropsV2 {
  return {
    partitionKey: { name: VotingTable.PARTITION_KEY, type: AttributeType.STRING },
    sortKey: { name: VotingTable.SORT_KEY, type: AttributeType.STRING },
    timeToLiveAttribute: VotingTable.TIME_TO_LIVE,
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  };
}

function userPool(scope: Construct): UserPool {
  return new UserPool(scope, 'UserPool', {
    selfSignUpEnabled: false,
    signInAliases: { username: true },
    signInCaseSensitive: false,
    standardAttributes: { email: { required: false, mutable: false }, fullname: { required: false, mutable: true } },
    userVerification: { emailSubject: 'Your code', emailBody: CODE_MAIL },
    passwordPolicy: PASSWORD_POLICY,
    mfa: Mfa.OFF,
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    featurePlan: FeaturePlan.ESSENTIALS,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
