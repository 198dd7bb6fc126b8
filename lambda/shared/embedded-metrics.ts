export interface MetricSource {
  readonly namespace: string;
  /** The name and the value of the only dimension. */
  readonly dimension: readonly [name: string, value: string];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The fields that make a line of the log a metric, too (CloudWatch's embedded metric format): no call, no permission.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(counts: Readonly<Record<string, number | undefined>>, source: MetricSource): Record<string, unknown> {
  const { namespace, dimension: [name, value], now } = source;
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[name]], Metrics: Object.keys(counts).map((metric) => ({ Name: metric, Unit: 'Count' })) }],
    },
    [name]: value,
    ...counts,
  };
}
