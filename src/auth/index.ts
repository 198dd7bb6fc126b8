export * from './auth-service';
export * from './auth-service-options';
