export * from './messaging.js';
export * from './parking/index.js';
