export * from './mm';
