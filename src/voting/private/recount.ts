import { Duration } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledgeBundled, bundledCode } from '../../private/bundled-endpoint';
import { ownedFunction } from '../../private/owned-function';
import { grantPartitions } from '../../private/service-table';
import type { StagePreset } from '../../stage';
import { VotingEnv, VotingTable } from '../contract';

/** The most that Lambda gives: millions of ballots are counted in a minute or two, and lanes that are busy are waited for. */
const TIMEOUT = Duration.minutes(15);
/** For 32 lanes that are read at once, a page of 1 MB each. */
const MEMORY = 1_024;

/** Counts a poll again from its ballots: for operators, who invoke it. It belongs to no endpoint. */
export class Recount extends Construct {
  readonly recount: LambdaFunction;

  constructor(scope: Construct, id: string, table: ITableV2, stage: StagePreset) {
    super(scope, id);
    this.recount = ownedFunction(this, {
      code: bundledCode(this, 'voting/recount'),
      timeout: TIMEOUT,
      memorySize: MEMORY,
      environment: { POWERTOOLS_SERVICE_NAME: 'voting', [VotingEnv.TABLE_NAME]: table.tableName },
    }, stage);
    acknowledgeBundled(this.recount);
    const { ROOM_PREFIX, BALLOT_PREFIX, TALLY_PREFIX } = VotingTable;
    grantPartitions(table, this.recount, ['GetItem'], ROOM_PREFIX);
    grantPartitions(table, this.recount, ['PutItem', 'Query'], BALLOT_PREFIX);
    grantPartitions(table, this.recount, ['GetItem', 'UpdateItem'], TALLY_PREFIX);
  }
}
