export * from './ktime';
