export * from './api-error.js';
export * from './logger.js';
export * from './metrics.js';
export * from './service.js';
