import type { StreamMapping } from './ports';

/** An event source mapping as Lambda's API describes it. */
export interface EventSourceMapping {
  readonly UUID: string;
  readonly EventSourceArn?: string;
  readonly FunctionArn: string;
  readonly State?: string;
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly MaximumRetryAttempts?: number;
  readonly MaximumRecordAgeInSeconds?: number;
  readonly BisectBatchOnFunctionError?: boolean;
  readonly ParallelizationFactor?: number;
  readonly FunctionResponseTypes?: readonly string[] | null;
  readonly FilterCriteria?: { readonly Filters?: ReadonlyArray<{ readonly Pattern?: string }> } | null;
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination?: string } } | null;
  readonly StartingPosition?: string;
  /** Seconds since 1970. */
  readonly LastModified?: number;
}

/** What the API says, with Lambda's defaults for what it does not. */
export function toStreamMapping(mapping: EventSourceMapping): StreamMapping {
  return {
    id: mapping.UUID,
    streamArn: mapping.EventSourceArn ?? '',
    functionArn: mapping.FunctionArn,
    batchSize: mapping.BatchSize ?? 100,
    windowMs: (mapping.MaximumBatchingWindowInSeconds ?? 0) * 1000,
    maximumRetries: mapping.MaximumRetryAttempts ?? -1,
    maximumAgeSeconds: mapping.MaximumRecordAgeInSeconds ?? -1,
    bisect: mapping.BisectBatchOnFunctionError ?? false,
    reportsFailures: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    parallelization: mapping.ParallelizationFactor ?? 1,
    filters: (mapping.FilterCriteria?.Filters ?? []).flatMap(({ Pattern }) => Pattern ?? []),
    onFailureArn: mapping.DestinationConfig?.OnFailure?.Destination,
    notBefore: mapping.StartingPosition === 'LATEST' ? mapping.LastModified : undefined,
  };
}
