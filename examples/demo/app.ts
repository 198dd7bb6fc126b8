import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Monitoring, StagePreset, Trinity } from 'trinity-constructs';

/** The demo's app: the whole system as a platform team would write it down for its development stage. */
export function demoApp(): App {
  const app = new App();
  const stack = new Stack(app, 'TrinityDemo', { description: 'The demo of trinity-constructs' });
  Monitoring.to(new Topic(stack, 'Alarms', { enforceSSL: true })).on(stack);
  new Trinity(stack, 'Trinity', { stage: StagePreset.development({ throttleRate: 1_000, throttleBurst: 1_000 }) });
  return app;
}
