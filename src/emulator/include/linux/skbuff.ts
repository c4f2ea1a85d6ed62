export * from './skbuff.struct';
