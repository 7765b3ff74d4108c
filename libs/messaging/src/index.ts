export * from './messaging.js';
export * from './parking/index.js';
export * from './consumer-worker.js';
