import type { ITable, ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import type { Endpoint } from '../api/endpoint';
import type { IEndpointAuthorizer } from '../api/endpoint-authorizer';
import type { IGrantableFunction } from '../api/grantable-function';
import type { IServerlessApi } from '../api/serverless-api';
import { Monitoring } from '../monitoring';
import { type BundledEndpoint, bundledEndpoint, type BundledService } from '../private/bundled-endpoint';
import { checkChoices, checkGiven, validateEnvironment } from '../private/checks';
import { resolveEncryptionKey } from '../private/encryption-key';
import { grantPartitions, serviceTable } from '../private/service-table';
import { StagePreset } from '../stage';
import { RoomsEnv, RoomsTable } from './contract';
import { ROOMS_ENDPOINTS } from './private/endpoints';

/** Rooms that other services can ask about. */
export interface IRoomService extends IConstruct {
  /** The API that the rooms are reached by. */
  readonly api: IServerlessApi;

  /** Who may call them. */
  readonly auth: IEndpointAuthorizer;

  /** The table: its keys belong to this service alone, others ask by `grantMembershipCheck`. */
  readonly table: ITable;

  /**
   * Lets a function ask whether somebody is a member of a room: it may read memberships and nothing else of the table, and
   * finds the table's name in its environment as `ROOMS_TABLE_NAME`.
   */
  grantMembershipCheck(grantee: IGrantableFunction, options?: MembershipCheckOptions): Grant;
}

/** How a function asks for memberships. */
export interface MembershipCheckOptions {
  /**
   * Whether it may ask together with reads of other tables, by one `BatchGetItem`.
   *
   * @default false
   */
  readonly batched?: boolean;
}

/** What a `RoomService` can be given, whoever makes it. */
export interface RoomServiceOptions {
  /**
   * A table that exists, for example one that was restored or is managed by another stack. It needs string keys `pk` and `sk` and the
   * time to live `expiresAt`. Its protection, its recovery and what happens when it leaves a template are its owner's to decide.
   * Import one with `TableV2.fromTableAttributes`, where it has a customer's key with its `encryptionKey`. How to get data back:
   * ADR 0013 and `trinity-ops restore`.
   *
   * @default - a new table
   */
  readonly table?: ITableV2;

  /**
   * A key for the table, and for the logs and environments of all functions. The stack must name its region.
   *
   * @default - the key of the nearest enclosing scope (`Encryption.withKey(key).on(scope)`), else keys that AWS owns
   */
  readonly encryptionKey?: IKey;

  /**
   * Where its alarms go.
   *
   * @default - the choice of the nearest enclosing scope
   */
  readonly monitoring?: Monitoring;

  /**
   * Defaults for one stage of the system's life.
   *
   * @default - the choice of the nearest enclosing scope, else `StagePreset.production()`
   */
  readonly stage?: StagePreset;
}

/** Props of `RoomService`. */
export interface RoomServiceProps extends RoomServiceOptions {
  /** The API that the endpoints belong to. */
  readonly api: IServerlessApi;

  /** Who may call them: an `AuthService`, or a `JwtAuthorizer` whose access tokens carry `sub` and `token_use: access`. */
  readonly auth: IEndpointAuthorizer;
}

/** What must be known of a room service of another app. */
export interface RoomServiceAttributes {
  /** The API that the rooms are reached by. */
  readonly api: IServerlessApi;
  /** Who may call them. */
  readonly auth: IEndpointAuthorizer;
  /** The table of the rooms. */
  readonly table: ITable;
}

abstract class RoomServiceBase extends Construct implements IRoomService {
  abstract readonly api: IServerlessApi;
  abstract readonly auth: IEndpointAuthorizer;
  abstract readonly table: ITable;

  grantMembershipCheck(grantee: IGrantableFunction, options: MembershipCheckOptions = {}): Grant {
    grantee.addEnvironment(RoomsEnv.TABLE_NAME, this.table.tableName);
    const actions = options.batched ? ['BatchGetItem', 'GetItem'] : ['GetItem'];
    return grantPartitions(this.table, grantee, actions, RoomsTable.USER_PREFIX);
  }
}

/**
 * Rooms: create, get, list, join by invite code, over a table of its own. A code has 60 random bits, a wrong one is told from a
 * malformed one by nobody, and who tries ten wrong ones in ten minutes waits.
 *
 * The table is on demand, restorable to any second of the last 35 days, encrypted, and retained and protected unless the stage
 * says otherwise. It costs nothing while nobody comes, then about USD 2.50 a million rooms made and USD 0.13 a million looked at.
 */
export class RoomService extends RoomServiceBase {
  /** The room service of another app: for services that build on its rooms. */
  static fromAttributes(scope: Construct, id: string, attributes: RoomServiceAttributes): IRoomService {
    class Imported extends RoomServiceBase {
      readonly api = attributes.api;
      readonly auth = attributes.auth;
      readonly table = attributes.table;
    }
    return new Imported(scope, id);
  }

  readonly api: IServerlessApi;
  readonly auth: IEndpointAuthorizer;
  readonly table: ITable;
  /** `POST /rooms`. */
  readonly createEndpoint: Endpoint;
  /** `GET /rooms`. */
  readonly listEndpoint: Endpoint;
  /** `GET /rooms/{roomId}`. */
  readonly readEndpoint: Endpoint;
  /** `POST /rooms/join`. */
  readonly joinEndpoint: Endpoint;

  constructor(scope: Construct, id: string, props: RoomServiceProps) {
    super(scope, id);
    checkGiven(this, { api: props.api, auth: props.auth }, 'give the ServerlessApi of its endpoints, and who may call them: an AuthService');
    checkChoices(this, props);
    validateEnvironment(this, { api: props.api, auth: props.auth, table: props.table });
    const stage = props.stage ?? StagePreset.of(this);
    stage.on(this);
    (props.monitoring ?? Monitoring.of(this)).on(this);
    this.api = props.api;
    this.auth = props.auth;
    this.table = serviceTable(this, RoomsTable, stage, { table: props.table, encryptionKey: resolveEncryptionKey(this, props.encryptionKey) });

    const service: BundledService = {
      api: props.api,
      serviceName: 'rooms',
      auth: props.auth,
      environment: { [RoomsEnv.TABLE_NAME]: this.table.tableName },
    };
    const make = (row: BundledEndpoint) => bundledEndpoint(this, service, row);
    const { USER_PREFIX, INVITE_PREFIX } = RoomsTable;

    this.createEndpoint = make(ROOMS_ENDPOINTS.create);
    grantPartitions(this.table, this.createEndpoint, ['PutItem'], USER_PREFIX, INVITE_PREFIX);
    this.listEndpoint = make(ROOMS_ENDPOINTS.list);
    grantPartitions(this.table, this.listEndpoint, ['Query'], USER_PREFIX);
    this.readEndpoint = make(ROOMS_ENDPOINTS.get);
    grantPartitions(this.table, this.readEndpoint, ['GetItem'], USER_PREFIX);
    this.joinEndpoint = make(ROOMS_ENDPOINTS.join);
    grantPartitions(this.table, this.joinEndpoint, ['GetItem'], USER_PREFIX, INVITE_PREFIX);
    grantPartitions(this.table, this.joinEndpoint, ['PutItem', 'UpdateItem'], USER_PREFIX);
  }
}
