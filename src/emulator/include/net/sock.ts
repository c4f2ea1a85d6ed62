export * from './sock.struct';
