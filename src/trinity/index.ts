export * from './trinity';
