export * from './capacity';
export * from './ingestion';
export * from './voting-pipeline';
export * from './voting-pipeline-options';
