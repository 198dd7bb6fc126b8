export * from './auth-service';
export * from './auth-service-options';
export * from './cognito-quotas';
