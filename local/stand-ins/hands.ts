import type { AwsClient } from '../aws/client';
import type { DeployedStack } from '../deploy/deployed';
import { setCorsAgain } from './cors';
import { streamPorts } from './stream/adapter';
import { requireGrants } from './stream/grants';
import { type EventSourceMapping, toStreamMapping } from './stream/mapping';
import { StreamPump } from './stream/pump';
import { isEnabled } from './streams';

const MAPPINGS = '/2015-03-31/event-source-mappings';

/** What has to be done by hand after a deployment, and for as long as the local cloud runs. */
export class Hands {
  private readonly pumps = new Map<string, { readonly pump: StreamPump; readonly aws: AwsClient }>();

  constructor(private readonly aws: AwsClient, private readonly log: (line: string) => void) {}

  /** Takes over what the deployed stacks need, and lets go of what they need no more. Says in one line what was done, nothing where nothing had to be. */
  async layOn(stacks: readonly DeployedStack[]): Promise<string> {
    const all = stacks.flatMap(({ region, template, resources }) => resources.map((resource) => ({
      aws: this.aws.inRegion(region), definition: template.Resources?.[resource.logicalId], ...resource,
    })));
    const apis = all.filter(({ type, definition }) => type === 'AWS::ApiGatewayV2::Api' && definition?.Properties?.CorsConfiguration !== undefined);
    await Promise.all(apis.map(({ aws, physicalId }) => setCorsAgain(aws, physicalId)));

    const wanted = new Set<string>();
    for (const { aws, type, physicalId, definition } of all) {
      if (type !== 'AWS::Lambda::EventSourceMapping' || (definition !== undefined && !isEnabled(definition))) continue;
      const mapping = await aws.rest<EventSourceMapping>('lambda', 'GET', `${MAPPINGS}/${physicalId}`);
      if (!/^arn:[^:]+:dynamodb:/.test(mapping.EventSourceArn ?? '')) continue;
      wanted.add(physicalId);
      await this.takeOver(aws, mapping);
    }
    for (const [id, { pump }] of this.pumps) {
      if (wanted.has(id)) continue;
      await pump.stop();
      this.pumps.delete(id);
    }
    return [
      apis.length === 0 ? [] : `CORS of ${apis.length} API${apis.length === 1 ? '' : 's'}`,
      wanted.size === 0 ? [] : `${wanted.size} stream${wanted.size === 1 ? '' : 's'} pumped`,
    ].flat().join(', ');
  }

  /** Ends the pumps. On an emulator that stays, its own event source mappings take over again. */
  async takeOff(emulatorStays: boolean): Promise<void> {
    const pumps = [...this.pumps];
    this.pumps.clear();
    await Promise.all(pumps.map(async ([id, { pump, aws }]) => {
      const stopped = pump.stop();
      if (emulatorStays) {
        await stopped;
        await aws.rest('lambda', 'PUT', `${MAPPINGS}/${id}`, { Enabled: true }).catch(() => undefined);
      }
    }));
  }

  private async takeOver(aws: AwsClient, mapping: EventSourceMapping): Promise<void> {
    // Already disabled where the template told that its source is a table.
    if (mapping.State !== 'Disabled') await aws.rest('lambda', 'PUT', `${MAPPINGS}/${mapping.UUID}`, { Enabled: false });
    const settings = toStreamMapping(mapping);
    await requireGrants(aws, settings);
    const running = this.pumps.get(mapping.UUID);
    if (running !== undefined) {
      running.pump.update(settings);
      return;
    }
    const pump = new StreamPump(settings, streamPorts(aws, this.log));
    this.pumps.set(mapping.UUID, { pump, aws });
    pump.start();
  }
}
