import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { Metrics, RingingAlarm } from '../ports';
import { clientConfig, type Where } from './config';

/** What one call takes at most. */
const ALARMS = 100;
/** Metrics of queues come each minute, some minutes late. */
const LOOK_BACK_MS = 10 * 60_000;

export function cloudWatchMetrics(where: Where, now: () => number = Date.now): Metrics {
  const client = new CloudWatchClient(clientConfig(where));
  const highest = async (Namespace: string, MetricName: string, dimension: string, value: string): Promise<number | undefined> => {
    const { Datapoints = [] } = await client.send(new GetMetricStatisticsCommand({
      Namespace,
      MetricName,
      Dimensions: [{ Name: dimension, Value: value }],
      StartTime: new Date(now() - LOOK_BACK_MS),
      EndTime: new Date(now()),
      Period: 60,
      Statistics: ['Maximum'],
    }));
    const latest = Datapoints.sort((a, b) => Number(b.Timestamp) - Number(a.Timestamp))[0];
    return latest?.Maximum;
  };
  return {
    async ringing(alarms) {
      const found: RingingAlarm[] = [];
      for (let from = 0; from < alarms.length; from += ALARMS) {
        const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(new DescribeAlarmsCommand({
          AlarmNames: alarms.slice(from, from + ALARMS), StateValue: 'ALARM', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: ALARMS,
        }));
        for (const { AlarmName = '', AlarmDescription = '', StateUpdatedTimestamp: since } of [...MetricAlarms, ...CompositeAlarms]) {
          found.push({ name: AlarmName, description: AlarmDescription, ...(since === undefined ? {} : { since: since.getTime() }) });
        }
      }
      return found;
    },
    oldestMessage: (queueName) => highest('AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', queueName),
    streamAge: (functionName) => highest('AWS/Lambda', 'IteratorAge', 'FunctionName', functionName),
  };
}
