export * from './stage-preset';
