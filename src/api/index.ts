export * from './endpoint';
export * from './endpoint-authorizer';
export * from './endpoint-description';
export * from './endpoint-function-options';
export * from './grantable-function';
export * from './serverless-api';
export * from './serverless-api-props';
export * from './throttle';
