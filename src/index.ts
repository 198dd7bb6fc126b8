export * from './api';
export * from './auth';
export * from './encryption';
export * from './monitoring';
export * from './rooms';
export * from './stage';
export * from './trinity';
export * from './voting';
