import { Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Endpoint, EndpointOptions } from '../api/endpoint';
import { ServerlessApi } from '../api/serverless-api';
import type { ServerlessApiProps } from '../api/serverless-api-props';
import { AuthService } from '../auth/auth-service';
import type { AuthServiceOptions } from '../auth/auth-service-options';
import { Monitoring } from '../monitoring';
import { checkChoices } from '../private/checks';
import { resolveEncryptionKey } from '../private/encryption-key';
import { RoomService, type RoomServiceOptions } from '../rooms/room-service';
import { StagePreset } from '../stage';
import { VotingPipeline } from '../voting/voting-pipeline';
import type { VotingPipelineOptions } from '../voting/voting-pipeline-options';

/** Props of `Trinity`. What is said for a part wins over what is said for the whole. */
export interface TrinityProps {
  /**
   * Where alarms go.
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

  /**
   * One key for everything that is stored: tables, queues, log groups and the environments of functions. The stack must name its region.
   * CloudWatch Logs gets permission to use it; the policy of an imported key must allow that already.
   *
   * @default - the key of the nearest enclosing scope (`Encryption.withKey(key).on(scope)`), else keys that AWS owns
   */
  readonly encryptionKey?: IKey;

  /**
   * The API.
   *
   * @default - an API as `ServerlessApi` makes it by itself
   */
  readonly api?: ServerlessApiProps;

  /**
   * The accounts.
   *
   * @default - a user pool of its own
   */
  readonly auth?: AuthServiceOptions;

  /**
   * The rooms.
   *
   * @default - as `RoomService` makes them by itself
   */
  readonly rooms?: RoomServiceOptions;

  /**
   * The voting.
   *
   * @default - as `VotingPipeline` makes it by itself
   */
  readonly voting?: VotingPipelineOptions;
}

/**
 * The whole system, wired: an API, accounts, rooms where people meet, and polls whose votes are counted exactly once.
 *
 * Everything in it can be made piece by piece instead, also over several stacks; the parts are the same constructs.
 */
export class Trinity extends Construct {
  /** The API. */
  readonly api: ServerlessApi;
  /** The accounts. */
  readonly auth: AuthService;
  /** The rooms. */
  readonly rooms: RoomService;
  /** The polls, votes and results. */
  readonly voting: VotingPipeline;

  constructor(scope: Construct, id: string, props: TrinityProps = {}) {
    super(scope, id);
    checkChoices(this, props);
    (props.stage ?? StagePreset.of(this)).on(this);
    (props.monitoring ?? Monitoring.of(this)).on(this);
    resolveEncryptionKey(this, props.encryptionKey);
    this.api = new ServerlessApi(this, 'Api', { ...props.api, title: props.api?.title ?? id });
    this.auth = new AuthService(this, 'Auth', { api: this.api, expectedPeakLoginsPerSecond: expectedLogins(props.voting), ...props.auth });
    this.rooms = new RoomService(this, 'Rooms', { api: this.api, auth: this.auth, ...props.rooms });
    this.voting = new VotingPipeline(this, 'Voting', { rooms: this.rooms, ...props.voting });
  }

  /** Adds an endpoint of your own: `trinity.addEndpoint('GET /customers', { code, auth: trinity.auth })`. */
  addEndpoint(route: string, options: EndpointOptions): Endpoint {
    return this.api.addEndpoint(route, options);
  }
}

/** A voter logs in at most once for a vote: the peak of votes is the most that logins can reach. What is no peak, voting refuses. */
function expectedLogins({ expectedPeakVotesPerSecond: peak }: VotingPipelineOptions = {}): number | undefined {
  return !Token.isUnresolved(peak) && Number.isInteger(peak) && peak! >= 1 ? peak : undefined;
}
