import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Monitoring, StagePreset, Trinity } from 'trinity-constructs';

/** The smallest app: the whole system, and a topic that its alarms go to. */
export function build(app: App): App {
  const stack = new Stack(app, 'Trinity');
  Monitoring.to(new Topic(stack, 'Alarms', { enforceSSL: true })).on(stack);
  new Trinity(stack, 'Trinity', { stage: StagePreset.production() });
  return app;
}

build(new App()).synth();
