export * from './room-service';
