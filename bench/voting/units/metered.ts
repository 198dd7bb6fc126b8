import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

interface Consumed { readonly CapacityUnits?: number }
interface Metered { readonly ConsumedCapacity?: Consumed | Consumed[] }

/** What the API reported of the writes of one client. */
export class Meter {
  /** Capacity units, summed. */
  units = 0;
  /** Calls that were answered. */
  calls = 0;
  /** Calls that were refused: their answer tells no capacity, AWS charges them all the same. */
  refused = 0;

  add({ ConsumedCapacity: consumed }: Metered): void {
    this.calls += 1;
    for (const { CapacityUnits: units = 0 } of consumed === undefined ? [] : [consumed].flat()) this.units += units;
  }

  /** Units since the last time that this was asked. */
  take(): number {
    const { units } = this;
    this.units = 0;
    return units;
  }
}

/** A client that asks with every write what it cost, whoever sends it: adapters need not know. For writes alone. */
export function meteredClient(configuration: DynamoDBClientConfig, meter: Meter): DynamoDBClient {
  const client = new DynamoDBClient(configuration);
  client.middlewareStack.add((next) => async (request) => {
    try {
      const answer = await next({ ...request, input: { ...request.input, ReturnConsumedCapacity: 'TOTAL' } as typeof request.input });
      meter.add(answer.output as Metered);
      return answer;
    } catch (error) {
      meter.refused += 1;
      throw error;
    }
  }, { step: 'initialize', name: 'meter' });
  return client;
}
