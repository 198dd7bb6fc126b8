import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DEFAULT_LANES } from '../../../src/voting/contract';
import { Meter, meteredClient } from './metered';
import { type Delivery, measureOurs, type OurFigures } from './ours';
import { measurePeers, type PeerFigures } from './peers';

/** The most write units that a counted vote may cost. */
export const UNITS_LIMIT = 1.02;
/** All lanes behind one shard is the worst for a batch, one lane a shard the best. A new on-demand table has four partitions. */
const DELIVERIES: Delivery[] = [
  { batch: 1_000, shards: 1 }, { batch: 400, shards: 4 }, { batch: 100, shards: DEFAULT_LANES }, { batch: 100, shards: 4 }, { batch: 100, shards: 1 },
];
const VOTES_PER_LANE = 100;
const PEER_VOTES = 100;

export interface UnitsFigures {
  readonly ours: OurFigures;
  readonly peers: PeerFigures[];
}

export interface Target {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export async function measureUnits(target: Target): Promise<UnitsFigures> {
  const configuration = { endpoint: target.endpoint, region: target.region, credentials: target.credentials };
  const meter = new Meter();
  const admin = new DynamoDBClient(configuration);
  const metered = meteredClient(configuration, meter);
  const streams = new DynamoDBStreamsClient(configuration);
  try {
    const context = { admin, metered, meter, streams };
    return {
      ours: await measureOurs(context, 'bench-voting-ours', VOTES_PER_LANE, DELIVERIES),
      peers: await measurePeers(context, 'bench-voting-peers', PEER_VOTES),
    };
  } finally {
    for (const client of [admin, metered, streams]) client.destroy();
  }
}
