export * from './voting-pipeline';
