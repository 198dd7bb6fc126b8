import { type App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Monitoring, StagePreset, Trinity } from 'trinity-constructs';

/** The system by this library. */
export function ours(app: App): void {
  const stack = new Stack(app, 'System');
  Monitoring.to(new Topic(stack, 'Alarms', { enforceSSL: true })).on(stack);
  new Trinity(stack, 'Trinity', { stage: StagePreset.production() });
}
